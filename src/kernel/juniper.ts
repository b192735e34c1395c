import { be16, be32, le32 } from './bytes';
import { decodeInnerEthernet } from './ethernet';
import { decodeFrameRelay } from './frame-relay';
import { decodeIpv4, decodeIpv6, missing } from './ip';
import { NOT_JUDGED_ENCAPSULATION } from './layout';
import { decodeLlc } from './llc';
import { decodeMpls } from './mpls';
import { decodeCiscoHdlc, decodePppProtocol } from './ppp';
import { Row } from './row';

const MAGIC: u32 = 0x4d4743;
/** Flags: no link header follows but the number of a protocol; attributes come before it. */
const NO_LINK: u32 = 2;
const ATTRIBUTES: u32 = 0x80;

/** Juniper's header, which older systems leave out, then the link that the link type names. */
export function decodeJuniper(row: Row, linkType: u32, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 4 > end) return missing(end, wireEnd);
  const word = be32(at);
  if (word >> 8 == MAGIC) {
    at += 4;
    if (word & ATTRIBUTES) {
      if (at + 2 > end) return missing(end, wireEnd);
      at += 2 + be16(at);
    }
    if (word & NO_LINK) {
      if (at + 4 > end) return missing(end, wireEnd);
      return decodeProtocol(row, le32(at), at + 4, end, wireEnd);
    }
  }
  switch (linkType) {
    case 167: // PPPoE
    case 178: // Ethernet
      return decodeInnerEthernet(row, at, end, wireEnd);
    case 179:
      // Address and control are there whatever they are.
      return decodePppProtocol(row, at + 2, end, wireEnd);
    case 180:
      return decodeFrameRelay(row, at, end, wireEnd);
    case 181:
      return decodeCiscoHdlc(row, at, end, wireEnd);
    default:
      return NOT_JUDGED_ENCAPSULATION;
  }
}

function decodeProtocol(row: Row, protocol: u32, at: usize, end: usize, wireEnd: usize): u8 {
  switch (protocol) {
    case 2:
    case 3:
      return decodeIpv4(row, at, end, wireEnd);
    case 6:
    case 7:
      return decodeIpv6(row, at, end, wireEnd);
    case 4:
    case 5:
    case 8:
    case 32:
      return decodeMpls(row, at, end, wireEnd);
    case 200:
      return decodePppProtocol(row, at, end, wireEnd);
    case 202:
    case 203:
      return decodeLlc(row, at, end, wireEnd);
    case 204:
      return decodeInnerEthernet(row, at, end, wireEnd);
    case 207:
      return decodeFrameRelay(row, at, end, wireEnd);
    case 208:
      return decodeCiscoHdlc(row, at, end, wireEnd);
    default:
      return NOT_JUDGED_ENCAPSULATION;
  }
}
