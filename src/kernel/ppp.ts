import { be16 } from './bytes';
import { decodeInnerEthernet } from './ethernet';
import { decodeIpv4, decodeIpv6, missing } from './ip';
import { NOT_FILTERED_NOT_APPLICABLE, NOT_JUDGED_ENCAPSULATION } from './layout';
import { decodeLlc } from './llc';
import { decodeMpls } from './mpls';
import { mayNest } from './nesting';
import { Row } from './row';

/** PPP in HDLC-like framing (RFC 1662): address and control may be left out; Cisco HDLC has addresses of its own. */
export function decodePpp(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 1 > end) return missing(end, wireEnd);
  const first = load<u8>(at);
  if (first == 0x0f || first == 0x8f) return decodeCiscoHdlc(row, at, end, wireEnd);
  return decodePppProtocol(row, first == 0xff ? at + 2 : at, end, wireEnd);
}

/** The protocol field of RFC 1661 section 2, of one byte when that is odd, and what follows. */
export function decodePppProtocol(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 1 > end) return missing(end, wireEnd);
  let protocol = <u32>load<u8>(at++);
  if (!(protocol & 1)) {
    if (at + 1 > end) return missing(end, wireEnd);
    protocol = (protocol << 8) | load<u8>(at++);
  }
  if (!mayNest()) return NOT_JUDGED_ENCAPSULATION;
  switch (protocol) {
    case 0x0021:
    case 0x0800:
      return decodeIpv4(row, at, end, wireEnd);
    case 0x0057:
    case 0x86dd:
      return decodeIpv6(row, at, end, wireEnd);
    case 0x0281:
    case 0x0283:
      return decodeMpls(row, at, end, wireEnd);
    case 0x0031:
      return decodeBridged(row, at, end, wireEnd);
    case 0x004b:
      return decodeLlc(row, at, end, wireEnd);
    case 0x003d:
      return decodeMultilink(row, at, end, wireEnd);
    case 0x002d: // Van Jacobson's header compression (RFC 1144)
    case 0x002f:
    case 0x0053: // encrypted (RFC 1968)
    case 0x00fd: // compressed (RFC 1962)
      return NOT_JUDGED_ENCAPSULATION;
    default:
      return NOT_FILTERED_NOT_APPLICABLE;
  }
}

/** Multilink (RFC 1990): a fragment that is the first and the last is a whole packet. */
function decodeMultilink(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 4 > end) return missing(end, wireEnd);
  if (load<u8>(at) >> 6 != 3) return NOT_JUDGED_ENCAPSULATION;
  return decodePppProtocol(row, at + 4, end, wireEnd);
}

/** RFC 2516: a session's frames, whose length leaves out padding. */
export function decodePppoe(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 6 > end) return missing(end, wireEnd);
  const pppEnd = min<usize>(wireEnd, at + 6 + be16(at + 4));
  return decodePppProtocol(row, at + 6, min(end, pppEnd), pppEnd);
}

/** Cisco HDLC: address, control, and an Ethertype. */
export function decodeCiscoHdlc(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 4 > end) return missing(end, wireEnd);
  return decodeCiscoType(row, be16(at + 2), at + 4, end, wireEnd);
}

/** The Ethertypes that Cisco's serial links use for themselves. */
export function decodeCiscoType(row: Row, type: u32, at: usize, end: usize, wireEnd: usize): u8 {
  switch (type) {
    case 0x0800:
      return decodeIpv4(row, at, end, wireEnd);
    case 0x86dd:
      return decodeIpv6(row, at, end, wireEnd);
    case 0x8847:
    case 0x8848:
      return decodeMpls(row, at, end, wireEnd);
    case 0x6558:
      return decodeInnerEthernet(row, at, end, wireEnd);
    default:
      return NOT_FILTERED_NOT_APPLICABLE;
  }
}

/** Bridging control protocol (RFC 3518 section 4.3): flags and the kind of frame, of which Ethernet is the first. */
function decodeBridged(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 2 > end) return missing(end, wireEnd);
  if (load<u8>(at + 1) != 1) return NOT_JUDGED_ENCAPSULATION;
  return decodeInnerEthernet(row, at + 2, end, wireEnd);
}
