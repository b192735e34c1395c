// CT-18: what waits for its first fragment is counted and told once, in its place.
import { describe, expect, it } from 'vitest';
import { readEvents } from '../../src/documents/events.js';
import { encodeFrame } from '../../src/generate/frame.js';
import { encodePcap } from '../../src/generate/pcap.js';
import type { Outcome } from '../../src/model/outcome.js';
import type { Packet } from '../../src/model/packet.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import { planTimeline } from '../../src/replay/plan-timeline.js';
import { replay } from '../../src/replay/replay.js';
import { judgeWithReference } from '../differential/judge-with-reference.js';
import { describeVpc, yaml } from '../documents/loading.js';
import { first, later, udp } from '../explain/packets.js';
import { inMemory } from './in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from './random-traffic.js';

const VPC = `
cidrs: [10.0.0.0/16]
groups: { sg-dns: { ingress: [{ id: sgr-dns, rule: udp/53 from 203.0.113.0/24 }], egress: [] } }
interfaces: { eni-dns: { addresses: [10.0.1.20], groups: [sg-dns] } }
`;
const ALLOWED = '203.0.113.7:5353 > 10.0.1.20:53';
const DENIED = '203.0.113.7:5353 > 10.0.1.20:54';
/** Rules have nothing to do with it. */
const FILLER = '203.0.113.9:5353 > 203.0.113.10:53';

interface Told {
  readonly outcome: Outcome;
  readonly verdicts: readonly FrameVerdict[];
  /** Most frames that were judged and not told. */
  readonly behind: number;
}

async function tell(
  capture: Uint8Array,
  { vpc = VPC, events = '', workers = 1, chunkBytes = 1 << 16 } = {},
): Promise<Told> {
  const description = describeVpc(yaml('vpc.yaml', vpc));
  const edits = events === '' ? [] : readEvents({ name: 'events.yaml', text: events });
  const verdicts: FrameVerdict[] = [];
  let behind = 0;
  const outcome = await replay(
    (firstTimeNs) => planTimeline(description, edits, firstTimeNs),
    [inMemory(capture)],
    {
      tracking: DEFAULT_TRACKING,
      ...{ workers, chunkBytes },
      onVerdicts: (batch) => void verdicts.push(...batch),
      onProgress: ({ packets }) => (behind = Math.max(behind, packets - verdicts.length)),
    },
  );
  return { outcome, verdicts, behind };
}

const captureOf = (packets: readonly Packet[]): Uint8Array =>
  encodePcap(
    packets.map((packet) => ({ timeNs: packet.timeNs, bytes: encodeFrame(packet) })),
    { nanoseconds: true },
  );

const codes = (verdicts: readonly FrameVerdict[]): string[] => verdicts.map(({ code }) => code);

describe('CT-18: a first fragment covers those up to 4,096 frames before it', () => {
  /** A later fragment, others, and its first fragment. */
  const packetsApart = (frames: number): Packet[] => [
    later(udp(ALLOWED, 1), 7),
    ...Array.from({ length: frames - 1 }, (_, i) => udp(FILLER, 1 + i * 1e-6)),
    first(udp(ALLOWED, 1.5), 7),
  ];

  it.each([
    [4096, 'rule'],
    [4097, 'no-rule'],
  ])('%i frames behind it: %s', async (frames, code) => {
    const packets = packetsApart(frames);
    for (const chunkBytes of [500, 100_003, 1 << 20]) {
      const { verdicts, behind } = await tell(captureOf(packets), { chunkBytes });
      expect(verdicts.map(({ frame }) => frame)).toEqual(packets.map((_, i) => i + 1));
      expect([verdicts[0]!.code, verdicts.at(-1)!.code]).toEqual([code, 'rule']);
      expect(behind).toBeLessThanOrEqual(4097);
    }
    const timeline = planTimeline(describeVpc(yaml('vpc.yaml', VPC)), [], 0n);
    expect(judgeWithReference(timeline, DEFAULT_TRACKING, packets)[0]!.code).toBe(code);
  });

  it('no more frames wait behind one whose first fragment never comes', async () => {
    const alone = Array.from({ length: 20_000 }, (_, i) => later(udp(ALLOWED, i * 1e-5), i));
    const { verdicts, behind, outcome } = await tell(captureOf(alone), { chunkBytes: 5000 });
    expect(verdicts.every(({ frame, code }, i) => frame === i + 1 && code === 'no-rule')).toBe(
      true,
    );
    expect(behind).toBeGreaterThan(4000);
    expect(behind).toBeLessThanOrEqual(4097);
    expect(outcome.byVerdict.drop).toMatchObject({ packets: 20_000, flows: 0 });
  });
});

