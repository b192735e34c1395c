import type { Address } from '../model/address.js';
import type { IpPacket, Packet, Transport } from '../model/packet.js';
import { ICMPV6 } from '../model/protocol.js';

interface FrameOptions {
  /** VLAN ids, outermost first: 802.1Q innermost, 802.1ad outside it. */
  readonly vlan?: readonly number[];
  /** Bytes of IPv4 options, a multiple of 4 up to 40. */
  readonly ipv4Options?: number;
  /** IPv6 extension headers in front of the fragment header or the transport: 0, 43 or 60 each. */
  readonly extensions?: readonly (0 | 43 | 60)[];
}

/**
 * Writes a packet as an Ethernet frame of `packet.length` bytes, or more when its headers need more.
 * Room beyond the headers is zero payload; lengths and checksums are those a receiver would accept.
 * TCP, UDP or ICMP without `transport` has payload on later fragments only, and no bytes elsewhere: room
 * beyond is then an Ethernet trailer. Throws RangeError for a packet that no frame can carry.
 */
export function encodeFrame(packet: Packet, options: FrameOptions = {}): Uint8Array {
  const link = linkHeader(packet, options.vlan ?? []);
  const body = encodeBody(packet, packet.length - link.length, options);
  const frame = new Uint8Array(Math.max(packet.length, link.length + body.length));
  frame.set(link);
  frame.set(body, link.length);
  return frame;
}

const ETHERTYPE = { 4: 0x0800, 6: 0x86dd, arp: 0x0806, vlan: 0x8100, serviceVlan: 0x88a8 } as const;

function linkHeader(packet: Packet, vlan: readonly number[]): Uint8Array {
  return join([
    hex(packet.destinationMac ?? '020000000002'),
    hex(packet.sourceMac ?? '020000000001'),
    ...vlan.map((id, index) =>
      join([be16(index === vlan.length - 1 ? ETHERTYPE.vlan : ETHERTYPE.serviceVlan), be16(id)]),
    ),
    be16(packet.content.kind === 'ip' ? ETHERTYPE[packet.content.ip.source.family] : ETHERTYPE.arp),
  ]);
}

function encodeBody(packet: Packet, room: number, options: FrameOptions): Uint8Array {
  switch (packet.content.kind) {
    case 'ip':
      return encodeIp(packet.content.ip, room, options);
    case 'non-ip':
      return arpRequest(packet.sourceMac ?? '020000000001');
    case 'unread':
      throw new RangeError(`a frame that reads as '${packet.content.code}' cannot be encoded`);
  }
}

/** RFC 826: who has 192.0.2.2, tell 192.0.2.1. */
const arpRequest = (sourceMac: string): Uint8Array =>
  join([hex('0001080006040001'), hex(sourceMac), hex('c0000201000000000000c0000202')]);

/** The datagram, filled up to `room` bytes where its payload can grow. */
function encodeIp(ip: IpPacket, room: number, options: FrameOptions): Uint8Array {
  if (ip.source.family !== ip.destination.family) {
    throw new RangeError('source and destination are of different families');
  }
  const { fragment } = ip;
  if (fragment !== undefined && (fragment.offset % 8 !== 0 || fragment.offset > 0xfff8)) {
    throw new RangeError(`fragment offset ${fragment.offset} is not a multiple of 8 up to 65528`);
  }
  return ip.source.family === 4
    ? encodeIpv4(ip, room, options.ipv4Options ?? 0)
    : encodeIpv6(ip, room, options.extensions ?? []);
}

/** RFC 791 section 3.1. */
function encodeIpv4(ip: IpPacket, room: number, optionBytes: number): Uint8Array {
  if (optionBytes % 4 !== 0 || optionBytes < 0 || optionBytes > 40) {
    throw new RangeError(`${optionBytes} bytes of IPv4 options is not a multiple of 4 up to 40`);
  }
  const size = 20 + optionBytes;
  const payload = encodePayload(ip, room - size);
  const header = new Uint8Array(size).fill(1, 20); // option 1 is no-operation
  header.set([0x40 | (size / 4), 0]);
  header.set(be16(checkedLength(size + payload.length)), 2);
  header.set(be16(ip.fragment?.id ?? 0), 4);
  header.set(be16((ip.fragment?.more === true ? 0x2000 : 0) | ((ip.fragment?.offset ?? 0) / 8)), 6);
  header.set([64, ip.protocol], 8);
  header.set(addressBytes(ip.source), 12);
  header.set(addressBytes(ip.destination), 16);
  header.set(be16(checksum(header)), 10);
  return join([header, payload]);
}

