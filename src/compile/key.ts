import type { Address, Prefix } from '../model/address.js';

/** A 128-bit value as four 32-bit words, most significant first: quick to take bits from. */
export type KeyWords = readonly [number, number, number, number];

/** A prefix as tries are made of it: the bits that they branch on, and how many of them count. */
export interface Spot {
  readonly key: KeyWords;
  readonly length: number;
}

export const spotOf = (prefix: Prefix): Spot => ({ key: trieKey(prefix), length: prefix.length });

/** The bits that a trie branches on. An IPv4 address stands in the first word. */
function trieKey({ family, value }: Address | Prefix): KeyWords {
  if (family === 4) return [Number(value), 0, 0, 0];
  return [
    Number(value >> 96n),
    Number((value >> 64n) & 0xffffffffn),
    Number((value >> 32n) & 0xffffffffn),
    Number(value & 0xffffffffn),
  ];
}

/** By value, a covering prefix before what it covers. */
export function compareSpots(a: Spot, b: Spot): number {
  for (let word = 0; word < 4; word++) {
    const difference = a.key[word]! - b.key[word]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function covers(outer: Spot, inner: Spot): boolean {
  if (outer.length > inner.length) return false;
  let left = outer.length;
  for (let word = 0; left > 0; word++, left -= 32) {
    const other = (outer.key[word]! ^ inner.key[word]!) >>> Math.max(0, 32 - left);
    if (other !== 0) return false;
  }
  return true;
}

/** Tells a prefix from all others of its family. */
export function nameOf({ key, length }: Spot, family: 4 | 6): number | string {
  return family === 4 ? key[0] * 64 + length : `${key.join()}/${length}`;
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