describe('CT-18: an early fragment counts', () => {
  const DATAGRAM = [later(udp(DENIED, 1), 7), later(udp(DENIED, 2), 7), first(udp(DENIED, 3), 7)];
  const sizeOf = (packets: readonly Packet[]): number =>
    packets.reduce((sum, packet) => sum + encodeFrame(packet).length, 0);

  it('among the dropped packets of its datagram, whose ports it has', async () => {
    const told = await tell(captureOf(DATAGRAM));
    expect(codes(told.verdicts)).toEqual(['no-rule', 'no-rule', 'no-rule']);
    expect(told.outcome.droppedFlows).toEqual([
      {
        ...{ code: 'no-rule', eni: 'eni-dns', direction: 'ingress', protocol: 17 },
        ports: { from: 54, to: 54 },
        ...{ packets: 3, bytes: sizeOf(DATAGRAM), flows: 1 },
        ...{ firstTimeNs: 1_000_000_000n, lastTimeNs: 3_000_000_000n },
        example: {
          ...{ frame: 1, source: '203.0.113.7', destination: '10.0.1.20' },
          ...{ sourcePort: 5353, destinationPort: 54 },
        },
      },
    ]);
  });

  it('under the port of the opening that was denied, if it answers that (CT-25)', async () => {
    const open = { vpc: VPC.replace('egress: []', 'egress: [all to any]') };
    const reply = '10.0.1.20:54 > 203.0.113.7:5353';
    const packets = [udp(DENIED, 0), later(udp(reply, 1), 7), first(udp(reply, 2), 7)];
    const told = await tell(captureOf(packets), open);
    expect(codes(told.verdicts)).toEqual(['no-rule', 'not-opened', 'not-opened']);
    expect(told.outcome.droppedFlows).toMatchObject([
      { code: 'not-opened', direction: 'egress', ports: { from: 54, to: 54 }, packets: 2 },
      { code: 'no-rule', packets: 1 },
    ]);
  });

  it('without ports, if its first fragment never comes', async () => {
    const told = await tell(captureOf(DATAGRAM.slice(0, 2)));
    expect(told.outcome.droppedFlows).toMatchObject([{ code: 'no-rule', packets: 2, flows: 0 }]);
    expect(told.outcome.droppedFlows[0]).not.toHaveProperty('ports');
    expect(told.outcome.droppedFlows[0]!.example).not.toHaveProperty('sourcePort');
  });

  it('before the event that its first fragment comes after', async () => {
    const events = '- { at: +1.5s, authorize: { sg-dns: [udp/54 from 203.0.113.0/24] } }';
    const told = await tell(captureOf(DATAGRAM), { events });
    expect(codes(told.verdicts)).toEqual(['rule', 'rule', 'rule']);
    expect(told.outcome.phases.map(({ byVerdict }) => byVerdict.allow.packets)).toEqual([2, 1]);
  });
});

describe('CT-18: what is counted is what is told', () => {
  it.each([
    [11, { workers: 1 }],
    [12, { workers: 1, chunkBytes: 2000 }],
    [13, { workers: 3, chunkBytes: 3001 }],
  ])('random fragments in any order, seed %i, %j', async (seed, way) => {
    const { verdicts, outcome } = await tell(randomCapture(seed, 20_000, { fragments: 0.5 }), {
      vpc: RANDOM_TRAFFIC_VPC,
      ...way,
    });
    expect(verdicts.map(({ frame }) => frame)).toEqual(verdicts.map((_, i) => i + 1));
    const answers = verdicts.flatMap(({ at }) => at);
    expect(outcome.totals.packets).toBe(20_000);
    expect(outcome.byCode.map(({ code, packets }) => [code, packets])).toEqual(
      outcome.byCode.map(({ code }) => [code, verdicts.filter((it) => it.code === code).length]),
    );
    for (const { eni, direction, allowed, dropped } of outcome.byInterface) {
      const here = answers.filter((it) => it.eni === eni && it.direction === direction);
      const count = (verdict: string): number => here.filter((it) => it.verdict === verdict).length;
      expect([allowed.packets, dropped.packets]).toEqual([count('allow'), count('drop')]);
    }
    for (const { rule, packets } of outcome.byRule) {
      expect([rule, packets]).toEqual([rule, answers.filter((it) => it.rule === rule).length]);
    }
    const drops = verdicts.filter(({ verdict }) => verdict === 'drop');
    const cause = ({ code, at }: FrameVerdict): string =>
      `${code} ${at.at(-1)!.eni} ${at.at(-1)!.direction}`;
    for (const name of new Set(drops.map(cause))) {
      const told = drops.filter((it) => cause(it) === name);
      const counted = outcome.droppedFlows.filter(
        ({ code, eni, direction }) => `${code} ${eni} ${direction}` === name,
      );
      expect(counted.reduce((sum, { packets }) => sum + packets, 0)).toBe(told.length);
      expect(Math.min(...counted.map(({ example }) => example.frame))).toBe(told[0]!.frame);
    }
  });
});
