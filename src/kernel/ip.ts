import { be16, be32, be64 } from './bytes';
import {
  CONTENT_IP,
  FLAG_FIRST_FRAGMENT,
  FLAG_IPV6,
  FLAG_LATER_FRAGMENT,
  FLAG_MORE_FRAGMENTS,
  NOT_JUDGED_CUT,
  NOT_JUDGED_MALFORMED,
} from './layout';
import { Row } from './row';
import { decodeTransport } from './transport';

const IPV4_HEADER: u32 = 20;
const IPV6_HEADER: u32 = 40;
const MAPPED: u64 = 0x0000ffff00000000;

/**
 * RFC 791. `at` is the header, `end` the end of the captured bytes, `wireEnd` where the frame ended on the wire.
 * Returns the row's content: CONTENT_IP or the code of a frame that cannot be judged.
 */
export function decodeIpv4(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + IPV4_HEADER > end) return missing(end, wireEnd);
  const first = <u32>load<u8>(at);
  const headerLength = (first & 15) << 2;
  if (first >> 4 != 4 || headerLength < IPV4_HEADER) return NOT_JUDGED_MALFORMED;
  row.sourceLo = MAPPED | be32(at + 12);
  row.destinationLo = MAPPED | be32(at + 16);
  row.protocol = load<u8>(at + 9);
  const totalLength = be16(at + 2);
  // Segmentation offload leaves 0 for super-frames: then the frame's own end counts.
  let ipEnd = totalLength == 0 ? wireEnd : at + totalLength;
  if (totalLength != 0 && totalLength < headerLength) return NOT_JUDGED_MALFORMED;
  const fragment = be16(at + 6);
  const offset = (fragment & 0x1fff) << 3;
  const more = (fragment & 0x2000) != 0;
  row.fragmentOffset = offset;
  if (offset != 0 || more) {
    row.fragmentId = be16(at + 4);
    row.flags |= offset != 0 ? FLAG_LATER_FRAGMENT : FLAG_FIRST_FRAGMENT;
    if (more) row.flags |= FLAG_MORE_FRAGMENTS;
  }
  if (at + headerLength > end) return missing(end, wireEnd);
  if (offset != 0) return CONTENT_IP;
  return decodeTransport(row, at + headerLength, end, ipEnd, wireEnd);
}

/** RFC 8200: walks hop-by-hop, routing, fragment and destination options; any other next header is the protocol. */
export function decodeIpv6(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + IPV6_HEADER > end) return missing(end, wireEnd);
  if (load<u8>(at) >> 4 != 6) return NOT_JUDGED_MALFORMED;
  row.flags |= FLAG_IPV6;
  row.sourceHi = be64(at + 8);
  row.sourceLo = be64(at + 16);
  row.destinationHi = be64(at + 24);
  row.destinationLo = be64(at + 32);
  const payloadLength = be16(at + 4);
  // 0 means a jumbogram or a super-frame: the frame's own end counts.
  const ipEnd = payloadLength == 0 ? wireEnd : at + IPV6_HEADER + payloadLength;
  let next = load<u8>(at + 6);
  let header = at + IPV6_HEADER;
  while (isExtension(next)) {
    row.protocol = next;
    if (header + 8 > ipEnd) return NOT_JUDGED_MALFORMED;
    if (header + 8 > end) return missing(end, wireEnd);
    if (next == 44) {
      const fragment = be16(header + 2);
      const offset = fragment & 0xfff8;
      if (offset != 0 || fragment & 1) {
        row.fragmentId = be32(header + 4);
        row.fragmentOffset = offset;
        row.flags |= offset != 0 ? FLAG_LATER_FRAGMENT : FLAG_FIRST_FRAGMENT;
        if (fragment & 1) row.flags |= FLAG_MORE_FRAGMENTS;
      }
      next = load<u8>(header);
      header += 8;
      if (offset != 0) {
        row.protocol = next;
        return CONTENT_IP;
      }
    } else {
      next = load<u8>(header);
      header += (<usize>load<u8>(header + 1) + 1) << 3;
    }
  }
  row.protocol = next;
  return decodeTransport(row, header, end, ipEnd, wireEnd);
}

/** Hop-by-hop options, routing, fragment, destination options. */
export function isExtension(next: u8): bool {
  return next == 0 || next == 43 || next == 44 || next == 60;
}

/** Bytes that are not there: left out by the capture, or never sent. */
export function missing(end: usize, wireEnd: usize): u8 {
  return end < wireEnd ? NOT_JUDGED_CUT : NOT_JUDGED_MALFORMED;
}
