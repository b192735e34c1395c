import { be16 } from './bytes';
import { decodeEthertype } from './ethertype';
import { decodeInnerEthernet } from './ethernet';
import { missing } from './ip';
import { NOT_FILTERED_NOT_APPLICABLE, NOT_JUDGED_ENCAPSULATION } from './layout';
import { decodeLlc } from './llc';
import { Row } from './row';

// Links that carry LLC, or an Ethertype, behind a header of their own.

/** FDDI: frame control, two addresses, LLC in asynchronous frames. */
export function decodeFddi(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 13 > end) return missing(end, wireEnd);
  if ((load<u8>(at) & 0xf0) != 0x50) return NOT_FILTERED_NOT_APPLICABLE;
  return decodeLlc(row, at + 13, end, wireEnd);
}

/** Token Ring (IEEE 802.5): a bit of the source address tells that a route follows, whose first byte has its length. */
export function decodeTokenRing(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 14 > end) return missing(end, wireEnd);
  if (load<u8>(at + 1) >> 6 != 1) return NOT_FILTERED_NOT_APPLICABLE;
  let route: usize = 0;
  if (load<u8>(at + 8) & 0x80) {
    if (at + 15 > end) return missing(end, wireEnd);
    route = load<u8>(at + 14) & 0x1f;
  }
  return decodeLlc(row, at + 14 + route, end, wireEnd);
}

/** IP over Fibre Channel (RFC 2625): a network header of two names, then LLC. */
export function decodeFibreChannel(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 16 > end) return missing(end, wireEnd);
  return decodeLlc(row, at + 16, end, wireEnd);
}

/** IP over InfiniBand (RFC 4391): a routing header, then an Ethertype and two spare bytes. */
export function decodeInfiniband(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 44 > end) return missing(end, wireEnd);
  return decodeEthertype(row, be16(at + 40), at + 44, end, wireEnd);
}

/** IP over IEEE 1394 as Apple writes it: two addresses of eight bytes and an Ethertype. */
export function decodeFirewire(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 18 > end) return missing(end, wireEnd);
  return decodeEthertype(row, be16(at + 16), at + 18, end, wireEnd);
}

/** SunATM: kind of traffic, circuit; LLC or LAN emulation. */
export function decodeSunAtm(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 6 > end) return missing(end, wireEnd);
  const kind = load<u8>(at) & 15;
  if (kind == 2) return decodeLlc(row, at + 4, end, wireEnd);
  if (kind != 1) return NOT_JUDGED_ENCAPSULATION;
  if (be16(at + 4) == 0xff00) return NOT_FILTERED_NOT_APPLICABLE;
  return decodeInnerEthernet(row, at + 6, end, wireEnd);
}
