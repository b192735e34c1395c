import { type Address, type Prefix, addressWidth } from '../model/address.js';
import type { VpcDescription } from '../model/vpc.js';

/**
 * Tells which addresses may share a cause: members of the same groups are of one kind, as are addresses of one subnet's or
 * VPC's, and all outside; see peer-identity.ts. A flood asks it for millions of addresses.
 */
export function peerKinds({
  interfaces,
  subnets,
  vpcs,
  prefixLists,
}: VpcDescription): (address: Address) => string {
  const exact = new Map<string, string>();
  const note = (address: Address, kind: string): void => {
    const key = keyOf(address);
    if (!exact.has(key)) exact.set(key, kind);
  };
  const memberOf = ({ groupIds }: { readonly groupIds: readonly string[] }): string =>
    ['member', ...new Set(groupIds)].join(' ');
  for (const eni of interfaces) for (const own of eni.addresses) note(own, memberOf(eni));
  for (const eni of interfaces) {
    for (const own of eni.publicAddresses ?? []) note(own, `public ${memberOf(eni)}`);
  }
  const find = firstBlock([
    ...interfaces.flatMap((eni) =>
      eni.delegated.map((prefix) => ({ prefix, kind: memberOf(eni) })),
    ),
    ...subnets.flatMap(({ id, prefixes }) => prefixes.map((prefix) => ({ prefix, kind: id }))),
    ...vpcs.flatMap(({ id, prefixes }) => prefixes.map((prefix) => ({ prefix, kind: id }))),
    ...prefixLists.flatMap(({ id, entries = [] }) =>
      entries.map((prefix) => ({ prefix, kind: id })),
    ),
  ]);
  return (address) => exact.get(keyOf(address)) ?? find(address) ?? 'outside';
}

/** The kind of the first block around an address: one look per length that the blocks have, however many they are. */
export function firstBlock<Kind>(
  blocks: readonly { readonly prefix: Prefix; readonly kind: Kind }[],
): (address: Address) => Kind | undefined {
  const byLength = { 4: startsByLength(), 6: startsByLength() };
  for (const [order, { prefix }] of blocks.entries()) {
    const { family, length, value } = prefix;
    const starts = byLength[family].get(length) ?? new Map<bigint, number>();
    byLength[family].set(length, starts);
    const start = value >> BigInt(addressWidth(family) - length);
    if (!starts.has(start)) starts.set(start, order);
  }
  return ({ family, value }) => {
    let first = Infinity;
    for (const [length, starts] of byLength[family]) {
      const order = starts.get(value >> BigInt(addressWidth(family) - length));
      if (order !== undefined && order < first) first = order;
    }
    return blocks[first]?.kind;
  };
}

/** By length: positions of blocks by the bits that their addresses begin with. */
function startsByLength(): Map<number, Map<bigint, number>> {
  return new Map();
}

function keyOf({ family, value }: Address): string {
  return `${family} ${value}`;
}
