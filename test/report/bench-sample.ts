import type { BenchResult, WorkersResult } from '../../src/model/bench-result.js';

/** Five rounds around a value, a hundredth apart. */
export const around = (value: number): number[] =>
  [1, 0.98, 1.02, 0.99, 1.01].map((factor) => value * factor);

const ONE: WorkersResult = {
  workers: 1,
  batches: 1002,
  others: [0.01, 0, 0.03, 0.02, 0.01],
  figures: {
    packetsPerSecond: around(7_440_000),
    packetsPerCoreSecond: around(7_200_000),
    connectionsPerSecond: around(148_800),
    nsPerPacketP50: around(99.5),
    nsPerPacketP99: around(432.1),
    nsPerPacketP999: around(1234.5),
    peakBytes: [126e6, 124e6, 130e6, 126e6, 126e6],
  },
};

const TWO: WorkersResult = {
  workers: 2,
  batches: 996,
  others: [0.4, 0.41, 0.5, 0.3, 0.45],
  figures: {
    ...ONE.figures,
    packetsPerSecond: around(985),
    connectionsPerSecond: around(9.87),
    nsPerPacketP999: undefined,
  },
};

export const BENCH: BenchResult = {
  sgsim: '0.1.0',
  machine: {
    cpu: 'AMD EPYC',
    cores: 2,
    memory: 25.3e9,
    system: 'linux x64',
    node: '20.20.2',
  },
  workload: {
    options: '--seed 1 --profile mixed --flows 20000 --packets 1000000 --size imix',
    capture: '0123456789abcdef'.repeat(4),
    packets: 1_000_000,
    bytes: 265_000_000,
    flows: 20_000,
    allowed: { packets: 900_049, flows: 18_000 },
    dropped: { packets: 99_951, flows: 2000 },
  },
  method: { rounds: 5, warmUps: 3, replays: 6 },
  results: [ONE, TWO],
};

/** What a later run of one worker found, of another program. */
export const LATER: BenchResult = {
  ...BENCH,
  results: [
    {
      ...ONE,
      figures: {
        ...ONE.figures,
        packetsPerSecond: around(7_440_000 * 1.25),
        packetsPerCoreSecond: around(7_200_000 * 1.045),
        nsPerPacketP50: around(99.5 * 0.8),
        nsPerPacketP99: around(432.1 * 1.5),
        nsPerPacketP999: [1, 100, 1000, 10_000, 100_000],
        peakBytes: around(63e6),
      },
    },
    {
      ...TWO,
      figures: { ...TWO.figures, packetsPerSecond: around(500), peakBytes: around(252e6) },
    },
    { ...ONE, workers: 4 },
  ],
};
