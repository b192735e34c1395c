import { readMutations } from './mutations.js';
import { readSeeds } from './seeds.js';
import { saveFinding } from './finding.js';

const COUNT = 2_000_000;
const EVERY = 50_000;

/** `npm run mutations [COUNT [SEED]]`; returns the exit code. */
export async function run([count = `${COUNT}`, seed = '1']: readonly string[]): Promise<number> {
  const began = performance.now();
  const seconds = (): number => Math.round((performance.now() - began) / 1000);
  const seeds = readSeeds();
  console.log(`${count} inputs from ${seeds.length} captures, seed ${seed}`);
  const tally = await readMutations(seeds, Number(count), Number(seed), (inputs, findings) => {
    if (inputs % EVERY === 0) {
      console.log(`  ${inputs} inputs, ${findings.length} findings, ${seconds()} s`);
    }
  });
  for (const finding of tally.findings) console.log(saveFinding(finding));
  const { inputs, cuts, frames, refused, judged, places, findings, pages } = tally;
  console.log(
    `${inputs} inputs (${cuts} of them captures cut short, ${refused} refused, ${judged} judged), ${frames} frames, ` +
      `${places} loads and stores, at most ${pages} pages of memory, ${findings.length} findings, ${seconds()} s`,
  );
  return findings.length === 0 ? 0 : 1;
}
