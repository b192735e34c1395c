// The table at an instant hangs on the frames up to it alone.
import { describe, expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import { encodeFrame } from '../../src/generate/frame.js';
import { encodePcap } from '../../src/generate/pcap.js';
import type { Packet } from '../../src/model/packet.js';
import { DEFAULT_TRACKING, type TrackingOptions } from '../../src/model/tracking.js';
import { type Timeline, resolveTimeline } from '../../src/policy/timeline.js';
import { connectionsAt } from '../../src/replay/connections.js';
import { type ReplayOptions, replay } from '../../src/replay/replay.js';
import { host } from '../explain/story.js';
import { first, icmp, tcp, udp } from '../explain/packets.js';
import { inMemory } from './in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from './random-traffic.js';

const POLICY = resolveTimeline(
  loadVpc([{ name: 'vpc.yaml', text: RANDOM_TRAFFIC_VPC }]).description,
);
/** Nanosecond timestamps in little-endian order: see `randomCapture`. */
const SEED = 2;
const FRAMES = 4000;
const CAPTURE = randomCapture(SEED, FRAMES);

interface Frame {
  readonly end: number;
  readonly timeNs: bigint;
}

/** Where each frame of a classic capture ends, and when it was captured. */
function framesOf(capture: Uint8Array): Frame[] {
  const view = new DataView(capture.buffer, capture.byteOffset, capture.byteLength);
  const frames: Frame[] = [];
  for (let at = 24; at < capture.length;) {
    const seconds = BigInt(view.getUint32(at, true));
    const end = at + 16 + view.getUint32(at + 8, true);
    frames.push({ end, timeNs: seconds * 1_000_000_000n + BigInt(view.getUint32(at + 4, true)) });
    at = end;
  }
  return frames;
}

const ALL = framesOf(CAPTURE);
const cutAfter = (frame: number): Uint8Array =>
  CAPTURE.subarray(0, frame === 0 ? 24 : ALL[frame - 1]!.end);

type Way = Partial<Pick<ReplayOptions, 'workers' | 'chunkBytes' | 'until' | 'filter'>>;

/** What is remembered at the end, the clock, and how many frames were looked at. */
async function remember(capture: Uint8Array, way: Way, timeline: Timeline = POLICY) {
  let told: unknown[] = [];
  const outcome = await replay(() => timeline, [inMemory(capture)], {
    ...{ tracking: DEFAULT_TRACKING, workers: 1, ...way },
    onRecords: (records, clockNs) => {
      told = [records, clockNs];
    },
  });
  const packets = outcome.captures[0]!.packets;
  return [...told, packets, outcome.reading.leftOut];
}

const WAYS: readonly Way[] = [
  { workers: 1 },
  { workers: 1, chunkBytes: 3001 },
  { workers: 2, chunkBytes: 3001 },
  { workers: 2, chunkBytes: 1 << 16 },
];

describe('the frames up to an instant', () => {
  it('capture is as the test reads it', () => {
    expect(ALL).toHaveLength(FRAMES);
    expect(ALL.at(-1)!.end).toBe(CAPTURE.length);
    expect(ALL.some(({ timeNs }, i) => i > 0 && timeNs < ALL[i - 1]!.timeNs)).toBe(true);
  });

  it.each([1, 2, 777, 1500, 3999, 4000])(
    'frame %i: as if the capture ended there',
    async (frame) => {
      const expected = await remember(cutAfter(frame), {});
      expect(expected[2]).toBe(frame);
      for (const way of WAYS) {
        const until = { kind: 'frame', frame } as const;
        expect(await remember(CAPTURE, { ...way, until })).toEqual(expected);
      }
    },
  );

  it.each([0, 1, 500, 2500, 4000])('a time after %i frames', async (frame) => {
    const before = ALL.slice(0, frame).map(({ timeNs }) => timeNs);
    const clock = before.reduce((now, timeNs) => (timeNs > now ? timeNs : now), 0n);
    const timeNs = frame === 0 ? ALL[0]!.timeNs - 1n : clock;
    // CP-7: the first frame after it ends the replay, whatever the clock of those behind it says.
    const later = ALL.findIndex((each) => each.timeNs > timeNs);
    const upTo = later === -1 ? FRAMES : later;
    expect(upTo).toBeGreaterThanOrEqual(frame);
    const expected = await remember(cutAfter(upTo), {});
    for (const way of WAYS) {
      expect(await remember(CAPTURE, { ...way, until: { kind: 'time', timeNs } })).toEqual(
        expected,
      );
      if (upTo === FRAMES) continue;
      const between = (timeNs + ALL[upTo]!.timeNs - 1n) / 2n;
      const until = { kind: 'time', timeNs: between > timeNs ? between : timeNs } as const;
      expect(await remember(CAPTURE, { ...way, until })).toEqual(expected);
    }
  });

  it('a filter counts among them', async () => {
    const until = { kind: 'frame', frame: 1500 } as const;
    const filter = 'tcp';
    const expected = await remember(cutAfter(1500), { filter });
    expect(expected[3]).toBeGreaterThan(100);
    expect(await remember(CAPTURE, { filter, until })).toEqual(expected);
  });

  it('an offset counts from the first packet', async () => {
    const offsetNs = ALL[99]!.timeNs - ALL[0]!.timeNs;
    expect(await remember(CAPTURE, { until: { kind: 'offset', offsetNs } })).toEqual(
      await remember(CAPTURE, { until: { kind: 'time', timeNs: ALL[99]!.timeNs } }),
    );
  });
});

const IN = '203.0.113.7:40000 > 10.0.1.20:443';
const OUT = '10.0.1.20:443 > 203.0.113.7:40000';
const HANDSHAKE = [tcp(IN, 'S', 1), tcp(OUT, 'SA', 2), tcp(IN, 'A', 3)];
const WEB = host([
  'in tcp/443 203.0.113.0/24',
  'in icmp/-1/-1 203.0.113.0/24',
  'in udp/53 0.0.0.0/0',
  'out all 0.0.0.0/0',
]);

/** The table so many seconds after 1970. */
async function tableAt(
  packets: readonly Packet[],
  seconds: number,
  {
    timeline = resolveTimeline(WEB),
    eni,
    ...options
  }: { timeline?: Timeline; eni?: string } & Partial<TrackingOptions> = {},
) {
  const capture = encodePcap(
    packets.map((packet) => ({ timeNs: packet.timeNs, bytes: encodeFrame(packet) })),
    { nanoseconds: true },
  );
  const tracking = { ...DEFAULT_TRACKING, ...options };
  const timeNs = BigInt(Math.round(seconds * 1e9));
  let table: ReturnType<typeof connectionsAt> | undefined;
  await replay(() => timeline, [inMemory(capture)], {
    ...{ tracking, workers: 1, until: { kind: 'time', timeNs } as const },
    onRecords: (records) => {
      const at = { timeNs, offsetNs: 0n, frame: 0 };
      table = connectionsAt({ records, timeline, tracking, at, eni });
    },
  });
  return table!.interfaces;
}

const NONE = { ended: 0, denied: 0, untracked: 0, firstFragments: 0 };

describe('what is live, and what else is remembered', () => {
  it('CT-13: a connection ages until it is over, to the nanosecond', async () => {
    const idle = 432_000;
    const [web] = await tableAt(HANDSHAKE, 13);
    expect(web).toMatchObject({ eni: 'eni-web', besides: NONE });
    expect(web!.live).toHaveLength(1);
    expect(web!.live[0]).toMatchObject({
      remembered: { state: 'ESTABLISHED', rule: 'sg-web:1', original: 'ingress' },
      ...{ ageNs: 12_000_000_000n, silentNs: 10_000_000_000n },
      ...{ expiresInNs: BigInt(idle - 10) * 1_000_000_000n, ruleHolds: true },
    });
    const [last] = await tableAt(HANDSHAKE, 3 + idle - 1e-6);
    expect(last!.live[0]!.expiresInNs).toBe(1000n);
    expect(await tableAt(HANDSHAKE, 3 + idle)).toEqual([
      { eni: 'eni-web', live: [], besides: { ...NONE, ended: 1 } },
    ]);
  });

  it('CT-14: an ended one counts as long as it is history, and never when there is none', async () => {
    const over = 3 + 432_000;
    expect((await tableAt(HANDSHAKE, over + 86_400 - 1))[0]!.besides.ended).toBe(1);
    expect(await tableAt(HANDSHAKE, over + 86_400)).toEqual([]);
    expect(await tableAt(HANDSHAKE, over, { midstream: 'pickup' })).toEqual([]);
    expect(await tableAt(HANDSHAKE, over + 5, { historySeconds: 5 })).toEqual([]);
    // One that never was established is forgotten.
    expect(await tableAt(HANDSHAKE.slice(0, 1), 121)).toEqual([]);
  });

  it('counts denied openings, flows that are not tracked and first fragments until they are over', async () => {
    const ask = (port: number, at: number) => udp(`203.0.113.7:${port} > 10.0.1.20:53`, at);
    const packets = [
      tcp('203.0.113.7:40000 > 10.0.1.20:22', 'S', 1), // CT-25: 120 s
      ask(1, 2), // CT-6: 60 s
      ask(2, 3),
      first(icmp('203.0.113.7 > 10.0.1.20', [8, 0], 4, { id: 7 }), 9), // CT-18: 30 s, and a connection of 30 s
    ];
    const at = async (seconds: number) =>
      (await tableAt(packets, seconds)).map(({ live, besides }) => [live.length, besides]);
    expect(await at(4)).toEqual([[1, { ended: 0, denied: 1, untracked: 2, firstFragments: 1 }]]);
    expect(await at(34)).toEqual([[0, { ended: 0, denied: 1, untracked: 2, firstFragments: 0 }]]);
    expect(await at(62)).toEqual([[0, { ended: 0, denied: 1, untracked: 1, firstFragments: 0 }]]);
    expect(await at(120)).toEqual([[0, { ended: 0, denied: 1, untracked: 0, firstFragments: 0 }]]);
    expect(await at(121)).toEqual([]);
  });

  it('leaves out what was only noted to be counted once', async () => {
    const lone = tcp('203.0.113.7:40000 > 10.0.1.20:22', 'A', 1);
    const shut = resolveTimeline(host(['in tcp/443 203.0.113.0/24']));
    expect(await tableAt([lone], 1, { timeline: shut })).toEqual([]);
  });

  it('CT-8: tells of a rule that an event took away, from then on', async () => {
    const without = { ...WEB, groups: host([]).groups };
    const moment = { fromNs: 10_000_000_000n, text: 'revoke', description: without };
    const timeline = resolveTimeline(WEB, [moment]);
    const holds = async (seconds: number) =>
      (await tableAt(HANDSHAKE, seconds, { timeline }))[0]!.live.map((it) => it.ruleHolds);
    expect(await holds(9.9)).toEqual([true]);
    expect(await holds(10)).toEqual([false]);
  });

  it('shows an interface that was asked for, also when it remembers nothing', async () => {
    expect(await tableAt([], 1)).toEqual([]);
    expect(await tableAt([], 1, { eni: 'eni-web' })).toEqual([
      { eni: 'eni-web', live: [], besides: NONE },
    ]);
  });
});
