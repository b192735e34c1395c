import { encodeFrame } from '../../src/generate/frame.js';
import { parseAddress } from '../../src/model/address.js';
import type { IpPacket, Packet, Transport } from '../../src/model/packet.js';

export interface GoldenFrame {
  readonly name: string;
  readonly packet: Packet;
  readonly bytes: Uint8Array;
  /** Captured bytes from which on the row holds everything: headers up to the last field that verdicts need. */
  readonly wholeFrom: number;
  /** The same, but for the packet that an ICMP error quotes. */
  readonly readFrom: number;
}

/** One frame of every shape that the decoder tells apart. Sizes are sums of header lengths, link header first. */
export const GOLDEN_FRAMES: readonly GoldenFrame[] = [
  // TCP's flags are its 14th byte; UDP needs four; ICMP queries end with the id, six.
  golden('tcp', 14 + 20 + 14, ip4(6, tcp(0x12))),
  golden('udp', 14 + 20 + 4, ip4(17, udp())),
  golden('icmp echo', 14 + 20 + 6, ip4(1, icmp(8, 0, 0x1234))),
  golden('icmp of a type without id', 14 + 20 + 2, ip4(1, icmp(9, 0, 0))),
  golden(
    'icmp error quoting udp',
    14 + 20 + 8 + 20 + 4,
    ip4(1, { ...icmp(3, 4, 0), quote: back(ip4(17, udp())) }),
    {},
    14 + 20 + 2,
  ),
  golden(
    'icmp error quoting an echo',
    14 + 20 + 8 + 20 + 6,
    ip4(1, { ...icmp(11, 0, 0), quote: back(ip4(1, icmp(8, 0, 7))) }),
    {},
    14 + 20 + 2,
  ),
  golden('esp', 14 + 20, ip4(50)),
  golden('first fragment', 14 + 20 + 4, fragmented(ip4(17, udp()), 0xbeef, 0, true)),
  golden('later fragment', 14 + 20, fragmented(ip4(6), 0xbeef, 0x1fff * 8, true)),
  golden('ipv4 options', 14 + 20 + 8 + 14, ip4(6, tcp(0x02)), { ipv4Options: 8 }),
  golden('two vlan tags', 14 + 8 + 20 + 4, ip4(17, udp()), { vlan: [10, 20] }),
  golden('ipv6 tcp', 14 + 40 + 14, ip6(6, tcp(0xc2))),
  golden('ipv6 with three extension headers', 14 + 40 + 24 + 4, ip6(17, udp()), {
    extensions: [0, 43, 60],
  }),
  golden('icmpv6 echo under a vlan tag', 14 + 4 + 40 + 6, ip6(58, icmp(128, 0, 99)), {
    vlan: [4094],
  }),
  golden(
    'icmpv6 error quoting tcp',
    14 + 40 + 8 + 40 + 4,
    ip6(58, { ...icmp(2, 0, 0), quote: back(ip6(6, tcp(0x10))) }),
    {},
    14 + 40 + 2,
  ),
  golden(
    'ipv6 first fragment behind an extension header',
    14 + 40 + 8 + 8 + 14,
    fragmented(ip6(6, tcp(0x10)), 0xdeadbeef, 0, true),
    { extensions: [60] },
  ),
  golden('ipv6 last fragment', 14 + 40 + 8, fragmented(ip6(17), 0xdeadbeef, 1240, false)),
  golden('ipv6 no next header', 14 + 40, ip6(59)),
  golden('arp', 14, undefined),
];

function golden(
  name: string,
  wholeFrom: number,
  ip: IpPacket | undefined,
  options: Parameters<typeof encodeFrame>[1] = {},
  readFrom = wholeFrom,
): GoldenFrame {
  const packet: Packet = {
    timeNs: 1_700_000_000_123_456_000n,
    length: 140,
    sourceMac: '02000000000a',
    destinationMac: '02000000000b',
    content: ip === undefined ? { kind: 'non-ip' } : { kind: 'ip', ip },
  };
  return { name, packet, bytes: encodeFrame(packet, options), wholeFrom, readFrom };
}

function ip4(protocol: number, transport?: Transport): IpPacket {
  return between('198.51.100.7', '203.0.113.9', protocol, transport);
}

function ip6(protocol: number, transport?: Transport): IpPacket {
  return between('2001:db8:1::7', '2001:db8:ffff:eeee:dddd:cccc:bbbb:9', protocol, transport);
}

function between(from: string, to: string, protocol: number, transport?: Transport): IpPacket {
  const ends = { source: parseAddress(from)!, destination: parseAddress(to)! };
  return { ...ends, protocol, ...(transport !== undefined && { transport }) };
}

/** The packet that an error on its way back quotes. */
function back(ip: IpPacket): IpPacket {
  return { ...ip, source: ip.destination, destination: ip.source };
}

function fragmented(ip: IpPacket, id: number, offset: number, more: boolean): IpPacket {
  return { ...ip, fragment: { id, offset, more } };
}

function tcp(flags: number): Transport {
  return { kind: 'tcp', sourcePort: 0xc350, destinationPort: 0x01bb, flags };
}

function udp(): Transport {
  return { kind: 'udp', sourcePort: 0xea60, destinationPort: 0x0035 };
}

function icmp(type: number, code: number, id: number): Transport & { kind: 'icmp' } {
  return { kind: 'icmp', type, code, id };
}
