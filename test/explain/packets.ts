import { parseAddress } from '../../src/model/address.js';
import type { Address } from '../../src/model/address.js';
import type { Fragment, IpPacket, Packet, Transport } from '../../src/model/packet.js';
import { ACK, FIN, RST, SYN } from '../../src/model/protocol.js';

/** One nanosecond, for times that are in seconds. */
export const NS = 1e-9;

const FLAGS: Readonly<Record<string, number>> = { F: FIN, S: SYN, R: RST, P: 0x08, A: ACK };

/** `tcp('10.0.1.20:443 > 203.0.113.7:51000', 'SA', 0.2)`; IPv6 addresses in brackets; flags out of FSRPA. */
export function tcp(ends: string, flags: string, seconds = 0): Packet {
  const { source, destination, sourcePort, destinationPort } = parseEnds(ends);
  const bits = flags.split('').reduce((sum, letter) => sum | FLAGS[letter]!, 0);
  const transport: Transport = { kind: 'tcp', sourcePort, destinationPort, flags: bits };
  return packetOf({ source, destination, protocol: 6, transport }, seconds);
}

export function udp(ends: string, seconds = 0): Packet {
  const { source, destination, sourcePort, destinationPort } = parseEnds(ends);
  const transport: Transport = { kind: 'udp', sourcePort, destinationPort };
  return packetOf({ source, destination, protocol: 17, transport }, seconds);
}

/** `icmp('10.0.1.20 > 203.0.113.7', [8, 0], 0, { id: 7 })`; IPv6 addresses make it ICMPv6. */
export function icmp(
  ends: string,
  [type, code]: readonly [number, number],
  seconds = 0,
  { id = 0, quote }: { id?: number; quote?: Packet } = {},
): Packet {
  const { source, destination } = parseEnds(ends);
  const transport: Transport = {
    kind: 'icmp',
    type,
    code,
    id,
    ...(quote && { quote: ipOf(quote) }),
  };
  return packetOf(
    { source, destination, protocol: source.family === 4 ? 1 : 58, transport },
    seconds,
  );
}

/** A packet of a protocol without ports, or one whose ports are out of sight. */
export function bare(ends: string, protocol: number, seconds = 0): Packet {
  const { source, destination } = parseEnds(ends);
  return packetOf({ source, destination, protocol }, seconds);
}

/** The packet as the first fragment of a datagram. */
export function first(packet: Packet, id: number): Packet {
  return fragmentOf(packet, { id, offset: 0, more: true });
}

/** The packet as a later fragment: its transport header is elsewhere. */
export function later(packet: Packet, id: number): Packet {
  const { source, destination, protocol } = ipOf(packet);
  const ip = { source, destination, protocol };
  return fragmentOf({ ...packet, content: { kind: 'ip', ip } }, { id, offset: 1480, more: false });
}

export function withMacs(packet: Packet, sourceMac: string, destinationMac: string): Packet {
  return { ...packet, sourceMac, destinationMac };
}

/** A frame that carries no IP packet. */
export function frame(content: Exclude<Packet['content'], { kind: 'ip' }>, seconds = 0): Packet {
  return { timeNs: nanoseconds(seconds), length: 60, content };
}

export function ipOf({ content }: Packet): IpPacket {
  if (content.kind !== 'ip') throw new Error('not an ip packet');
  return content.ip;
}

function fragmentOf(packet: Packet, fragment: Fragment): Packet {
  return { ...packet, content: { kind: 'ip', ip: { ...ipOf(packet), fragment } } };
}

function packetOf(ip: IpPacket, seconds: number): Packet {
  return { timeNs: nanoseconds(seconds), length: 60, content: { kind: 'ip', ip } };
}

function nanoseconds(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e9));
}

function parseEnds(ends: string): {
  source: Address;
  destination: Address;
  sourcePort: number;
  destinationPort: number;
} {
  const [from, to] = ends.split(' > ').map(parseEnd) as [End, End];
  return {
    source: from.address,
    destination: to.address,
    sourcePort: from.port,
    destinationPort: to.port,
  };
}

interface End {
  readonly address: Address;
  readonly port: number;
}

function parseEnd(text: string): End {
  const [, bracketed, dotted, plain, port] =
    /^(?:\[(.+)\]|([\d.]+)|([\da-f:]+))(?::(\d+))?$/.exec(text) ?? [];
  const address = parseAddress(bracketed ?? dotted ?? plain ?? '');
  if (address === undefined) throw new Error(`no address: ${text}`);
  return { address, port: Number(port ?? 0) };
}
