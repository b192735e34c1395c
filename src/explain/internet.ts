import { type Address, type Prefix, parseAddress, prefixContains } from '../model/address.js';
import type { VpcDescription } from '../model/vpc.js';
import { namedPrefixes } from './named-prefixes.js';

/**
 * An address that stands for the internet: of a block for documentation (RFC 5737, RFC 3849, RFC 9637), outside the VPCs, and
 * if there is one, not in a block that rules name on purpose.
 */
export function internetAddress(family: 4 | 6, description: VpcDescription): Address {
  const own = ownPrefixes(description);
  const named = namedPrefixes(description).filter(({ length }) => length > WIDE[family]);
  const isIn = (prefixes: readonly Prefix[], address: Address): boolean =>
    prefixes.some((prefix) => prefixContains(prefix, address));
  const outside = CANDIDATES[family].filter((address) => !isIn(own, address));
  const plain = outside.find((address) => !isIn(named, address));
  return plain ?? outside[0] ?? CANDIDATES[family][0]!;
}

const addresses = (...texts: string[]): readonly Address[] => texts.map((t) => parseAddress(t)!);

const CANDIDATES = {
  4: addresses('203.0.113.1', '198.51.100.1', '192.0.2.1', '203.0.113.254', '198.51.100.254'),
  6: addresses('2001:db8::1', '3fff::1', '2001:db8:ffff::1', '3fff:fff:ffff::1'),
} as const;

/** Blocks up to so many bits mean much of the internet: /0 and what it may be split into. */
const WIDE = { 4: 7, 6: 8 } as const;

/** Blocks of the VPCs and their subnets, and every address of their interfaces. */
export function ownPrefixes({ vpcs, subnets, interfaces }: VpcDescription): readonly Prefix[] {
  const held = interfaces.flatMap(({ addresses: all, publicAddresses = [], delegated }) => [
    ...delegated,
    ...[...all, ...publicAddresses].map(({ family, value }): Prefix => ({
      family,
      value,
      length: family === 4 ? 32 : 128,
    })),
  ]);
  return [...vpcs, ...subnets].flatMap(({ prefixes }) => prefixes).concat(held);
}
