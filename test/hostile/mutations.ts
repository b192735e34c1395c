import { createCoverage } from './coverage.js';
import { hostileVpc } from './hostile-vpc.js';
import { mutate } from './mutation.js';
import type { Finding } from './finding.js';
import type { Seed } from './seeds.js';
import { createBench, mannersFor, planFor } from './trial.js';
import { mulberry32 } from '../mulberry32.js';

/** Every seed is cut at every length up to here. */
const CUT_BYTES = 4096;

export interface Tally {
  readonly inputs: number;
  readonly cuts: number;
  readonly frames: number;
  readonly refused: number;
  readonly judged: number;
  /** Loads and stores of the kernel that were run. */
  readonly places: number;
  /** Of memory, that one input took at most. */
  readonly pages: number;
  readonly findings: readonly Finding[];
}

/** Ends the run at this many findings. */
const FINDINGS_MAX = 20;

/**
 * Reads `count` hostile inputs: half of them seeds cut short, at lengths spread evenly, or at every length if that is
 * fewer; the others seeds in which something was changed. `onInput` is told how many were read.
 */
export async function readMutations(
  seeds: readonly Seed[],
  count: number,
  seed: number,
  onInput?: (inputs: number, findings: readonly Finding[]) => void,
): Promise<Tally> {
  const coverage = createCoverage();
  const bench = createBench(coverage);
  const timeline = hostileVpc();
  const random = mulberry32(seed);
  const lengths = seeds.flatMap(({ bytes }, i) =>
    Array.from({ length: Math.min(CUT_BYTES, bytes.length) + 1 }, (_, size) => [i, size] as const),
  );
  const stride = Math.max(1, (lengths.length * 2) / count);
  const cuts = Math.floor(lengths.length / stride);
  const findings: Finding[] = [];
  const tally = { inputs: 0, frames: 0, refused: 0, judged: 0 };
  while (tally.inputs < count && findings.length < FINDINGS_MAX) {
    const bytes =
      tally.inputs < cuts
        ? cutAt(seeds, lengths[Math.floor(tally.inputs * stride)]!)
        : mutate(random, seeds);
    const plan = planFor(random, bytes, seeds, timeline);
    const manners = mannersFor(random, bytes.length);
    try {
      const { frames, error } = await bench.run(plan, manners);
      tally.frames += frames;
      if (error !== undefined) tally.refused++;
      if (plan.judge !== undefined) tally.judged++;
    } catch (error) {
      findings.push({ input: tally.inputs, plan, manners, error: error as Error });
    }
    tally.inputs++;
    onInput?.(tally.inputs, findings);
  }
  return {
    ...tally,
    cuts: Math.min(cuts, tally.inputs),
    places: coverage.places(),
    pages: bench.pages(),
    findings,
  };
}

function cutAt(seeds: readonly Seed[], [index, size]: readonly [number, number]): Uint8Array {
  return seeds[index]!.bytes.slice(0, size);
}
