export const ICMP: u8 = 1;
export const TCP: u8 = 6;
export const UDP: u8 = 17;
export const ICMPV6: u8 = 58;
// Rules see these without ports (SG-2), people want to read them.
export const DCCP: u8 = 33;
export const SCTP: u8 = 132;
export const UDP_LITE: u8 = 136;
// IP in IP: IPv4, IPv6, generic routing encapsulation.
export const IPV4: u8 = 4;
export const IPV6: u8 = 41;
export const GRE: u8 = 47;

const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;

/** A SYN that opens (CT-14): whatever ECN, PSH or URG say. */
export function isBareSyn(flags: u8): bool {
  return (flags & (SYN | ACK | RST | FIN)) == SYN;
}

/** The pair that a query and its reply share (CT-15), from 1; 0 for any other type. */
export function icmpPair(v6: bool, type: u8): u32 {
  if (v6) return type == 128 || type == 129 ? 5 : 0;
  if (type == 8 || type == 0) return 1;
  return type >= 13 && type <= 18 ? 2 + ((<u32>type - 13) >> 1) : 0;
}

/** Of a type with a pair: whether it asks. */
export function isIcmpRequest(v6: bool, type: u8): bool {
  return v6 ? type == 128 : type == 8 || (type != 0 && (type & 1) != 0);
}

/** Types that quote the packet they are about (CT-16). */
export function isIcmpError(v6: bool, type: u8): bool {
  return v6 ? type >= 1 && type <= 4 : type == 3 || type == 11 || type == 12;
}

/** ICMP in its own family; in the other, 1 and 58 are protocols like any other. */
export function isIcmp(v6: bool, protocol: u8): bool {
  return protocol == (v6 ? ICMPV6 : ICMP);
}
