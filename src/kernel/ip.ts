import { be16, be32, be64 } from './bytes';
import { checksumsAreCounted, countChecksums4, countChecksums6 } from './checksum';
import {
  CONTENT_IP,
  FLAG_FIRST_FRAGMENT,
  FLAG_IPV6,
  FLAG_LATER_FRAGMENT,
  FLAG_MORE_FRAGMENTS,
  IP_LENGTH_MOST,
  KNOWN_ADDRESSES,
  KNOWN_PROTOCOL,
  NOT_JUDGED_CUT,
  NOT_JUDGED_MALFORMED,
} from './layout';
import { TCP } from './protocol';
import { Row } from './row';
import { decodeTransport } from './transport';

const IPV4_HEADER: u32 = 20;
const IPV6_HEADER: u32 = 40;
const MAPPED: u64 = 0x0000ffff00000000;

const HOP_BY_HOP: u8 = 0;
const ROUTING: u8 = 43;
const FRAGMENT: u8 = 44;

/**
 * RFC 791. `at` is the header, `end` the end of the captured bytes, `wireEnd` where the frame ended on the wire.
 * Returns the row's content: CONTENT_IP or the code of a frame that cannot be judged.
 */
export function decodeIpv4(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + IPV4_HEADER > end) return missing(end, wireEnd);
  const first = <u32>load<u8>(at);
  const headerLength = (first & 15) << 2;
  if (first >> 4 != 4 || headerLength < IPV4_HEADER) return NOT_JUDGED_MALFORMED;
  const totalLength = be16(at + 2);
  if (totalLength != 0 && totalLength < headerLength) return NOT_JUDGED_MALFORMED;
  row.sourceLo = MAPPED | be32(at + 12);
  row.destinationLo = MAPPED | be32(at + 16);
  row.protocol = load<u8>(at + 9);
  row.known = KNOWN_ADDRESSES | KNOWN_PROTOCOL;
  // Segmentation offload leaves 0 for super-frames: then the frame's own end counts.
  const ipEnd = totalLength == 0 ? wireEnd : at + totalLength;
  row.ipLength = <u16>min<usize>(ipEnd - at, IP_LENGTH_MOST);
  const fragment = be16(at + 6);
  const offset = (fragment & 0x1fff) << 3;
  const more = (fragment & 0x2000) != 0;
  row.fragmentOffset = <u16>offset;
  if (offset != 0 || more) {
    row.fragmentId = be16(at + 4);
    row.flags |= offset != 0 ? FLAG_LATER_FRAGMENT : FLAG_FIRST_FRAGMENT;
    if (more) row.flags |= FLAG_MORE_FRAGMENTS;
  }
  const transport = at + headerLength;
  if (transport > end) {
    if (!tellsDestination(at + IPV4_HEADER, transport, end)) row.known = 0;
    return missing(end, wireEnd);
  }
  if (checksumsAreCounted) countChecksums4(at, transport, ipEnd, end);
  if (offset != 0) return CONTENT_IP;
  return decodeTransport(row, transport, end, ipEnd, wireEnd);
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
  row.known = KNOWN_ADDRESSES | KNOWN_PROTOCOL;
  let next = load<u8>(at + 6);
  let header = at + IPV6_HEADER;
  const ipEnd = endOfIpv6(at, next, end, wireEnd);
  row.ipLength = <u16>min<usize>(ipEnd - at, IP_LENGTH_MOST);
  let routed = false;
  let fragments: u32 = 0;
  while (isExtension(next)) {
    row.protocol = next;
    if (header + 8 > min(ipEnd, end)) {
      // Even so, its first byte tells what it stands before.
      const tells: usize = next == ROUTING ? 1 : next == FRAGMENT ? 8 : 2;
      if (header + tells <= min(ipEnd, end)) row.protocol = load<u8>(header);
      return header + 8 > ipEnd ? <u8>NOT_JUDGED_MALFORMED : missing(end, wireEnd);
    }
    if (next == FRAGMENT) {
      next = load<u8>(header);
      if (decodeFragment(row, header, fragments++)) {
        row.protocol = next;
        return CONTENT_IP;
      }
      header += 8;
    } else {
      const routing = next == ROUTING;
      routed = routed || (routing && load<u8>(header + 3) != 0);
      next = load<u8>(header);
      if (routing && !holdsItsRoute(header)) {
        row.protocol = next;
        return NOT_JUDGED_MALFORMED;
      }
      header += (<usize>load<u8>(header + 1) + 1) << 3;
    }
  }
  row.protocol = next;
  // On its way the packet has another destination than the one that it was summed with.
  if (checksumsAreCounted && !routed && !(row.flags & FLAG_FIRST_FRAGMENT)) {
    countChecksums6(at, next, header, ipEnd, end);
  }
  const content = decodeTransport(row, header, end, ipEnd, wireEnd);
  // Judged as if it ended there, but nobody said so.
  if (load<u8>(at + 6) == TCP && be16(at + 4) == 0) row.known = KNOWN_ADDRESSES | KNOWN_PROTOCOL;
  return content;
}

