import { be16 } from './bytes';
import { decodeInnerEthernet } from './ethernet';
import { decodeIpv4, decodeIpv6, missing } from './ip';
import { NOT_JUDGED_ENCAPSULATION } from './layout';
import { decodeMpls } from './mpls';
import { mayNest } from './nesting';
import { Row } from './row';

/** Network Service Header (RFC 8300): its length counts words. */
export function decodeNsh(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 8 > end) return missing(end, wireEnd);
  const length = (<usize>(be16(at) & 63)) << 2;
  if (length < 8) return NOT_JUDGED_ENCAPSULATION;
  return decodeNextProtocol(row, load<u8>(at + 3), at + length, end, wireEnd);
}

/** The numbers that NSH and VXLAN-GPE share (RFC 8300 section 2.5). */
export function decodeNextProtocol(row: Row, next: u8, at: usize, end: usize, wireEnd: usize): u8 {
  if (!mayNest()) return NOT_JUDGED_ENCAPSULATION;
  switch (next) {
    case 1:
      return decodeIpv4(row, at, end, wireEnd);
    case 2:
      return decodeIpv6(row, at, end, wireEnd);
    case 3:
      return decodeInnerEthernet(row, at, end, wireEnd);
    case 4:
      return decodeNsh(row, at, end, wireEnd);
    case 5:
      return decodeMpls(row, at, end, wireEnd);
    default:
      return NOT_JUDGED_ENCAPSULATION;
  }
}
