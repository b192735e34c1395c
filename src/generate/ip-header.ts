import { complement } from './ones-complement.js';

export const IPV4_HEADER = 20;
export const IPV6_HEADER = 40;

/**
 * RFC 791 section 3.1, and may not be fragmented. `source` and `destination` are where the addresses' four words stand;
 * `addressSum` is what they add to a checksum.
 */
export function writeIpv4(
  view: DataView,
  at: number,
  words: Int32Array,
  source: number,
  destination: number,
  addressSum: number,
  protocol: number,
  hops: number,
  length: number,
  id: number,
): void {
  const sum = 0x4500 + length + id + 0x4000 + ((hops << 8) | protocol) + addressSum;
  view.setInt32(at, 0x4500_0000 | length);
  view.setInt32(at + 4, (id << 16) | 0x4000);
  view.setInt32(at + 8, (hops << 24) | (protocol << 16) | complement(sum));
  view.setInt32(at + 12, words[source + 3]!);
  view.setInt32(at + 16, words[destination + 3]!);
}

/** RFC 8200 section 3. `length` is that of what follows. */
export function writeIpv6(
  view: DataView,
  at: number,
  words: Int32Array,
  source: number,
  destination: number,
  protocol: number,
  hops: number,
  length: number,
): void {
  view.setInt32(at, 0x6000_0000);
  view.setInt32(at + 4, (length << 16) | (protocol << 8) | hops);
  for (let i = 0; i < 4; i++) {
    view.setInt32(at + 8 + i * 4, words[source + i]!);
    view.setInt32(at + 24 + i * 4, words[destination + i]!);
  }
}