/** Whether a routing header is long enough for the addresses that it tells of: RFC 6275 (type 2), RFC 8754 (type 4). */
function holdsItsRoute(header: usize): bool {
  const length = (<u32>load<u8>(header + 1)) << 3;
  const type = load<u8>(header + 2);
  const needed: u32 = type == 2 ? 16 : type == 4 ? (<u32>load<u8>(header + 4) + 1) << 4 : 0;
  return length >= needed;
}

/** Takes in a fragment header; the first of several tells. True when no transport header follows. */
function decodeFragment(row: Row, header: usize, before: u32): bool {
  const fragment = be16(header + 2);
  const offset = fragment & 0xfff8;
  if (offset == 0 && !(fragment & 1)) return false;
  row.flags |= offset != 0 ? FLAG_LATER_FRAGMENT : FLAG_FIRST_FRAGMENT;
  row.fragmentId = be32(header + 4);
  if (before == 0) {
    row.fragmentOffset = <u16>offset;
    if (fragment & 1) row.flags |= FLAG_MORE_FRAGMENTS;
  }
  return offset != 0;
}

/**
 * Where a packet ends. A payload length of 0 is a jumbogram's, told by the option that comes first (RFC 2675), or that
 * of a TCP super-frame, whose end is the frame's.
 */
function endOfIpv6(at: usize, next: u8, end: usize, wireEnd: usize): usize {
  const payload = at + IPV6_HEADER;
  const length = be16(at + 4);
  if (length != 0) return payload + length;
  if (next == TCP) return wireEnd;
  if (next != HOP_BY_HOP || payload + 8 > end) return payload;
  const optionsEnd = min(end, payload + ((<usize>load<u8>(payload + 1) + 1) << 3));
  let option = payload + 2;
  while (option + 6 <= optionsEnd) {
    const type = load<u8>(option);
    if (type == 0xc2) {
      const jumbo = be32(option + 2);
      return jumbo > 0xffff ? payload + <usize>min<u32>(jumbo, 0x7fffffff) : payload;
    }
    option += type == 0 ? 1 : 2 + <usize>load<u8>(option + 1);
  }
  return payload;
}

/**
 * Whether the options of a header that is cut show that the address in it is the destination: no source route (RFC 791)
 * comes before their end.
 */
function tellsDestination(option: usize, optionsEnd: usize, end: usize): bool {
  while (option < end) {
    const type = load<u8>(option);
    if (type == 0) return true;
    if (type == 1) {
      option++;
      continue;
    }
    if (option + 2 > end) return false;
    const length = <usize>load<u8>(option + 1);
    if (type == 131 || type == 137) return option + length <= end;
    if (length < 2) return true;
    option += length;
  }
  return option >= optionsEnd;
}

/** Hop-by-hop options, routing, fragment, destination options. */
export function isExtension(next: u8): bool {
  return next == HOP_BY_HOP || next == ROUTING || next == FRAGMENT || next == 60;
}

/** Bytes that are not there: left out by the capture, or never sent. */
export function missing(end: usize, wireEnd: usize): u8 {
  return end < wireEnd ? NOT_JUDGED_CUT : NOT_JUDGED_MALFORMED;
}
