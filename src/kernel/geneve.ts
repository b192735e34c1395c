import { be16, be32 } from './bytes';
import { decodeEthertype } from './ethertype';
import { missing } from './ip';
import { NOT_JUDGED_ENCAPSULATION } from './layout';
import { Row } from './row';

const HEADER: usize = 8;

/** The network identifier; 0 when it was not captured. */
export function geneveNetwork(at: usize, end: usize): u32 {
  return at + HEADER > end ? 0 : be32(at + 4) >> 8;
}

/** RFC 8926: version 0, options counted in words, an Ethertype. */
export function decodeGeneve(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + HEADER > end) return missing(end, wireEnd);
  const first = <u32>load<u8>(at);
  if (first >> 6 != 0) return NOT_JUDGED_ENCAPSULATION;
  const packet = at + HEADER + ((first & 63) << 2);
  return decodeEthertype(row, be16(at + 2), packet, end, wireEnd);
}
