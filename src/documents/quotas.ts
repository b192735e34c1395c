import type { Direction, Peer, SecurityGroup } from '../model/security-group.js';
import type { PrefixList, VpcDescription } from '../model/vpc.js';
import { addFault, cut, type Faults } from './faults.js';

/**
 * Warns of groups and interfaces beyond AWS's default quotas (PR-7); they are judged all the same (PR-9).
 * `maxEntries` holds the sizes of prefix lists by id, which count instead of their entries (PR-8).
 */
export function checkQuotas(
  { groups, interfaces, prefixLists }: VpcDescription,
  maxEntries: ReadonlyMap<string, number>,
  faults: Faults,
): void {
  const weighed = prefixLists.map((list): [string, ListWeight] => [
    list.id,
    listWeight(list, maxEntries.get(list.id)),
  ]);
  const weights = new Map(weighed);
  for (const group of groups) checkGroup(group, weights, faults);
  for (const { id, groupIds, place } of interfaces) {
    if (groupIds.length <= GROUPS) continue;
    const fact = `${cut(id)} has ${groupIds.length} security groups, above the default quota of ${GROUPS}`;
    addFault(faults, 'warning', 'quota', place, fact);
  }
}

/** Rules of a group in one direction and family. */
const RULES = 60;
/** Security groups of an interface. */
const GROUPS = 5;

/** Weights of the lists that AWS keeps (PR-8), by what their names contain. */
const AWS_LISTS = [
  { part: 'cloudfront', weight: 55 },
  { part: 'vpc-lattice', weight: 10 },
  { part: 'groundstation', weight: 5 },
] as const;

/** What a rule with the list counts; family undefined when the entries do not tell it: both. */
interface ListWeight {
  readonly family: 4 | 6 | undefined;
  readonly weight: number;
}

function checkGroup(
  { id, rules, place }: SecurityGroup,
  weights: ReadonlyMap<string, ListWeight>,
  faults: Faults,
): void {
  for (const direction of ['ingress', 'egress'] as const satisfies readonly Direction[]) {
    const ofDirection = rules.filter((rule) => rule.direction === direction);
    for (const family of [4, 6] as const) {
      const sum = ofDirection.reduce((all, { peer }) => all + weightOf(peer, family, weights), 0);
      if (sum <= RULES) continue;
      const fact = `${cut(id)} has ${sum} IPv${family} ${direction} rules, above the default quota of ${RULES}`;
      addFault(faults, 'warning', 'quota', place, fact);
    }
  }
}

/** Group references count in both families (PR-8). */
function weightOf(peer: Peer, family: 4 | 6, weights: ReadonlyMap<string, ListWeight>): number {
  switch (peer.kind) {
    case 'cidr':
      return peer.prefix.family === family ? 1 : 0;
    case 'group':
      return 1;
    case 'prefix-list': {
      const list = weights.get(peer.prefixListId);
      if (list === undefined) return 1;
      return list.family === undefined || list.family === family ? list.weight : 0;
    }
  }
}

function listWeight({ name, entries }: PrefixList, maxEntries: number | undefined): ListWeight {
  const family = entries?.[0]?.family;
  if (!name.startsWith('com.amazonaws.')) {
    return { family, weight: maxEntries ?? entries?.length ?? 1 };
  }
  return { family, weight: AWS_LISTS.find(({ part }) => name.includes(part))?.weight ?? 1 };
}
