import { type Address, type Prefix, addressWidth } from '../model/address.js';
import type { NetworkInterface, VpcDescription } from '../model/vpc.js';
import { namedPrefixes } from './named-prefixes.js';

/**
 * Addresses of an interface that rules may tell apart, one of each kind: two of one kind are in the same blocks of all that
 * rules, prefix lists and paths name. Of a delegated prefix its first address stands for all.
 */
export function tellingAddresses(
  description: VpcDescription,
): (eni: NetworkInterface) => readonly Address[] {
  const classOf = innermostBlock(namedPrefixes(description));
  return ({ addresses, delegated }) => {
    const byClass = new Map<string, Address>();
    const firsts = delegated.map(({ family, value }): Address => ({ family, value }));
    for (const address of [...addresses, ...firsts]) {
      const key = classOf(address);
      if (!byClass.has(key)) byClass.set(key, address);
    }
    return [...byClass.values()];
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
