/** IANA protocol numbers that security groups treat by name (PR-1). */
export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMPV6 = 58;

const NAMES: Readonly<Record<number, string>> = {
  [ICMP]: 'icmp',
  2: 'igmp',
  4: 'ipip',
  [TCP]: 'tcp',
  [UDP]: 'udp',
  41: 'ipv6',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  [ICMPV6]: 'icmpv6',
  89: 'ospf',
  132: 'sctp',
};

/** Name of a protocol number, or the number itself. */
export function protocolName(protocol: number): string {
  return NAMES[protocol] ?? String(protocol);
}

/** ICMP types that ask for an answer, and the type that answers (CT-15). */
export const ICMP_QUERIES: readonly { family: 4 | 6; request: number; reply: number }[] = [
  { family: 4, request: 8, reply: 0 },
  { family: 4, request: 13, reply: 14 },
  { family: 4, request: 15, reply: 16 },
  { family: 4, request: 17, reply: 18 },
  { family: 6, request: 128, reply: 129 },
];

/** TCP header flags, RFC 9293 section 3.1. */
export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;
