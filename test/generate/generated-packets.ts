import type { ResolvedPolicy } from '../../src/policy/resolve.js';
import { createTraffic } from '../../src/generate/traffic.js';
import { DEFAULT_TRAFFIC, type TrafficOptions } from '../../src/generate/traffic-options.js';
import { loadVpc } from '../../src/documents/load.js';
import { type Timeline, resolveTimeline } from '../../src/policy/timeline.js';

/** Two servers of both families and a database that only they may ask; nothing else comes in, and the database asks nobody. */
export const OFFICE = `vpc: vpc-1
cidrs: [10.0.0.0/16, 2001:db8:5::/56]
groups:
  sg-web:
    ingress: [tcp/443 from any, udp/53 from 198.51.100.0/24, icmp from any, icmpv6 from any]
  sg-db:
    ingress: [tcp/5432 from sg-web]
    egress: []
interfaces:
  eni-a: { addresses: [10.0.1.20, 2001:db8:5::20], groups: [sg-web] }
  eni-b: { addresses: [10.0.1.30], groups: [sg-web], mac: 02:00:00:00:00:30 }
  eni-db: { addresses: [10.0.2.40], groups: [sg-db] }
`;

export const timelineOfYaml = (text: string): Timeline =>
  resolveTimeline(loadVpc([{ name: 'vpc.yaml', text }]).description);

export const policyOf = (text = OFFICE): ResolvedPolicy => timelineOfYaml(text).phases[0]!.policy;

export const asked = (options: Partial<TrafficOptions>): TrafficOptions => ({
  ...DEFAULT_TRAFFIC,
  ...options,
});

/** The whole capture, filled into pieces of a size. */
export function capture(policy: ResolvedPolicy, options: TrafficOptions, piece = 1 << 20): Buffer {
  const { fill } = createTraffic(policy, options);
  const pieces: Buffer[] = [];
  for (;;) {
    const target = Buffer.alloc(piece);
    const size = fill(target);
    if (size === 0) return Buffer.concat(pieces);
    pieces.push(target.subarray(0, size));
  }
}

export interface GeneratedPacket {
  readonly seconds: number;
  readonly wire: number;
  readonly kept: number;
  readonly family: 4 | 6;
  readonly protocol: number;
  /** Addresses in hex. */
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Of TCP; else 0. */
  readonly flags: number;
}

/** Reads a generated capture by its own means. */
export function packetsOf(file: Buffer): GeneratedPacket[] {
  const packets: GeneratedPacket[] = [];
  for (let at = 24; at < file.length;) {
    const kept = file.readUInt32LE(at + 8);
    const frame = file.subarray(at + 16, at + 16 + kept);
    const v6 = frame.readUInt16BE(12) === 0x86dd;
    const transport = v6 ? 54 : 34;
    const [from, size] = v6 ? [22, 16] : [26, 4];
    const protocol = frame.readUInt8(v6 ? 20 : 23);
    packets.push({
      seconds: file.readUInt32LE(at) + file.readUInt32LE(at + 4) / 1e6,
      wire: file.readUInt32LE(at + 12),
      kept,
      family: v6 ? 6 : 4,
      protocol,
      source: frame.toString('hex', from, from + size),
      destination: frame.toString('hex', from + size, from + 2 * size),
      sourcePort: frame.readUInt16BE(transport),
      destinationPort: frame.readUInt16BE(transport + 2),
      flags: protocol === 6 ? frame.readUInt8(transport + 13) : 0,
    });
    at += 16 + kept;
  }
  return packets;
}

/** Packets by flow, in the order in which flows begin. Of ICMP, the two ends and no identifier: flows are too few to meet. */
export function flowsOf(packets: readonly GeneratedPacket[]): GeneratedPacket[][] {
  const flows = new Map<string, GeneratedPacket[]>();
  for (const packet of packets) {
    const { protocol, source, destination, sourcePort, destinationPort } = packet;
    const ports = protocol === 6 || protocol === 17;
    const ends = [
      `${source} ${ports ? sourcePort : ''}`,
      `${destination} ${ports ? destinationPort : ''}`,
    ];
    const key = `${protocol} ${ends.sort().join(' ')}`;
    const flow = flows.get(key);
    if (flow === undefined) flows.set(key, [packet]);
    else flow.push(packet);
  }
  return [...flows.values()];
}
