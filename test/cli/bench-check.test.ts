import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkCapture } from '../../src/cli/bench-check.js';
import { methodFor, resultOf } from '../../src/cli/bench-method.js';
import { createStopwatch, stretchOf } from '../../src/cli/bench-stopwatch.js';
import { writeTraffic } from '../../src/cli/bench-traffic.js';
import { unexpectedSums } from '../../src/cli/unexpected.js';
import { loadVpc } from '../../src/documents/load.js';
import { createTraffic } from '../../src/generate/traffic.js';
import { DEFAULT_TRAFFIC, type TrafficOptions } from '../../src/generate/traffic-options.js';
import { renderDiagnostic } from '../../src/model/diagnostic.js';
import type { ExpectedTraffic } from '../../src/model/expected-traffic.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { RANDOM_TRAFFIC_VPC } from '../replay/random-traffic.js';
import { createFolder } from './folder.js';

const folder = createFolder();
const timeline = resolveTimeline(
  loadVpc([{ name: 'vpc.yaml', text: RANDOM_TRAFFIC_VPC }]).description,
);
const OPTIONS: TrafficOptions = { ...DEFAULT_TRAFFIC, flows: 200, packets: 5000, snapLength: 96 };

async function made(options: TrafficOptions) {
  const traffic = createTraffic(timeline.phases[0]!.policy, options);
  const file = join(folder.path, `${options.seed}.pcap`);
  await writeTraffic(traffic, file);
  return { file, options, expected: traffic.expected() };
}

describe('what was generated is held against what must come of it', () => {
  it.each([1, 2])('by %i workers', async (workers) => {
    const { batches, difference } = await checkCapture(await made(OPTIONS), timeline, workers);
    expect(difference).toBeUndefined();
    expect(batches).toBeGreaterThan(0);
  });

  it('and the first packet that is judged otherwise is named with its flow', async () => {
    const capture = await made(OPTIONS);
    // What must come of other traffic does not come of this.
    const other = { ...capture, options: { ...OPTIONS, seed: 2 } };
    const { difference } = await checkCapture(other, timeline, 1);
    expect(renderDiagnostic(difference!)).toMatch(
      /^error\[unexpected-verdict\] 1 worker: frame \d+: (tcp|udp|icmp|icmpv6) \S+ > \S+.* must be \w+, but is: \w+ [\w-]+; tell the makers of sgsim, with the VPC and the options$/,
    );
  });

  it('and the sums', async () => {
    const { expected } = await made(OPTIONS);
    expect(unexpectedSums(expected, expected, '2 workers')).toBeUndefined();
    const { allowed, flows } = expected;
    const found: ExpectedTraffic = { ...expected, allowed: { ...allowed, flows: 3 } };
    expect(renderDiagnostic(unexpectedSums(found, expected, '2 workers, round 4')!)).toBe(
      `error[unexpected-verdict] 2 workers, round 4: there must be ${allowed.flows} allowed flows, but there are 3; tell the makers of sgsim, with the VPC and the options`,
    );
    expect(unexpectedSums({ ...expected, flows: 0, bytes: expected.bytes }, expected)?.fact).toBe(
      `there must be ${flows} flows, but there are 0`,
    );
  });
});

describe('how it is measured', () => {
  it.each([
    // Packets and batches of a replay; replays before and while it is measured.
    [1_000_000, 215, { warmUps: 3, replays: 5 }],
    [5_000_000, 1100, { warmUps: 1, replays: 1 }],
    [100_000, 22, { warmUps: 10, replays: 72 }],
    [10_000, 3, { warmUps: 10, replays: 10 }],
    [400_000, 9, { warmUps: 8, replays: 100 }],
  ])('%i packets in %i batches: %j', (packets, batches, expected) => {
    expect(methodFor(7, packets, batches)).toEqual({ rounds: 7, ...expected });
  });

  it('times are those of stretches of batches, by their packets', () => {
    let ms = 0;
    const times: number[] = [];
    const left = createStopwatch(
      2,
      () => ms,
      (ns) => times.push(ns),
    );
    // Batches of 1000, 1000, 2000, 0 and 0 packets.
    for (const [at, packets] of [
      [5, 1000],
      [6, 2000],
      [8, 4000],
      [8, 4000],
      [9, 4000],
    ] as const) {
      ms = at;
      left(packets);
    }
    // 3 ms for 3000 packets, 2 ms for 2000; the last two batches hold none.
    expect(times).toEqual([1000, 1000]);
    expect([1, 2, 4, 5, 16].map(stretchOf)).toEqual([8, 8, 8, 10, 32]);
  });

  const EXPECTED: ExpectedTraffic = {
    ...{ packets: 1000, bytes: 1, flows: 10 },
    allowed: { packets: 1000, flows: 10 },
    dropped: { packets: 0, flows: 0 },
  };
  const round = (times: number, seconds: number) => ({
    ...{ answers: [], seconds, cpuSeconds: seconds * 2, others: 0.25, peakBytes: 77 },
    nsPerPacket: Array.from({ length: times }, (_, i) => times - i),
  });

  it('figures are those of all replays of a round', () => {
    const method = { rounds: 2, warmUps: 1, replays: 4 };
    expect(resultOf(3, [round(1001, 2), round(2000, 1)], method, EXPECTED)).toEqual({
      ...{ workers: 3, batches: 1001, others: [0.25, 0.25] },
      figures: {
        packetsPerSecond: [2000, 4000],
        packetsPerCoreSecond: [1000, 2000],
        connectionsPerSecond: [20, 40],
        nsPerPacketP50: [501, 1000],
        nsPerPacketP99: [991, 1980],
        nsPerPacketP999: [1000, 1998],
        peakBytes: [77, 77],
      },
    });
  });

  it('a percentile that one round cannot tell is not told', () => {
    const method = { rounds: 2, warmUps: 1, replays: 1 };
    const { figures } = resultOf(1, [round(999, 1), round(5000, 1)], method, EXPECTED);
    expect(figures).toMatchObject({ nsPerPacketP99: [990, 4950], nsPerPacketP999: undefined });
  });
});
