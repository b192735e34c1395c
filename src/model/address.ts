import { Address4, Address6 } from 'ip-address';

/** An IP address. `value` is 32 bits for family 4 and 128 bits for family 6, most significant bit first. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** A CIDR block in canonical form: every bit of `value` below `length` is zero. */
export interface Prefix {
  readonly family: 4 | 6;
  readonly value: bigint;
  readonly length: number;
}

const WIDTH = { 4: 32, 6: 128 } as const;

/** Bits in an address of the family. */
export const addressWidth = (family: 4 | 6): number => WIDTH[family];

/** Parses a plain IPv4 or IPv6 address; undefined for anything else (prefix lengths and zones included). */
export function parseAddress(text: string): Address | undefined {
  if (text.includes('/') || text.includes('%')) return undefined;
  if (text.includes(':')) {
    return Address6.isValid(text) ? { family: 6, value: new Address6(text).bigInt() } : undefined;
  }
  return Address4.isValid(text) ? { family: 4, value: new Address4(text).bigInt() } : undefined;
}

/**
 * Parses a CIDR block; a bare address is its /32 or /128 (SG-8). Host bits are cleared (PR-4), which
 * `hostBits` tells. Undefined for anything else.
 */
export function parsePrefix(text: string): { prefix: Prefix; hostBits: boolean } | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const width = WIDTH[address.family];
  const digits = slash < 0 ? String(width) : text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(digits)) return undefined;
  const length = Number(digits);
  if (length > width) return undefined;
  const value = clearHostBits(address.family, address.value, length);
  return {
    prefix: { family: address.family, value, length },
    hostBits: value !== address.value,
  };
}

/** The prefix of `length` bits around an address. */
export function prefixOf(address: Address, length: number): Prefix {
  const { family } = address;
  return { family, value: clearHostBits(family, address.value, length), length };
}

export function prefixContains(prefix: Prefix, address: Address): boolean {
  return (
    prefix.family === address.family &&
    clearHostBits(prefix.family, address.value, prefix.length) === prefix.value
  );
}

/** Canonical text: dotted quad, or RFC 5952 for IPv6. */
export function formatAddress({ family, value }: Address): string {
  if (family === 4) return dottedQuad(Number(value));
  const address = Address6.fromBigInt(value);
  return address.isMapped4() ? address.to4in6() : address.correctForm();
}

/** A report names tens of thousands; the library parses what it has written. */
const dottedQuad = (value: number): string =>
  `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;

export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix)}/${prefix.length}`;
}

function clearHostBits(family: 4 | 6, value: bigint, length: number): bigint {
  const host = BigInt(WIDTH[family] - length);
  return (value >> host) << host;
}
