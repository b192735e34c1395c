import { be16, be32 } from './bytes';
import { decodeInnerEthernet } from './ethernet';
import { decodeIpv4, decodeIpv6, missing } from './ip';
import { NOT_JUDGED_ENCAPSULATION } from './layout';
import { Row } from './row';

/** RFC 5586: a control channel follows whatever its first bits. */
const GENERIC_ASSOCIATED_CHANNEL: u32 = 13;

/**
 * RFC 3032. Nothing tells what is under the last label: by its first four bits (RFC 4928) it is IP, a pseudowire's
 * control channel, or an Ethernet pseudowire with a control word.
 */
export function decodeMpls(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  let entry: u32;
  do {
    if (at + 4 > end) return missing(end, wireEnd);
    entry = be32(at);
    at += 4;
  } while ((entry & 0x100) == 0 && at < wireEnd);
  if (at + 1 > end) return missing(end, wireEnd);
  const first = (<u32>load<u8>(at)) >> 4;
  if (entry >> 12 == GENERIC_ASSOCIATED_CHANNEL || first == 1) {
    return decodeChannel(row, at, end, wireEnd);
  }
  if (first == 4) return decodeIpv4(row, at, end, wireEnd);
  if (first == 6) return decodeIpv6(row, at, end, wireEnd);
  if (first == 0) return decodePseudowire(row, at, end, wireEnd);
  return NOT_JUDGED_ENCAPSULATION;
}

/** Ethernet (RFC 4448), behind a control word unless a known Ethertype shows that there is none. */
function decodePseudowire(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  const plain = at + 18 <= end && isCommon(be16(at + 12)) && !isCommon(be16(at + 16));
  return decodeInnerEthernet(row, plain ? at : at + 4, end, wireEnd);
}

/** Ethertypes that pseudowires carry most: IP, ARP, tags, labels, PPPoE. */
function isCommon(type: u32): bool {
  return (
    type == 0x0800 ||
    type == 0x86dd ||
    type == 0x0806 ||
    type == 0x8100 ||
    type == 0x88a8 ||
    type == 0x9100 ||
    type == 0x8847 ||
    type == 0x8864
  );
}

/** Associated channel (RFC 4385 section 5): the type may be a PPP number, that of IPv4 or IPv6. */
function decodeChannel(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 4 > end) return missing(end, wireEnd);
  const type = be16(at + 2);
  if (type == 0x0021) return decodeIpv4(row, at + 4, end, wireEnd);
  if (type == 0x0057) return decodeIpv6(row, at + 4, end, wireEnd);
  return NOT_JUDGED_ENCAPSULATION;
}
