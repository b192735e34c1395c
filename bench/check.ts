import lines from './lines.json' with { type: 'json' };
import { resolvePolicy } from '../src/policy/resolve.js';
import { measureStage } from './micro/measure.js';
import { STAGES } from './micro/stages.js';
import { type AwsShape, awsSet } from './rules/aws-sets.js';
import { createContest, growthOf, runContests } from './rules/compare.js';
import { createClassifiers } from './rules/image-classifier.js';
import { interquartile, median } from './spread.js';

/** Ratios by name, one number a round. */
type Ratios = Readonly<Record<string, readonly number[]>>;

const ROUNDS = 5;

/** What is held to the lines of lines.json. Every measurement checks its answers before it takes a time. */
const MEASUREMENTS: readonly (() => Promise<Ratios>)[] = [
  ...Object.keys(STAGES).map((name) => () => stageRatio(name)),
  ...(['cidrs', 'groups', 'members'] as const).map((shape) => () => rulesRatios(shape)),
];

/**
 * Measures every ratio and compares it with its line: it fails when its median, and its noise on top, stay under the line. The
 * noise is the distance between the quartiles of the rounds. Returns whether all hold.
 */
export async function checkRatios(): Promise<boolean> {
  const open = new Map(Object.entries(lines));
  const failed: string[] = [];
  console.log('ratio                          line    median (noise)');
  for (const measure of MEASUREMENTS) {
    for (const [name, ratios] of Object.entries(await measure())) {
      const line = open.get(name);
      // What is measured and not compared is reported by other commands.
      if (line === undefined) continue;
      open.delete(name);
      const [middle, noise] = [median(ratios), interquartile(ratios)];
      const holds = middle + noise >= line;
      if (!holds) failed.push(name);
      console.log(
        `${name.padEnd(28)} ${line.toFixed(2).padStart(6)}  ${middle.toFixed(2).padStart(8)} (${noise.toFixed(2)})${holds ? '' : '  under its line'}`,
      );
    }
  }
  if (open.size > 0) throw new Error(`lines that nothing measures: ${[...open.keys()].join(', ')}`);
  if (failed.length > 0) console.log(`\nunder their lines: ${failed.join('; ')}`);
  return failed.length === 0;
}

async function stageRatio(name: string): Promise<Ratios> {
  return { [name]: measureStage(await STAGES[name]!(), ROUNDS).ratios };
}

const SIZES = [10, 10_000] as const;

/** Of 10,000 rules; and how much less the cost grows from 10 rules on than the logarithm does. */
async function rulesRatios(shape: AwsShape): Promise<Ratios> {
  const classifierOf = await createClassifiers();
  const contests = SIZES.map((count) =>
    createContest(resolvePolicy(awsSet(shape, count)), classifierOf),
  );
  const [few, many] = runContests(contests, ROUNDS);
  const ratio = (other: readonly number[]): number[] =>
    other.map((ns, round) => ns / many!.image[round]!);
  const logarithm = Math.log(SIZES[1]) / Math.log(SIZES[0]);
  return {
    [`rules ${shape}, linear scan`]: ratio(many!.linear),
    [`rules ${shape}, ip-address`]: ratio(many!.address),
    [`rules ${shape}, logarithm`]: growthOf(few!, many!).map((growth) => logarithm / growth),
  };
}
