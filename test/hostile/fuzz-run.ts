import { saveFinding } from './finding.js';
import { fuzz } from './fuzz.js';
import { readSeeds } from './seeds.js';

const SECONDS = 600;
const EVERY_MS = 30_000;

/** `npm run fuzz [SECONDS [SEED]]`; returns the exit code. */
export async function run([wanted = `${SECONDS}`, seed = '1']: readonly string[]): Promise<number> {
  const began = performance.now();
  let told = 0;
  const elapsed = (): number => performance.now() - began;
  const seeds = readSeeds();
  console.log(`${wanted} s from ${seeds.length} captures, seed ${seed}`);
  const tally = await fuzz(
    seeds,
    Number(seed),
    () => elapsed() > Number(wanted) * 1000,
    (executions, queue) => {
      if (elapsed() - told < EVERY_MS) return;
      told = elapsed();
      console.log(
        `  ${executions} executions, ${queue} in the queue, ${Math.round(told / 1000)} s`,
      );
    },
  );
  for (const finding of tally.findings) console.log(saveFinding(finding));
  const { executions, queue, reached, places, findings } = tally;
  console.log(
    `${executions} executions, ${queue} in the queue, ${reached} buckets of coverage, ${places} loads and stores, ${findings.length} findings, ` +
      `${Math.round(elapsed() / 1000)} s`,
  );
  return findings.length === 0 ? 0 : 1;
}
