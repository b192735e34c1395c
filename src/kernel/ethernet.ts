import { be16, be32 } from './bytes';
import { decodeTypeOrLength } from './ethertype';
import { decodeIpv4, missing } from './ip';
import { FLAG_MAC, NOT_JUDGED_ENCAPSULATION } from './layout';
import { mayNest } from './nesting';
import { Row } from './row';

/** IEEE 802.3. The addresses become the row's. */
export function decodeEthernet(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 14 > end) return missing(end, wireEnd);
  const type = readEthernet(row, at);
  if (type == 0x0800) return decodeIpv4(row, at + 14, end, wireEnd);
  return decodeUnderEthernet(row, type, at, end, wireEnd);
}

/** The header of `decodeEthernet`, all of which was captured; returns its type. */
function readEthernet(row: Row, at: usize): u32 {
  row.destinationMac = ((<u64>be32(at)) << 16) | be16(at + 4);
  row.sourceMac = ((<u64>be32(at + 6)) << 16) | be16(at + 10);
  row.flags |= FLAG_MAC;
  return be16(at + 12);
}

/** Whatever is not IPv4. `at` is the Ethernet header. */
export function decodeUnderEthernet(
  row: Row,
  type: u32,
  at: usize,
  end: usize,
  wireEnd: usize,
): u8 {
  // Cisco ISL: the frame stands behind 26 bytes, 14 of which its length does not count.
  if (type <= 1500 && row.destinationMac >> 8 == 0x01000c0000) {
    const islEnd = type == 0 ? wireEnd : min<usize>(wireEnd, at + 14 + type);
    return decodeInnerEthernet(row, at + 26, min(end, islEnd), islEnd);
  }
  return decodeTypeOrLength(row, type, at + 14, end, wireEnd);
}

/** Ethernet inside something else: how deep is counted. */
export function decodeInnerEthernet(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  return mayNest() ? decodeEthernet(row, at, end, wireEnd) : <u8>NOT_JUDGED_ENCAPSULATION;
}
