import { type Address, prefixContains } from '../model/address.js';
import type { VpcDescription } from '../model/vpc.js';
import type { Timeline } from '../policy/timeline.js';

/** When phases begin, which interfaces carry the same groups, and which remote addresses may share a cause. */
export function caseWorldOf({ phases }: Timeline): {
  readonly phasesFrom: readonly bigint[];
  setOf(phase: number, eni: number): number;
  peerKindOf(phase: number, address: Address): string;
} {
  const kinds = phases.map(({ description }) => peerKinds(description));
  return {
    phasesFrom: phases.map(({ fromNs }) => fromNs),
    // Interfaces without groups each stand alone: beside all sets.
    setOf: (phase, eni) => {
      const { interfaces, sets } = phases[phase]!.policy;
      return interfaces[eni]!.set ?? sets.length + eni;
    },
    peerKindOf: (phase, address) => kinds[phase]!(address),
  };
}

/** Members of the same groups are of one kind, as are addresses of one subnet's or VPC's, and all outside: see peer-identity.ts. */
function peerKinds({ interfaces, subnets, vpcs, prefixLists }: VpcDescription) {
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
  const blocks = [
    ...interfaces.flatMap((eni) =>
      eni.delegated.map((prefix) => ({ prefix, kind: memberOf(eni) })),
    ),
    ...subnets.flatMap(({ id, prefixes }) => prefixes.map((prefix) => ({ prefix, kind: id }))),
    ...vpcs.flatMap(({ id, prefixes }) => prefixes.map((prefix) => ({ prefix, kind: id }))),
    ...prefixLists.flatMap(({ id, entries = [] }) =>
      entries.map((prefix) => ({ prefix, kind: id })),
    ),
  ];
  return (address: Address): string =>
    exact.get(keyOf(address)) ??
    blocks.find(({ prefix }) => prefixContains(prefix, address))?.kind ??
    'outside';
}

function keyOf({ family, value }: Address): string {
  return `${family} ${value}`;
}
