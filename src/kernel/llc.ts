import { be16, be32 } from './bytes';
import { decodeInnerEthernet } from './ethernet';
import { decodeEthertype } from './ethertype';
import { decodeIpv4, decodeIpv6, missing } from './ip';
import { NOT_FILTERED_NOT_APPLICABLE } from './layout';
import { decodePppProtocol } from './ppp';
import { Row } from './row';

const SAP_SNAP: u32 = 0xaa;
const SAP_IP: u32 = 0x06;
/** Unnumbered information, in one byte; numbered information takes two. */
const UNNUMBERED: u32 = 3;

/** IEEE 802.2, in frames that carry information. */
export function decodeLlc(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 3 > end) return missing(end, wireEnd);
  const destination = <u32>load<u8>(at);
  const source = <u32>load<u8>(at + 1);
  const control = <u32>load<u8>(at + 2);
  if (control != UNNUMBERED && (control & 1) != 0) return NOT_FILTERED_NOT_APPLICABLE;
  const payload = at + (control == UNNUMBERED ? 3 : 4);
  if (destination == SAP_SNAP && source == SAP_SNAP) {
    return decodeSnap(row, payload, 2, end, wireEnd);
  }
  if (destination == SAP_IP) return decodeIpv4(row, payload, end, wireEnd);
  if (isOsi(destination)) return decodeNlpid(row, payload, end, wireEnd);
  return NOT_FILTERED_NOT_APPLICABLE;
}

/** Organization and type (IEEE 802): Ethertypes, or frames bridged as RFC 2684 and RFC 2427 tell, behind `padding` bytes. */
export function decodeSnap(row: Row, at: usize, padding: usize, end: usize, wireEnd: usize): u8 {
  if (at + 5 > end) return missing(end, wireEnd);
  const organization = be32(at) >> 8;
  const type = be16(at + 3);
  if (organization == 0x000000 || organization == 0x0000f8) {
    return decodeEthertype(row, type, at + 5, end, wireEnd);
  }
  // Bridged Ethernet, with and without its checksum.
  if (organization == 0x0080c2 && (type == 1 || type == 7)) {
    return decodeInnerEthernet(row, at + 5 + padding, end, wireEnd);
  }
  return NOT_FILTERED_NOT_APPLICABLE;
}

/** Network layer protocol identifier (ISO/IEC TR 9577). */
export function decodeNlpid(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 1 > end) return missing(end, wireEnd);
  switch (<u32>load<u8>(at)) {
    case 0xcc:
      return decodeIpv4(row, at + 1, end, wireEnd);
    case 0x8e:
      return decodeIpv6(row, at + 1, end, wireEnd);
    case 0xcf:
      return decodePppProtocol(row, at + 1, end, wireEnd);
    default:
      return NOT_FILTERED_NOT_APPLICABLE;
  }
}

/** Service access points of ISO network layers. */
function isOsi(point: u32): bool {
  return point == 0xfe || point == 0x14 || point == 0x20 || point == 0x34 || point == 0x54;
}
