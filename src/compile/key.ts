import type { Address, Prefix } from '../model/address.js';

/** A 128-bit value as four 32-bit words, most significant first: quick to take bits from. */
export type KeyWords = readonly [number, number, number, number];

/** The bits that a trie branches on. An IPv4 address stands in the first word. */
export function trieKey(address: Address | Prefix): KeyWords {
  const { family, value } = address;
  if (family === 4) return [Number(value), 0, 0, 0];
  return [
    Number(value >> 96n),
    Number((value >> 64n) & 0xffffffffn),
    Number((value >> 32n) & 0xffffffffn),
    Number(value & 0xffffffffn),
  ];
}

/** The high and low 64 bits of an address as rows hold it: IPv4 as ::ffff:a.b.c.d. */
export function rowKey({ family, value }: Address | Prefix): { hi: bigint; lo: bigint } {
  if (family === 4) return { hi: 0n, lo: 0xffff_0000_0000n | value };
  return { hi: value >> 64n, lo: value & 0xffff_ffff_ffff_ffffn };
}

/** `count` (at most 6) bits of a key from bit `from` on; bits past its end are zero. */
export function bitsOf(key: KeyWords, from: number, count: number): number {
  const word = from >>> 5;
  const within = from & 31;
  const high = (key[word] ?? 0) << within;
  const low = within === 0 ? 0 : (key[word + 1] ?? 0) >>> (32 - within);
  return (high | low) >>> (32 - count);
}
