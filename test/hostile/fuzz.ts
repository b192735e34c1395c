import { createCoverage } from './coverage.js';
import type { Finding } from './finding.js';
import { hostileVpc } from './hostile-vpc.js';
import { minimised } from './minimise.js';
import { type Random, mutate, pick } from './mutation.js';
import type { Manner, Plan } from './reading.js';
import type { Seed } from './seeds.js';
import { createBench, mannersFor, planFor } from './trial.js';
import { mulberry32 } from '../mulberry32.js';

export interface FuzzTally {
  readonly executions: number;
  /** Inputs that led the kernel where none before had. */
  readonly queue: number;
  /** Buckets of coverage. */
  readonly reached: number;
  /** Loads and stores of the kernel that were run. */
  readonly places: number;
  readonly findings: readonly Finding[];
}

/** Bytes of a seed that the queue begins with. */
const SEED_BYTES = 3072;
/** Of an input: longer ones only cost time. */
const BYTES_MAX = 16_384;
const FINDINGS_MAX = 20;

/**
 * Mutates inputs, and keeps those for further mutation whose way through the kernel's reader and decoder is new, until
 * `isOver` says so. `onGain` is told of every new one.
 */
export async function fuzz(
  seeds: readonly Seed[],
  seed: number,
  isOver: (executions: number) => boolean,
  onGain?: (executions: number, queue: number) => void,
): Promise<FuzzTally> {
  const coverage = createCoverage();
  const bench = createBench(coverage);
  const timeline = hostileVpc();
  const random = mulberry32(seed);
  const queue: Seed[] = [];
  const findings: Finding[] = [];
  const known = new Set<string>();
  let executions = 0;

  const run = async (bytes: Uint8Array): Promise<void> => {
    const plan = planFor(random, bytes, seeds, timeline);
    const manners = mannersFor(random, bytes.length);
    const error = await failure(plan, manners);
    if (error === undefined) {
      if (coverage.gain() === 0) return;
      queue.push({ name: `${executions}`, bytes });
      onGain?.(executions, queue.length);
    } else if (!known.has(kindOf(error))) {
      known.add(kindOf(error));
      const fails = async (input: Uint8Array): Promise<boolean> => {
        const same = await failure({ ...plan, inputs: [input, ...plan.inputs.slice(1)] }, manners);
        return same !== undefined && kindOf(same) === kindOf(error);
      };
      const inputs = [await minimised(plan.inputs[0]!, fails), ...plan.inputs.slice(1)];
      findings.push({ input: executions, plan: { ...plan, inputs }, manners, error });
      coverage.gain();
    }
  };
  const failure = async (
    plan: Plan,
    manners: readonly [Manner, Manner],
  ): Promise<Error | undefined> => {
    executions++;
    try {
      await bench.run(plan, manners);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  };

  for (const { bytes } of seeds) await run(bytes.slice(0, SEED_BYTES));
  while (!isOver(executions) && findings.length < FINDINGS_MAX) {
    await run(mutate(random, [chosen(random, queue)], queue).slice(0, BYTES_MAX));
  }
  const [reached, places] = [coverage.reached(), coverage.places()];
  return { executions, queue: queue.length, reached, places, findings };
}

/** The newest lead furthest. */
function chosen(random: Random, queue: readonly Seed[]): Seed {
  return random() < 0.4 ? pick(random, queue.slice(-50)) : pick(random, queue);
}

/** Findings with the same words but for numbers are one. */
const kindOf = ({ message }: Error): string => message.slice(0, 60).replaceAll(/\d+/g, 'N');
