// FL-3 to FL-9: what is aggregated is held against what plain objects make of the same packets and verdicts.
import { describe, expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import { viewAt } from '../../src/engine/memory.js';
import { readPacket } from '../../src/engine/row-packet.js';
import { readVerdicts } from '../../src/engine/verdicts.js';
import { encodeFrame } from '../../src/generate/frame.js';
import { encodePcap } from '../../src/generate/pcap.js';
import { ROW_SIZE } from '../../src/kernel/layout.js';
import { formatAddress, parseAddress } from '../../src/model/address.js';
import type { LoggedFlow } from '../../src/model/logged-flow.js';
import type { IpPacket, Packet } from '../../src/model/packet.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { createFlowLogRecorder } from '../../src/replay/flow-log-recorder.js';
import type { Observer } from '../../src/replay/observer.js';
import { replay } from '../../src/replay/replay.js';
import { inMemory } from './in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from './random-traffic.js';

const timelineOf = (text: string) =>
  resolveTimeline(loadVpc([{ name: 'vpc.yaml', text }]).description);

interface Seen {
  readonly packet: Packet;
  readonly verdict: FrameVerdict;
  readonly ipBytes: number;
}

/** Reads the length off an Ethernet frame's IP header, without the kernel. */
function ipBytesOf(frame: Uint8Array): number {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  return view.getUint16(12) === 0x86dd ? 40 + view.getUint16(18) : view.getUint16(16);
}

const seeAll = (seen: Seen[]): Observer => ({
  needsBytes: true,
  onSettled: (run) => {
    const { memory, names, count, table, rows, verdicts } = run;
    const packets = viewAt(memory, rows, count * ROW_SIZE);
    let i = 0;
    for (const verdict of readVerdicts(memory, { table, verdicts }, count, names)) {
      const packet = readPacket(packets, i * ROW_SIZE);
      seen.push({ packet, verdict, ipBytes: ipBytesOf(run.bytesOf(i++)) });
    }
  },
});

type Line = readonly (string | number | bigint | boolean | undefined)[];

const lineOf = (flow: LoggedFlow): Line => [
  ...[flow.eni, flow.direction, flow.accepted, flow.protocol],
  ...[formatAddress(flow.source), flow.sourcePort],
  ...[formatAddress(flow.destination), flow.destinationPort],
  ...[flow.packets, flow.bytes, flow.firstTimeNs, flow.lastTimeNs, flow.tcpFlags],
];

function portsOf({ transport }: IpPacket): readonly [number, number] {
  if (transport === undefined || transport.kind === 'icmp') return [0, 0];
  return [transport.sourcePort, transport.destinationPort];
}

/** FIN 1, SYN 2, RST 4, SYN-ACK 18; nothing else (FL-4). */
function flagsOf({ transport }: IpPacket): number {
  if (transport?.kind !== 'tcp') return 0;
  const { flags } = transport;
  const named = [1, 2, 4].filter((flag) => (flags & flag) !== 0).reduce((a, b) => a + b, 0);
  return (flags & 2) !== 0 && (flags & 16) !== 0 ? named + 16 : named;
}

/** Flows as objects make them: intervals of 60 s by the latest time so far. */
function naiveFlows(seen: readonly Seen[]): Line[] {
  const lines: Line[] = [];
  let open = new Map<string, (string | number | bigint | boolean | undefined)[]>();
  let latest = -1n;
  let interval = 0n;
  const first = seen[0]!.verdict.timeNs;
  for (const { packet, verdict, ipBytes } of seen) {
    if (verdict.timeNs > latest) latest = verdict.timeNs;
    const now = (latest - first) / 60_000_000_000n;
    if (now !== interval) {
      lines.push(...open.values());
      open = new Map();
      interval = now;
    }
    if (packet.content.kind !== 'ip') continue;
    const { ip } = packet.content;
    for (const { eni, direction, verdict: answer } of verdict.at) {
      if (answer !== 'allow' && answer !== 'drop') continue;
      const [from, to] = portsOf(ip);
      const ends = [formatAddress(ip.source), from, formatAddress(ip.destination), to];
      const key = [eni, direction, answer === 'allow', ip.protocol, ...ends];
      const line = open.get(key.join()) ?? [
        ...key,
        0,
        0,
        verdict.timeNs,
        0n,
        ip.protocol === 6 ? 0 : undefined,
      ];
      open.set(key.join(), line);
      (line[8] as number) += 1;
      (line[9] as number) += ipBytes;
      if (verdict.timeNs < (line[10] as bigint)) line[10] = verdict.timeNs;
      if (verdict.timeNs > (line[11] as bigint)) line[11] = verdict.timeNs;
      if (ip.protocol === 6) line[12] = (line[12] as number) | flagsOf(ip);
    }
  }
  return [...lines, ...open.values()];
}

async function flowsOf(
  capture: Uint8Array,
  vpc: string,
  options: { flowsMax?: number; workers?: number; chunkBytes?: number } = {},
) {
  const { flowsMax, ...way } = options;
  const flows: LoggedFlow[] = [];
  const seen: Seen[] = [];
  const recorder = createFlowLogRecorder({
    onClosed: (some) => void flows.push(...some),
    ...(flowsMax !== undefined && { flowsMax }),
  });
  await replay(() => timelineOf(vpc), [inMemory(capture)], {
    ...{ tracking: DEFAULT_TRACKING, workers: 1, observers: [recorder, seeAll(seen)] },
    ...way,
  });
  await recorder.finish();
  return { flows, seen };
}

describe('a flow log of a replay', () => {
  it.each([1, 2, 3])('aggregates as plain objects do, seed %i (FL-4, FL-5)', async (seed) => {
    const { flows, seen } = await flowsOf(randomCapture(seed, 20_000), RANDOM_TRAFFIC_VPC);
    expect(flows.length).toBeGreaterThan(1000);
    expect(new Set(flows.map(({ accepted }) => accepted)).size).toBe(2);
    expect(flows.map(lineOf)).toEqual(naiveFlows(seen));
  });

  it('is the same for any workers and chunks', async () => {
    const capture = randomCapture(4, 20_000);
    const alone = await flowsOf(capture, RANDOM_TRAFFIC_VPC);
    for (const way of [{ workers: 3, chunkBytes: 1 << 16 }, { chunkBytes: 100_003 }]) {
      const { flows } = await flowsOf(capture, RANDOM_TRAFFIC_VPC, way);
      expect(flows.map(lineOf)).toEqual(alone.flows.map(lineOf));
    }
  });

  it('ends an interval early when there is no room, and loses nothing', async () => {
    const capture = randomCapture(5, 5000);
    const sums = (flows: readonly LoggedFlow[]) => {
      const byKey = new Map<string, number[]>();
      for (const flow of flows) {
        const key = lineOf(flow).slice(0, 8).join();
        const [packets = 0, bytes = 0] = byKey.get(key) ?? [];
        byKey.set(key, [packets + flow.packets, bytes + flow.bytes]);
      }
      return byKey;
    };
    const roomy = await flowsOf(capture, RANDOM_TRAFFIC_VPC);
    const narrow = await flowsOf(capture, RANDOM_TRAFFIC_VPC, { flowsMax: 7 });
    expect(narrow.flows.length).toBeGreaterThan(roomy.flows.length);
    expect(sums(narrow.flows)).toEqual(sums(roomy.flows));
  });
});

const VPC = `
cidrs: [10.0.0.0/16]
subnets: { subnet-a: [10.0.1.0/24] }
groups:
  sg-open: { ingress: [icmp from any], egress: [] }
  sg-shut: { ingress: [], egress: [all to any] }
interfaces:
  eni-open: { subnet: subnet-a, addresses: [10.0.1.20], groups: [sg-open] }
  eni-shut: { subnet: subnet-a, addresses: [10.0.1.30], groups: [sg-shut] }
  eni-nat: { subnet: subnet-a, addresses: [10.0.1.40], type: natGateway, groups: [], sourceDestCheck: false }
`;

const START = 1_432_917_027_000_000_000n;
const ping = (at: bigint, from: string, to: string, type: 0 | 8): Packet => ({
  timeNs: START + at,
  length: 14 + 84,
  content: {
    kind: 'ip',
    ip: {
      source: parseAddress(from)!,
      destination: parseAddress(to)!,
      protocol: 1,
      transport: { kind: 'icmp', type, code: 0, id: 1 },
    },
  },
});
const captureOf = (packets: readonly Packet[]): Uint8Array =>
  encodePcap(packets.map((packet) => ({ timeNs: packet.timeNs, bytes: encodeFrame(packet) })));

describe('what interfaces log', () => {
  it('FL-6, FL-10: four pings are 336 bytes; the reply of a tracked one is accepted, a denied one is one REJECT', async () => {
    const seconds = [0n, 1n, 2n, 3n].map((second) => second * 1_000_000_000n);
    const { flows } = await flowsOf(
      captureOf([
        ...seconds.flatMap((at) => [
          ping(at, '203.0.113.12', '10.0.1.20', 8),
          ping(at + 1_000_000n, '10.0.1.20', '203.0.113.12', 0),
        ]),
        ping(4_000_000_000n, '203.0.113.12', '10.0.1.30', 8),
      ]),
      VPC,
    );
    expect(
      flows.map(({ eni, direction, accepted, packets, bytes, sourcePort, destinationPort }) => [
        ...[eni, direction, accepted, packets, bytes, sourcePort, destinationPort],
      ]),
    ).toEqual([
      ['eni-open', 'ingress', true, 4, 336, 0, 0],
      ['eni-open', 'egress', true, 4, 336, 0, 0],
      ['eni-shut', 'ingress', false, 1, 84, 0, 0],
    ]);
  });

  it('a packet that its receiver drops is accepted at its sender', async () => {
    const { flows } = await flowsOf(
      captureOf([ping(0n, '10.0.1.30', '10.0.1.20', 8), ping(1n, '10.0.1.20', '10.0.1.30', 8)]),
      VPC,
    );
    expect(flows.map(({ eni, direction, accepted }) => [eni, direction, accepted])).toEqual([
      ['eni-shut', 'egress', true],
      ['eni-open', 'ingress', true],
      ['eni-open', 'egress', false],
    ]);
  });

  it('FL-9: what is not filtered is not logged, but what a service interface passes on is', async () => {
    const { flows } = await flowsOf(
      captureOf([
        ping(0n, '10.0.1.30', '169.254.169.254', 8),
        ping(1n, '10.0.1.30', '10.0.0.2', 8),
        ping(2n, '10.0.1.40', '198.51.100.7', 8),
      ]),
      VPC,
    );
    expect(flows.map(({ eni, accepted, packets }) => [eni, accepted, packets])).toEqual([
      ['eni-nat', true, 1],
    ]);
  });

  it.each([
    [
      'padded to 60 bytes',
      (frame: Uint8Array) =>
        Uint8Array.from([...frame.subarray(0, 14 + 28), ...new Uint8Array(18)]),
      28,
    ],
    [
      'with trailers',
      (frame: Uint8Array) => Uint8Array.from([...frame, ...new Uint8Array(500)]),
      84,
    ],
    [
      'in a VLAN',
      (frame: Uint8Array) =>
        Uint8Array.from([...frame.subarray(0, 12), 0x81, 0, 0, 5, ...frame.subarray(12)]),
      84,
    ],
    [
      'whose length offloading left at zero',
      (frame: Uint8Array) => frame.with(16, 0).with(17, 0),
      84,
    ],
  ])('FL-6: bytes of a frame %s', async (_, change, bytes) => {
    const packet = ping(0n, '203.0.113.12', '10.0.1.20', 8);
    const frame = encodeFrame(bytes === 28 ? { ...packet, length: 14 + 28 } : packet);
    const capture = encodePcap([{ timeNs: START, bytes: change(frame) }]);
    const flows: LoggedFlow[] = [];
    const recorder = createFlowLogRecorder({ onClosed: (some) => void flows.push(...some) });
    await replay(() => timelineOf(VPC), [inMemory(capture)], {
      ...{ tracking: DEFAULT_TRACKING, workers: 1, observers: [recorder] },
    });
    await recorder.finish();
    expect(flows.map((flow) => flow.bytes)).toEqual([bytes]);
  });
});
