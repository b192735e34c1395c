import type { BenchMethod, WorkersResult } from '../model/bench-result.js';
import type { ExpectedTraffic } from '../model/expected-traffic.js';
import { quantile } from '../report/quantile.js';
import type { Measured } from './bench-measure.js';
import { stretchOf } from './bench-stopwatch.js';

/** Packets after which the compilers of a process are through with the kernel. */
const WARM_PACKETS = 3_000_000;
/** Times that tell the 99.9th percentile. */
const TIMES = 1001;
/** Of a capture of few batches, times are not waited for. */
const REPLAYS_MAX = 100;
const FEW_REPLAYS = 10;

/** As many replays in each process as it takes to be warm, and then to tell of every figure. */
export function methodFor(rounds: number, packets: number, batches: number): BenchMethod {
  const times = batches - stretchOf(1);
  return {
    rounds,
    warmUps: Math.min(FEW_REPLAYS, Math.ceil(WARM_PACKETS / packets)),
    replays: times > 0 ? Math.min(REPLAYS_MAX, Math.ceil(TIMES / times)) : FEW_REPLAYS,
  };
}

/** The figures of a number of workers, a value for each round. */
export function resultOf(
  workers: number,
  rounds: readonly Measured[],
  { replays }: BenchMethod,
  { packets, flows }: ExpectedTraffic,
): WorkersResult {
  const times = rounds.map(({ nsPerPacket }) => nsPerPacket.toSorted((a, b) => a - b));
  const percentile = (share: number): number[] | undefined => {
    const values = times.map((sorted) => quantile(sorted, share, 1));
    return values.includes(undefined) ? undefined : (values as number[]);
  };
  const each = (figure: (round: Measured) => number): number[] => rounds.map(figure);
  return {
    workers,
    batches: Math.min(...times.map(({ length }) => length)),
    others: rounds.map(({ others }) => others),
    figures: {
      packetsPerSecond: each(({ seconds }) => (packets * replays) / seconds),
      packetsPerCoreSecond: each(({ cpuSeconds }) => (packets * replays) / cpuSeconds),
      connectionsPerSecond: each(({ seconds }) => (flows * replays) / seconds),
      nsPerPacketP50: percentile(0.5),
      nsPerPacketP99: percentile(0.99),
      nsPerPacketP999: percentile(0.999),
      peakBytes: each(({ peakBytes }) => peakBytes),
    },
  };
}
