import Benchmark from 'benchmark';
import { cpuMs } from '../cpu-time.js';
import type { Stage } from './stage.js';

/** Nanoseconds a packet, one number a round. */
export interface Measured {
  readonly kernel: readonly number[];
  readonly naive: readonly number[];
  /** The plain program's time by the kernel's, of the same round. */
  readonly ratios: readonly number[];
}

/** Seconds that benchmark.js may take for one of the two in one round, and samples that it takes at least. */
const MAX_TIME = 0.2;
const MIN_SAMPLES = 5;
const MIN_TIME = 0.02;

/** The kernel and the plain program in turn, round by round. */
export function measureStage({ packets, kernel, naive }: Stage, rounds: number): Measured {
  const times = { kernel: [] as number[], naive: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const each = { kernel: timeOf(kernel), naive: timeOf(naive) };
    // The first round warms up.
    if (round === 0) continue;
    times.kernel.push((each.kernel * 1e9) / packets);
    times.naive.push((each.naive * 1e9) / packets);
  }
  return { ...times, ratios: times.naive.map((ns, round) => ns / times.kernel[round]!) };
}

/**
 * Seconds of one call: benchmark.js decides how often to call, and processor time is what all the calls took, so that other
 * programs on the machine take none of it.
 */
function timeOf(action: () => void): number {
  let calls = 0;
  const counted = (): void => {
    calls++;
    action();
  };
  const options = { maxTime: MAX_TIME, minSamples: MIN_SAMPLES, minTime: MIN_TIME };
  const began = cpuMs();
  const { error }: { readonly error?: unknown } = new Benchmark(counted, options).run();
  const spent = cpuMs() - began;
  if (error !== undefined)
    throw new Error(`benchmark.js gives up: ${error instanceof Error ? error.message : ''}`);
  return spent / 1000 / calls;
}
