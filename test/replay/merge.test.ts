import { describe, expect, it } from 'vitest';
import type { CaptureSource } from '../../src/capture/source.js';
import { encodeFrame } from '../../src/generate/frame.js';
import { encodePcap } from '../../src/generate/pcap.js';
import type { Outcome } from '../../src/model/outcome.js';
import type { Packet } from '../../src/model/packet.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { replay } from '../../src/replay/replay.js';
import { framesOf } from '../capture/frames-of.js';
import { describeVpc, yaml } from '../documents/loading.js';
import { tcp } from '../explain/packets.js';
import { mulberry32 } from '../mulberry32.js';
import { inMemory } from './in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from './random-traffic.js';

interface Told {
  readonly outcome: Outcome;
  readonly verdicts: readonly FrameVerdict[];
}

async function tell(
  vpc: string,
  sources: readonly CaptureSource[],
  options: { workers: number; chunkBytes?: number } = { workers: 1 },
): Promise<Told> {
  const timeline = resolveTimeline(describeVpc(yaml('vpc.yaml', vpc)));
  const verdicts: FrameVerdict[] = [];
  const outcome = await replay(() => timeline, sources, {
    tracking: DEFAULT_TRACKING,
    ...options,
    onVerdicts: (batch) => void verdicts.push(...batch),
  });
  return { outcome, verdicts };
}

const withoutOrigin = ({ frame, timeNs, verdict, code, at }: FrameVerdict): FrameVerdict => ({
  ...{ frame, timeNs, verdict, code, at },
});

describe('several captures', () => {
  const { frames } = framesOf(Buffer.from(randomCapture(7, 20_000)));
  frames.sort((one, other) => Number(one.timeNs - other.timeNs));
  // Shares of very different sizes, one of them with nothing in it.
  const random = mulberry32(11);
  const shareOf = frames.map(() => Math.floor(random() ** 3 * 4));
  const shares = [0, 1, 2, 3, 4].map((share) => frames.filter((_, i) => shareOf[i] === share));
  const files = shares.map((share, i) =>
    encodePcap(share, { nanoseconds: true, bigEndian: i % 2 === 1 }),
  );
  const alone = tell(RANDOM_TRAFFIC_VPC, [inMemory(encodePcap(frames, { nanoseconds: true }))]);

  it.each([
    { workers: 1, chunkBytes: 1 << 16 },
    { workers: 1, chunkBytes: 100_003 },
    { workers: 3, chunkBytes: 1 << 16 },
    { workers: 2 },
  ])('CP-7: are judged as one capture in order of time: %j', async (options) => {
    const sources = files.map((file, i) => inMemory(file, { name: `part-${i}.pcap` }));
    const { outcome, verdicts } = await tell(RANDOM_TRAFFIC_VPC, sources, options);
    const one = await alone;
    expect(verdicts.map(withoutOrigin)).toEqual(one.verdicts);
    expect({ ...outcome, captures: [] }).toEqual({ ...one.outcome, captures: [] });
    expect(outcome.captures.map(({ name, packets }) => [name, packets])).toEqual(
      shares.map((share, i) => [`part-${i}.pcap`, share.length]),
    );
    const places = shares.map(() => 0);
    expect(verdicts.map(({ origin }) => origin)).toEqual(
      shareOf.map((share) => ({ capture: `part-${share}.pcap`, frame: ++places[share]! })),
    );
  });

  it('of one time come in the order in which they are named', async () => {
    const file = (port: number): Uint8Array =>
      captureOf(tcp(`203.0.113.7:${port} > 10.0.1.20:443`, 'S', 5));
    const sources = [3, 1, 2].map((port) => inMemory(file(port), { name: `${port}` }));
    const { verdicts } = await tell(RANDOM_TRAFFIC_VPC, sources);
    expect(verdicts.map(({ origin }) => origin?.capture)).toEqual(['3', '1', '2']);
  });

  it('are each read up to their own damage', async () => {
    const whole = captureOf(tcp('203.0.113.7:1 > 10.0.1.20:443', 'S', 5));
    const cut = captureOf(
      tcp('203.0.113.7:2 > 10.0.1.20:443', 'S', 1),
      tcp('203.0.113.7:3 > 10.0.1.20:443', 'S', 2),
    );
    const { outcome, verdicts } = await tell(RANDOM_TRAFFIC_VPC, [
      inMemory(whole),
      inMemory(cut.subarray(0, cut.length - 1)),
    ]);
    expect(verdicts.length).toBe(2);
    expect(outcome.captures.map(({ stopped }) => stopped)).toEqual([
      undefined,
      { frame: 2, fact: 'the record is cut off after 75 bytes' },
    ]);
  });
});

const TWO_ENDS = `
cidrs: [10.0.0.0/16]
groups:
  sg-a: { ingress: [], egress: [tcp/443 to sg-b] }
  sg-b: { ingress: [tcp/443 from sg-a], egress: [] }
interfaces:
  eni-a: { addresses: [10.0.1.20], groups: [sg-a] }
  eni-b: { addresses: [10.0.1.30], groups: [sg-b] }
`;

describe('a capture whose interface is told', () => {
  const A = '10.0.1.20:5000';
  const B = '10.0.1.30:443';
  const handshake = [
    tcp(`${A} > ${B}`, 'S', 1),
    tcp(`${B} > ${A}`, 'SA', 2),
    tcp(`${A} > ${B}`, 'A', 3),
  ];
  const later = (packets: readonly Packet[], ns: bigint): Packet[] =>
    packets.map((packet) => ({ ...packet, timeNs: packet.timeNs + ns }));
  const codesOf = async (...sources: CaptureSource[]): Promise<string[]> => {
    const { verdicts } = await tell(TWO_ENDS, sources);
    return verdicts.map(({ code, origin }) => `${code}@${origin?.capture ?? ''}`);
  };
  const taken = (name: string, takenAt: string, packets: readonly Packet[]): CaptureSource =>
    inMemory(captureOf(...packets), { name, takenAt });

  it('CP-1, CP-3: a packet recorded at both ends counts once, where it left', async () => {
    const codes = await codesOf(
      taken('a', 'eni-a', handshake),
      taken('b', 'eni-b', later(handshake, 1000n)),
    );
    expect(codes).toEqual([
      ...['rule@a', 'recorded-twice@b'],
      // B's answer left B a little after A has it: clocks differ.
      ...['recorded-twice@a', 'tracked@b'],
      ...['tracked@a', 'recorded-twice@b'],
    ]);
  });

  it('says nothing about packets before or after the capture of the other end', async () => {
    const codes = await codesOf(
      taken('a', 'eni-a', handshake.slice(0, 1)),
      taken('b', 'eni-b', handshake),
    );
    expect(codes).toEqual(['rule@a', 'recorded-twice@b', 'tracked@b', 'tracked@b']);
  });

  it('says nothing when the other end was not captured', async () => {
    const codes = await codesOf(
      taken('b', 'eni-b', handshake),
      inMemory(captureOf(), { name: 'empty' }),
    );
    expect(codes).toEqual(['rule@b', 'tracked@b', 'tracked@b']);
  });

  it('must be taken at an interface of the VPC', async () => {
    await expect(codesOf(taken('x', 'eni-x', handshake))).rejects.toThrow(
      /no interface eni-x is in the VPC/u,
    );
  });
});

function captureOf(...packets: readonly Packet[]): Uint8Array {
  return encodePcap(
    packets.map((packet) => ({ timeNs: packet.timeNs, bytes: encodeFrame(packet) })),
    { nanoseconds: true },
  );
}
