import { be16 } from './bytes';
import { missing } from './ip';
import { NOT_FILTERED_NOT_APPLICABLE } from './layout';
import { decodeNlpid, decodeSnap } from './llc';
import { decodeCiscoType } from './ppp';
import { Row } from './row';

/** RFC 2427; without its control byte, Cisco's way with an Ethertype. An address ends with the byte whose last bit is set. */
export function decodeFrameRelay(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  let address: u32 = 0;
  let byte: u32;
  let last = at + 5;
  do {
    if (at + 1 > end) return missing(end, wireEnd);
    byte = load<u8>(at++);
    address |= byte & 0xfc;
  } while (!(byte & 1) && at < last);
  if (at + 2 > end) return missing(end, wireEnd);
  if (load<u8>(at) != 3) {
    // Circuit 0 is for signals.
    if (address == 0) return NOT_FILTERED_NOT_APPLICABLE;
    return decodeCiscoType(row, be16(at), at + 2, end, wireEnd);
  }
  at++;
  if (load<u8>(at) == 0) at++;
  if (at + 1 > end) return missing(end, wireEnd);
  if (load<u8>(at) == 0x80) return decodeSnap(row, at + 1, 0, end, wireEnd);
  return decodeNlpid(row, at, end, wireEnd);
}
