import type { Direction, Rule, SecurityGroup } from './security-group.js';
import type { PrefixList } from './vpc.js';

/** AWS's default quotas (PR-7): rules of a group in one direction and family. */
export const RULES_PER_GROUP = 60;

/** What the rules of a group in one direction count against the quota, by family (PR-8). */
export function rulesWeight(
  { rules }: Pick<SecurityGroup, 'rules'>,
  direction: Direction,
  lists: ReadonlyMap<string, ListWeight>,
): Readonly<Record<4 | 6, number>> {
  const sum = { 4: 0, 6: 0 };
  for (const rule of rules) {
    if (rule.direction !== direction) continue;
    for (const family of [4, 6] as const) sum[family] += weightOf(rule, family, lists);
  }
  return sum;
}

/** What a rule with the list counts; family undefined when the entries do not tell it: both. */
export interface ListWeight {
  readonly family: 4 | 6 | undefined;
  readonly weight: number;
}

/** Weights by the lists' ids, for `rulesWeight`. */
export function listWeights(lists: readonly PrefixList[]): ReadonlyMap<string, ListWeight> {
  return new Map(lists.map((list) => [list.id, listWeight(list)]));
}

/** Weights of the lists that AWS keeps (PR-8), by what their names contain. */
const AWS_LISTS = [
  { part: 'cloudfront', weight: 55 },
  { part: 'vpc-lattice', weight: 10 },
  { part: 'groundstation', weight: 5 },
] as const;

function listWeight({ name, entries, maxEntries }: PrefixList): ListWeight {
  const family = entries?.[0]?.family;
  if (!name.startsWith('com.amazonaws.')) {
    return { family, weight: maxEntries ?? entries?.length ?? 1 };
  }
  return { family, weight: AWS_LISTS.find(({ part }) => name.includes(part))?.weight ?? 1 };
}

/** Group references count in both families (PR-8). */
function weightOf({ peer }: Rule, family: 4 | 6, lists: ReadonlyMap<string, ListWeight>): number {
  switch (peer.kind) {
    case 'cidr':
      return peer.prefix.family === family ? 1 : 0;
    case 'group':
      return 1;
    case 'prefix-list': {
      const list = lists.get(peer.prefixListId);
      if (list === undefined) return 1;
      return list.family === undefined || list.family === family ? list.weight : 0;
    }
  }
}
