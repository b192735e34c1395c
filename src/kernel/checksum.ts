import { be16 } from './bytes';
import { ICMP, ICMPV6, TCP, UDP } from './protocol';

// The Internet checksum (RFC 1071), of packets that are whole: verified on request, for nothing hangs on it.

export let checksumsAreCounted: bool = false;

let wrongHeaders: u64 = 0;
let wrongTransports: u64 = 0;

export function setupChecksums(counted: bool): void {
  checksumsAreCounted = counted;
  setWrongChecksums(0, 0);
}

/** IPv4 headers whose checksum is wrong. */
export function wrongHeaderChecksums(): u64 {
  return wrongHeaders;
}

/** TCP, UDP and ICMP checksums that are wrong, of packets that are no fragments. */
export function wrongTransportChecksums(): u64 {
  return wrongTransports;
}

/** Takes back what was counted in a packet that nobody was to see. */
export function setWrongChecksums(headers: u64, transports: u64): void {
  wrongHeaders = headers;
  wrongTransports = transports;
}

/** `transport` is where the header ends, all of which was captured up to `end`. */
export function countChecksums4(at: usize, transport: usize, ipEnd: usize, end: usize): void {
  if (fold(sum(at, transport - at)) != 0xffff) wrongHeaders++;
  if (ipEnd > end || ipEnd < transport || be16(at + 6) & 0x3fff) return;
  countTransport(load<u8>(at + 9), sum(at + 12, 8), false, transport, ipEnd);
}

/** `transport` is where the extension headers end. */
export function countChecksums6(
  at: usize,
  protocol: u8,
  transport: usize,
  ipEnd: usize,
  end: usize,
): void {
  if (ipEnd > end || ipEnd < transport) return;
  countTransport(protocol, sum(at + 8, 32), true, transport, ipEnd);
}

/** `addresses` is the sum of both. */
function countTransport(protocol: u8, addresses: u64, v6: bool, at: usize, ipEnd: usize): void {
  let length = <u32>(ipEnd - at);
  let pseudo = addresses + <u64>bswap<u16>(protocol);
  if (protocol == UDP) {
    if (length < 8) return;
    const stated = be16(at + 4);
    if (stated < 8 || stated > length) return;
    length = stated;
    // RFC 768: none was made; RFC 8200 section 8.1 has it made always.
    if (!v6 && be16(at + 6) == 0) return;
    if (v6 && be16(at + 6) == 0) {
      wrongTransports++;
      return;
    }
  } else if (protocol == TCP) {
    if (length < 20) return;
  } else if (protocol == (v6 ? ICMPV6 : ICMP)) {
    if (length < 4) return;
    if (!v6) pseudo = 0;
  } else {
    return;
  }
  if (protocol != ICMP) pseudo += bswap<u32>(length);
  if (fold(pseudo + sum(at, length)) != 0xffff) wrongTransports++;
}

/** Sum of 16-bit words as they lie in memory: the order of bytes in a word does not matter to its being right. */
function sum(at: usize, length: usize): u64 {
  let total: u64 = 0;
  const end = at + length;
  for (; at + 4 <= end; at += 4) total += load<u32>(at);
  if (length & 2) {
    total += load<u16>(at);
    at += 2;
  }
  return length & 1 ? total + load<u8>(at) : total;
}

function fold(total: u64): u32 {
  total = (total & 0xffffffff) + (total >> 32);
  total = (total & 0xffff) + (total >> 16);
  total = (total & 0xffff) + (total >> 16);
  return <u32>((total & 0xffff) + (total >> 16));
}
