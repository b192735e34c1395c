import { be16 } from './bytes';
import { decodeInnerEthernet } from './ethernet';
import { decodeIpv4, decodeIpv6, missing } from './ip';
import { NOT_FILTERED_NOT_APPLICABLE, NOT_JUDGED_ENCAPSULATION } from './layout';
import { decodeLlc } from './llc';
import { decodeMpls } from './mpls';
import { mayNest } from './nesting';
import { decodeNsh } from './nsh';
import { decodePppoe } from './ppp';
import { Row } from './row';
import { decodeDataFrame } from './wlan';

/** Largest value of a type field that is a length: IEEE 802.3. */
const LENGTH_MAX: u32 = 1500;

/** What follows an Ethernet header or a VLAN tag: below 1,501 the field counts the bytes of an LLC frame. */
export function decodeTypeOrLength(row: Row, type: u32, at: usize, end: usize, wireEnd: usize): u8 {
  if (type > LENGTH_MAX) return decodeEthertype(row, type, at, end, wireEnd);
  if (type == 0) return NOT_FILTERED_NOT_APPLICABLE;
  const llcEnd = min<usize>(wireEnd, at + type);
  // Novell's IPX stands there without LLC, and begins with two full bytes.
  if (at + 2 <= end && be16(at) == 0xffff) return NOT_FILTERED_NOT_APPLICABLE;
  return decodeLlc(row, at, min(end, llcEnd), llcEnd);
}

/** The packet under an Ethertype (IEEE 802 numbers): IP, or headers around it that can be read. */
export function decodeEthertype(row: Row, type: u32, at: usize, end: usize, wireEnd: usize): u8 {
  if (type == 0x0800) return decodeIpv4(row, at, end, wireEnd);
  if (type == 0x86dd) return decodeIpv6(row, at, end, wireEnd);
  if (!mayNest()) return NOT_JUDGED_ENCAPSULATION;
  switch (type) {
    case 0x8100: // 802.1Q
    case 0x9100: // its usual outer tag before 802.1ad
    case 0x88a8: // 802.1ad
    case 0x8926: // VN-Tag
      return decodeTag(row, type == 0x8926 ? 4 : 2, at, end, wireEnd);
    case 0x893f: // 802.1BR E-Tag
      return decodeTyped(row, 6, at, end, wireEnd);
    case 0xf1c1: // 802.1CB redundancy tag
    case 0x892f: // High-availability Seamless Redundancy
      return decodeTyped(row, 4, at, end, wireEnd);
    case 0x8847:
    case 0x8848:
      return decodeMpls(row, at, end, wireEnd);
    case 0x8864:
      return decodePppoe(row, at, end, wireEnd);
    case 0x88e7:
      return decodeBackbone(row, at, end, wireEnd);
    case 0x894f:
      return decodeNsh(row, at, end, wireEnd);
    case 0x8909:
      return decodeCiscoMetadata(row, at, end, wireEnd);
    case 0x88e5:
      return decodeMacsec(row, at, end, wireEnd);
    case 0x22f3:
      return decodeTrill(row, at, end, wireEnd);
    case 0x8903: // FabricPath: the Ethertype stands in an Ethernet header of its own, a tag between it and the frame
      return decodeInnerEthernet(row, at + 2, end, wireEnd);
    case 0x6558: // transparent bridging
      return decodeInnerEthernet(row, at, end, wireEnd);
    case 0x8870: // jumbo frames with LLC
      return decodeLlc(row, at, end, wireEnd);
    case 0x2452: // 802.11 in Ethernet
      return decodeDataFrame(row, at, end, wireEnd, 0);
    default:
      return NOT_FILTERED_NOT_APPLICABLE;
  }
}

/** A tag of `size` bytes and a type or length. */
function decodeTag(row: Row, size: usize, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + size + 2 > end) return missing(end, wireEnd);
  return decodeTypeOrLength(row, be16(at + size), at + size + 2, end, wireEnd);
}

/** A header of `size` bytes and an Ethertype. */
function decodeTyped(row: Row, size: usize, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + size + 2 > end) return missing(end, wireEnd);
  return decodeEthertype(row, be16(at + size), at + size + 2, end, wireEnd);
}

/** Provider backbone bridging (IEEE 802.1ah): an instance tag, then the customer's frame. */
function decodeBackbone(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 18 > end) return missing(end, wireEnd);
  if (be16(at + 16) <= LENGTH_MAX) return NOT_FILTERED_NOT_APPLICABLE;
  return decodeInnerEthernet(row, at + 4, end, wireEnd);
}

/** Cisco MetaData, as TrustSec writes it: version, length, one option of two words. */
function decodeCiscoMetadata(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  return decodeTyped(row, 6, at, end, wireEnd);
}

/** IEEE 802.1AE: what is neither encrypted nor changed can be read. */
function decodeMacsec(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 6 > end) return missing(end, wireEnd);
  const control = load<u8>(at);
  if (control & 0x8c) return NOT_JUDGED_ENCAPSULATION;
  return decodeTyped(row, control & 0x20 ? 14 : 6, at, end, wireEnd);
}

/** RFC 6325: options are counted in words. */
function decodeTrill(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 6 > end) return missing(end, wireEnd);
  const options = (<usize>((be16(at) >> 6) & 31)) << 2;
  return decodeInnerEthernet(row, at + 6 + options, end, wireEnd);
}
