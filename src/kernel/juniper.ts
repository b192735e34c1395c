import { be16, be32, le16, le32 } from './bytes';
import { decodeInnerEthernet } from './ethernet';
import { decodeFrameRelay } from './frame-relay';
import { decodeIpv4, decodeIpv6, missing } from './ip';
import { NOT_FILTERED_NOT_APPLICABLE, NOT_JUDGED_ENCAPSULATION } from './layout';
import { decodeLlc, decodeNlpid } from './llc';
import { decodeMpls } from './mpls';
import { decodeCiscoHdlc, decodePppProtocol } from './ppp';
import { Row } from './row';

const MAGIC: u32 = 0x4d4743;
/** Flags: where the packet went; no link header follows but the number of a protocol; attributes come before it. */
const INCOMING: u32 = 1;
const NO_LINK: u32 = 2;
const ATTRIBUTES: u32 = 0x80;
/** Bits of an ATM cookie that are set under Ethernet. */
const GAP_COUNT: u32 = 0x3fe;

/** Juniper's header, which older systems leave out, then the link that the link type names. */
export function decodeJuniper(row: Row, linkType: u32, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 4 > end) return missing(end, wireEnd);
  const word = be32(at);
  const incoming = (word & INCOMING) != 0;
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
    case 130: // PPP links of a bundle
      if (at + 4 > end) return missing(end, wireEnd);
      return decodePppProtocol(row, isPppOfIp(be16(at)) ? at : at + 2, end, wireEnd);
    case 133: // mobile gateway
      if (at + 4 > end) return missing(end, wireEnd);
      return decodeProtocol(row, le16(at), at + 4, end, wireEnd);
    case 135: // ATM, cards of two generations
      return decodeAtm(row, at, at + 8, incoming, end, wireEnd);
    case 137:
      return decodeAtm(row, at, at + 4, true, end, wireEnd);
    case 136: // services
      return decodeIpv4(row, at + (incoming ? 16 : 12), end, wireEnd);
    case 183: // voice
      return decodeIpv4(row, at + 18, end, wireEnd);
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

/** What is under the cookie of an ATM card: nothing tells, so its first bytes are looked at. */
function decodeAtm(
  row: Row,
  cookie: usize,
  at: usize,
  incoming: bool,
  end: usize,
  wireEnd: usize,
): u8 {
  if (at + 4 > end) return missing(end, wireEnd);
  const second = at - cookie == 8;
  const cell = second ? (load<u8>(cookie + 7) & 0x70) != 0 : load<u8>(cookie) == 0x80;
  if (cell) return NOT_FILTERED_NOT_APPLICABLE;
  const first = be32(at) >> 8;
  if (first == 0xfefe03 || first == 0xaaaa03) return decodeLlc(row, at, end, wireEnd);
  if (second && !incoming && be32(cookie) & GAP_COUNT) {
    return decodeInnerEthernet(row, at, end, wireEnd);
  }
  if (second && isPppOfIp(first >> 8)) return decodePppProtocol(row, at, end, wireEnd);
  if (first >> 16 == 3) return decodeNlpid(row, at + 1, end, wireEnd);
  if (first >> 20 == 4) return decodeIpv4(row, at, end, wireEnd);
  if (first >> 20 == 6) return decodeIpv6(row, at, end, wireEnd);
  return NOT_JUDGED_ENCAPSULATION;
}

/** PPP numbers of IPv4, IPv6 and MPLS. */
function isPppOfIp(protocol: u32): bool {
  return protocol == 0x21 || protocol == 0x57 || protocol == 0x281 || protocol == 0x283;
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
