import { be32 } from './bytes';
import { decodeInnerEthernet } from './ethernet';
import { missing } from './ip';
import { decodeNextProtocol } from './nsh';
import { Row } from './row';

const HEADER: usize = 8;
const HAS_NETWORK: u8 = 8;
const HAS_PROTOCOL: u8 = 4;

/** RFC 7348: without the bit that the network is told, it is none. What is cut counts as one. */
export function isVxlan(at: usize, end: usize): bool {
  return at + 1 > end || (load<u8>(at) & HAS_NETWORK) != 0;
}

/** The network identifier; 0 when it was not captured. */
export function vxlanNetwork(at: usize, end: usize): u32 {
  return at + HEADER > end ? 0 : be32(at + 4) >> 8;
}

/** An Ethernet frame; the generic extension (draft-ietf-nvo3-vxlan-gpe) may tell another protocol. */
export function decodeVxlan(row: Row, generic: bool, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + HEADER > end) return missing(end, wireEnd);
  if (generic && load<u8>(at) & HAS_PROTOCOL) {
    return decodeNextProtocol(row, load<u8>(at + 3), at + HEADER, end, wireEnd);
  }
  return decodeInnerEthernet(row, at + HEADER, end, wireEnd);
}
