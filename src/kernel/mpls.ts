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
  const first = <u32>load<u8>(at) >> 4;
  if (entry >> 12 == GENERIC_ASSOCIATED_CHANNEL || first == 1) {
    return decodeChannel(row, at, end, wireEnd);
  }
  if (first == 4) return decodeIpv4(row, at, end, wireEnd);
  if (first == 6) return decodeIpv6(row, at, end, wireEnd);
  if (first == 0) return decodeInnerEthernet(row, at + 4, end, wireEnd);
  return NOT_JUDGED_ENCAPSULATION;
}

/** Associated channel (RFC 4385 section 5): the type may be a PPP number, that of IPv4 or IPv6. */
function decodeChannel(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 4 > end) return missing(end, wireEnd);
  const type = be16(at + 2);
  if (type == 0x0021) return decodeIpv4(row, at + 4, end, wireEnd);
  if (type == 0x0057) return decodeIpv6(row, at + 4, end, wireEnd);
  return NOT_JUDGED_ENCAPSULATION;
}
