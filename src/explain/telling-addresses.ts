import { type Address, type Prefix, addressWidth } from '../model/address.js';
import type { NetworkInterface, VpcDescription } from '../model/vpc.js';
import { namedPrefixes } from './named-prefixes.js';

/** An address of an interface, and what rules and exemptions can tell it by. */
export interface TellingAddress {
  readonly address: Address;
  /** The same for addresses that are in the same blocks of all that the documents name. */
  readonly kind: string;
}

/**
 * Addresses of an interface that may be judged differently, one of each kind. Of a delegated prefix its first address stands for
 * all.
 */
export function tellingAddresses(
  description: VpcDescription,
): (eni: NetworkInterface) => readonly TellingAddress[] {
  const kindOf = innermostBlock([...namedPrefixes(description), ...specialBlocks(description)]);
  return ({ addresses, delegated }) => {
    const byKind = new Map<string, Address>();
    const firsts = delegated.map(({ family, value }): Address => ({ family, value }));
    for (const address of [...addresses, ...firsts]) {
      const kind = kindOf(address);
      if (!byKind.has(kind)) byKind.set(kind, address);
    }
    return [...byKind].map(([kind, address]) => ({ kind, address }));
  };
}

/** Blocks of prefixes around an address are nested: the innermost one tells them all. */
function innermostBlock(prefixes: readonly Prefix[]): (address: Address) => string {
  const known = { 4: new Map<number, Set<bigint>>(), 6: new Map<number, Set<bigint>>() };
  for (const { family, value, length } of prefixes) {
    const starts = known[family].get(length) ?? new Set<bigint>();
    known[family].set(length, starts.add(value >> BigInt(addressWidth(family) - length)));
  }
  const longestFirst = {
    4: [...known[4].keys()].sort((one, other) => other - one),
    6: [...known[6].keys()].sort((one, other) => other - one),
  };
  return ({ family, value }) => {
    for (const length of longestFirst[family]) {
      const start = value >> BigInt(addressWidth(family) - length);
      if (known[family].get(length)!.has(start)) return `${family} ${start}/${length}`;
    }
    return `${family}`;
  };
}

/** What is exempt or a broadcast by the VPC's own blocks (NF-1, NF-4), and what a group covers by a delegated prefix (SG-10). */
function specialBlocks({ vpcs, subnets, interfaces }: VpcDescription): readonly Prefix[] {
  const own = subnets.flatMap(({ prefixes }) =>
    prefixes.flatMap((prefix) => {
      const size = 1n << BigInt(addressWidth(prefix.family) - prefix.length);
      return [0n, 1n, 2n, 3n, size - 1n].map((position) => single(prefix, position));
    }),
  );
  const resolvers = vpcs.flatMap(({ prefixes }) => prefixes.map((prefix) => single(prefix, 2n)));
  return [...own, ...resolvers, ...interfaces.flatMap(({ delegated }) => delegated)];
}

const single = ({ family, value }: Prefix, position: bigint): Prefix => ({
  family,
  value: value + position,
  length: addressWidth(family),
});