/** RFC 8200 sections 3 and 4. */
function encodeIpv6(ip: IpPacket, room: number, extensions: readonly number[]): Uint8Array {
  const { fragment } = ip;
  const chain = [...extensions, ...(fragment === undefined ? [] : [44])];
  const after = [...chain.slice(1), ip.protocol];
  const headers = chain.map((kind, index) => {
    const next = after[index]!;
    if (kind === 44) {
      const { offset, more, id } = fragment!;
      return join([[next, 0], be16(offset | (more ? 1 : 0)), be32(id)]);
    }
    // Routing type 253 is for experiments (RFC 3692), no segments left: every receiver passes over it.
    return Uint8Array.from(
      kind === 43 ? [next, 0, 253, 0, 0, 0, 0, 0] : [next, 0, 1, 4, 0, 0, 0, 0],
    );
  });
  const extensionBytes = 8 * headers.length;
  const payload = encodePayload(ip, room - 40 - extensionBytes);
  return join([
    [0x60, 0, 0, 0],
    be16(checkedLength(extensionBytes + payload.length)),
    [chain[0] ?? ip.protocol, 64],
    addressBytes(ip.source),
    addressBytes(ip.destination),
    ...headers,
    payload,
  ]);
}

/** The transport with its payload; the checksum of a first fragment covers the bytes it carries. */
function encodePayload(ip: IpPacket, room: number): Uint8Array {
  const { transport } = ip;
  if (transport === undefined) {
    const fillable = (ip.fragment?.offset ?? 0) > 0 || !hasHeader(ip);
    return new Uint8Array(fillable ? Math.max(0, room) : 0);
  }
  const header = encodeTransport(ip, transport, room);
  const bytes = new Uint8Array(Math.max(room, header.length));
  bytes.set(header);
  if (transport.kind === 'udp') bytes.set(be16(checkedLength(bytes.length)), 4);
  // RFC 4443 section 2.3: ICMPv6 sums the addresses too, ICMP (RFC 792) its own bytes only.
  const summed = ip.protocol === 1 ? bytes : join([pseudoHeader(ip, bytes.length), bytes]);
  const sum = checksum(summed);
  // RFC 768: zero says that there is no checksum.
  bytes.set(
    be16(sum === 0 && transport.kind === 'udp' ? 0xffff : sum),
    CHECKSUM_AT[transport.kind],
  );
  return bytes;
}

const CHECKSUM_AT = { tcp: 16, udp: 6, icmp: 2 } as const;

const hasHeader = ({ protocol, source }: IpPacket): boolean =>
  protocol === 6 || protocol === 17 || protocol === (source.family === 4 ? 1 : ICMPV6);

/** The transport header with length and checksum zero, and what of the body is told by the packet. */
function encodeTransport(ip: IpPacket, transport: Transport, room: number): Uint8Array {
  switch (transport.kind) {
    case 'tcp':
      return join([
        be16(transport.sourcePort),
        be16(transport.destinationPort),
        be32(1),
        be32((transport.flags & 0x10) === 0 ? 0 : 1),
        be16(0x5000 | (transport.flags & 0xfff)),
        be16(0xffff),
        [0, 0, 0, 0],
      ]);
    case 'udp':
      return join([be16(transport.sourcePort), be16(transport.destinationPort), [0, 0, 0, 0]]);
    case 'icmp': {
      const { type, code, id, quote } = transport;
      const header = join([[type, code, 0, 0], be16(id), [0, 0]]);
      if (quote !== undefined) return join([header, encodeQuote(quote, room - header.length)]);
      const bytes = new Uint8Array(MESSAGE_BYTES[ip.source.family][type] ?? header.length);
      bytes.set(header);
      return bytes;
    }
  }
}

/** An ICMP error quotes the header and at least 64 bits of the datagram's data (RFC 792). */
function encodeQuote(quote: IpPacket, room: number): Uint8Array {
  const header = quote.source.family === 4 ? 20 : quote.fragment === undefined ? 40 : 48;
  return encodeIp(quote, Math.max(room, header + 8), {});
}

/** Sizes of the ICMP messages that are longer than eight bytes: RFC 792, 950, 2710, 3810, 4861. */
const MESSAGE_BYTES: Readonly<Record<4 | 6, Readonly<Record<number, number>>>> = {
  4: { 13: 20, 14: 20, 17: 12, 18: 12 },
  6: { 130: 24, 131: 24, 132: 24, 134: 16, 135: 24, 136: 24, 137: 40 },
};

/** RFC 9293 section 3.1 and RFC 8200 section 8.1. */
function pseudoHeader({ source, destination, protocol }: IpPacket, size: number): Uint8Array {
  return join([addressBytes(source), addressBytes(destination), be32(size), be32(protocol)]);
}

/** RFC 1071: one's complement of the one's complement sum of 16-bit words, an odd byte padded with zero. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function checkedLength(size: number): number {
  if (size > 0xffff) throw new RangeError(`${size} bytes do not fit a 16-bit length field`);
  return size;
}

const addressBytes = ({ family, value }: Address): Uint8Array =>
  hex(value.toString(16).padStart(family === 4 ? 8 : 32, '0'));

const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, 'hex'));

const be16 = (value: number): Uint8Array => Uint8Array.of(value >>> 8, value);

const be32 = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);

function join(parts: readonly ArrayLike<number>[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
