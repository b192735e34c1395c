import { type Address, type Prefix, addressWidth } from '../model/address.js';

/** An address as four words of 32 bits, signed, most significant first; IPv4 has only the last. */
export interface AddressWords {
  readonly family: 4 | 6;
  readonly words: Words;
}

export type Words = readonly [number, number, number, number];

/** Addresses whose bits under the masks are these. */
export interface PrefixWords extends AddressWords {
  readonly masks: Words;
  /** Bits that tell the prefix. */
  readonly length: number;
}

export function addressWords({ family, value }: Address): AddressWords {
  return { family, words: split(value) };
}

export function prefixWords({ family, value, length }: Prefix): PrefixWords {
  const width = addressWidth(family);
  const all = (1n << BigInt(width)) - 1n;
  const masks = split(all ^ (all >> BigInt(length)));
  return { family, words: split(value), masks, length };
}

export function isWithin(address: AddressWords, prefix: PrefixWords): boolean {
  const [a, b, c, d] = address.words;
  const { words, masks } = prefix;
  return (
    ((d ^ words[3]) & masks[3]) === 0 &&
    address.family === prefix.family &&
    ((a ^ words[0]) & masks[0]) === 0 &&
    ((b ^ words[1]) & masks[1]) === 0 &&
    ((c ^ words[2]) & masks[2]) === 0
  );
}

export const isWithinAny = (address: AddressWords, prefixes: readonly PrefixWords[]): boolean =>
  prefixes.some((prefix) => isWithin(address, prefix));

/** The prefix's address with these host bits. */
export function withHost({ family, words, masks }: PrefixWords, host: Words): AddressWords {
  const word = (i: 0 | 1 | 2 | 3): number => words[i] | (host[i] & ~masks[i]);
  return {
    family,
    words: family === 4 ? [0, 0, 0, word(3)] : [word(0), word(1), word(2), word(3)],
  };
}

/** Same for equal addresses only. */
export const addressKey = ({ family, words }: AddressWords): string =>
  family === 4 ? String(words[3]) : words.join(':');

const split = (value: bigint): Words => [
  Number(BigInt.asIntN(32, value >> 96n)),
  Number(BigInt.asIntN(32, value >> 64n)),
  Number(BigInt.asIntN(32, value >> 32n)),
  Number(BigInt.asIntN(32, value)),
];
