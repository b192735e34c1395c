import { describe, expect, it } from 'vitest';
import { PCAP_HEADER_SIZE, parsePcapHeader } from '../../src/capture/pcap-header.js';
import { compileImage } from '../../src/compile/rule-image.js';
import { createEngine, shareImages } from '../../src/engine/engine.js';
import { compileKernel } from '../../src/engine/kernel-module.js';
import { allocate, bytesAt, viewAt } from '../../src/engine/memory.js';
import { encodeFrame } from '../../src/generate/frame.js';
import { encodePcap } from '../../src/generate/pcap.js';
import {
  ROW_SIZE,
  ROW_SOURCE_PORT,
  ROW_CLOCK,
  ROW_TIME,
  VERDICT_CODE,
  VERDICT_SIZE,
} from '../../src/kernel/layout.js';
import { type Address, parseAddress } from '../../src/model/address.js';
import type { IpPacket, Transport } from '../../src/model/packet.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { beginCapture, createDecodeRoom, decodeRecords } from '../engine/rows.js';
import { describeVpc, eni, group } from '../policy/describe-vpc.js';

const WEB = { 4: parseAddress('10.0.0.1')!, 6: parseAddress('2001:db8:a::1')! };

const policy = resolvePolicy(
  describeVpc({
    groups: [
      group('sg-web', [
        ...['in tcp/443 198.51.100.0/24', 'in tcp/443 2001:db8:c::/48', 'in tcp/80 0.0.0.0/0'],
        ...['in icmp/8/-1 0.0.0.0/0', 'out udp/53 198.51.100.0/24', 'out all 203.0.113.0/24'],
      ]),
    ],
    interfaces: [eni('eni-web', ['10.0.0.1', '2001:db8:a::1'], ['sg-web'])],
  }),
);

/** Tracked, denied and mid-stream flows, pings and fragments, of 250 peers. */
const packets: readonly IpPacket[] = Array.from({ length: 250 }, (_, i) => i).flatMap((i) => {
  const remote = { family: 4, value: parseAddress('198.51.100.0')!.value + BigInt(i) } as const;
  const remote6 = { family: 6, value: parseAddress('2001:db8:c::')!.value + BigInt(i) } as const;
  const client = 40_000 + i;
  return [
    tcp(remote, WEB[4], client, 443, 0x02),
    tcp(WEB[4], remote, 443, client, 0x12),
    tcp(remote6, WEB[6], client, 443, 0x02),
    tcp(remote6, WEB[6], client, 443, 0x11),
    tcp(remote, WEB[4], client, 22, 0x02),
    tcp(remote, WEB[4], client, 8443, 0x10),
    udp(WEB[4], remote, client, 53),
    packet(remote, WEB[4], 1, { kind: 'icmp', type: 8, code: 0, id: i }),
    packet(WEB[4], remote, 50),
    { ...udp(remote, WEB[4], client, 443), fragment: { id: i, offset: 0, more: true } },
    { ...packet(remote, WEB[4], 17), fragment: { id: i, offset: 1480, more: false } },
  ];
});

const ROWS = 500_000;

describe('judging in a steady state', () => {
  it(`${ROWS} rows of known flows take no memory from the host, and next to none from JavaScript`, () => {
    const { memory, engine, judgeAll, codes } = scene(packets);
    judgeAll();
    // By a rule, tracked, by no rule: the scene is not of one kind.
    expect(codes()).toEqual(expect.arrayContaining([1, 2, 16]));
    for (let i = 0; i < 10; i++) judgeAll();
    const kernelBytes = memory.buffer.byteLength;
    const connections = engine.kernel.connectionCount();
    const heapBytes = process.memoryUsage().heapUsed;
    for (let judged = 0; judged < ROWS; judged += packets.length) judgeAll();
    expect(process.memoryUsage().heapUsed - heapBytes).toBeLessThan(5 << 20);
    expect(memory.buffer.byteLength).toBe(kernelBytes);
    expect(engine.kernel.connectionCount()).toBe(connections);
    expect(connections).toBeGreaterThan(1000);
  });

  it('CT-12, CT-25: new flows take the room of those that expired', () => {
    const flows = Array.from({ length: 1000 }, (_, i) => {
      const remote = i % 2 === 0 ? '198.51.100.7' : '192.0.2.7'; // allowed and denied
      return udp(WEB[4], parseAddress(remote)!, i, 53);
    });
    const { memory, engine, judgeAll, rowViews, codes } = scene(flows);
    /** Other ports than in the rounds before, 31 seconds later: the idle limit of UDP is 30. */
    const judgeRound = (round: number): void => {
      const timeNs = BigInt(round) * 31_000_000_000n;
      for (const row of rowViews) {
        row.setBigInt64(ROW_TIME, timeNs, true);
        row.setBigInt64(ROW_CLOCK, timeNs, true);
        row.setUint16(
          ROW_SOURCE_PORT,
          (row.getUint16(ROW_SOURCE_PORT, true) + 1000) % 65_536,
          true,
        );
      }
      judgeAll();
    };
    for (let round = 0; round < 50; round++) judgeRound(round);
    expect(codes()).toEqual(expect.arrayContaining([1, 16]));
    const kernelBytes = memory.buffer.byteLength;
    for (let round = 50; round < 250; round++) judgeRound(round);
    expect(memory.buffer.byteLength).toBe(kernelBytes);
    expect(engine.kernel.connectionCount()).toBeLessThan(4 * flows.length);
  });
});

/** Packets decoded and ready to be judged again and again. */
function scene(ips: readonly IpPacket[]) {
  const room = createDecodeRoom(1 << 20);
  const { memory } = room;
  const image = compileImage(policy);
  const engine = createEngine(
    shareImages(compileKernel(), memory, [{ fromNs: 0n, image }], DEFAULT_TRACKING, 1n),
  );
  const file = encodePcap(
    ips.map((ip, i) => ({
      timeNs: BigInt(i) * 1_000_000n,
      bytes: encodeFrame({ timeNs: 0n, length: 80, content: { kind: 'ip', ip } }),
    })),
  );
  beginCapture(room, parsePcapHeader('test.pcap', file));
  const records = file.subarray(PCAP_HEADER_SIZE);
  bytesAt(memory, room.records, records.length).set(records);
  const { rows } = decodeRecords(room, room.records, room.records + records.length);
  expect(rows).toHaveLength(ips.length);
  const verdicts = allocate(memory, ips.length * VERDICT_SIZE);
  const bytes = bytesAt(memory, verdicts, ips.length * VERDICT_SIZE);
  return {
    memory,
    engine,
    rowViews: ips.map((_, i) => viewAt(memory, room.rows + i * ROW_SIZE, ROW_SIZE)),
    judgeAll: () => engine.kernel.judge(room.rows, verdicts, ips.length, room.table, 0, 0),
    codes: () => [...new Set(ips.map((_, i) => bytes[i * VERDICT_SIZE + VERDICT_CODE]!))],
  };
}

function packet(
  source: Address,
  destination: Address,
  protocol: number,
  transport?: Transport,
): IpPacket {
  return { source, destination, protocol, ...(transport !== undefined && { transport }) };
}

function tcp(
  source: Address,
  destination: Address,
  sourcePort: number,
  destinationPort: number,
  flags: number,
): IpPacket {
  return packet(source, destination, 6, { kind: 'tcp', sourcePort, destinationPort, flags });
}

function udp(
  source: Address,
  destination: Address,
  sourcePort: number,
  destinationPort: number,
): IpPacket {
  return packet(source, destination, 17, { kind: 'udp', sourcePort, destinationPort });
}
