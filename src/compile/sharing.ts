import type { ResolvedRule, RuleSet } from '../policy/resolve.js';
import type { ListOf, PeerList } from './peer-list.js';

/**
 * What group sets have in common is compiled with each of them, so that a lookup walks one trie; repeated without end it
 * would grow with interfaces x members. Past this many prefixes in all, what costs most is written once instead: lists of
 * prefixes in a trie for all rule lists (one more walk), and rules of a group as a part of their own (one more for each).
 */
const REPEATED_MAX = 1 << 16;

/** One direction of a group set, as it is written. */
export interface SidePlan {
  /** Ascending by index. */
  readonly own: readonly ResolvedRule[];
  /** Lists of rules, each one and the same for all sides that have it. */
  readonly shared: readonly (readonly ResolvedRule[])[];
}

export interface SharingPlan {
  /** In order of their numbers. */
  readonly lists: readonly PeerList[];
  readonly sides: readonly { readonly egress: SidePlan; readonly ingress: SidePlan }[];
}

export function planSharing(sets: readonly RuleSet[], listOf: ListOf): SharingPlan {
  const sides = sets.flatMap(({ egress, ingress }) => [egress, ingress]);
  const lists = chooseLists(sides, listOf);
  lists.forEach((list, number) => (list.shared = number));
  const planned = planParts(sides, listOf);
  return {
    lists,
    sides: sets.map((_, i) => ({ egress: planned[i * 2]!, ingress: planned[i * 2 + 1]! })),
  };
}

type RuleList = readonly ResolvedRule[];

function chooseLists(sides: readonly RuleList[], listOf: ListOf): PeerList[] {
  const uses = new Map<PeerList, number>();
  for (const side of sides) {
    const named = new Set<PeerList>();
    for (const rule of side) {
      const list = listOf(rule);
      if (list !== undefined) named.add(list);
    }
    for (const list of named) uses.set(list, (uses.get(list) ?? 0) + 1);
  }
  return costliest([...uses.keys()], (list) => (uses.get(list)! - 1) * list.prefixes.length);
}

/** What of a side's rules is one group's, by what is in it: where references are cut short, fewer of them (SG-14). */
interface GroupPart {
  readonly rules: RuleList;
  readonly size: number;
  uses: number;
}

function planParts(sides: readonly RuleList[], listOf: ListOf): SidePlan[] {
  const parts = new Map<string, GroupPart>();
  const sizeOf = (rule: ResolvedRule): number =>
    listOf(rule)?.shared === undefined ? rule.prefixes.length : 1;
  const partsOf = sides.map((side) =>
    [...byGroup(side)].map(([groupId, rules]): GroupPart => {
      const [{ index, rule }] = rules as [ResolvedRule];
      const name = JSON.stringify([groupId, rule.direction, index, rules.length]);
      let part = parts.get(name);
      if (part === undefined) {
        const size = rules.reduce((sum, each) => sum + sizeOf(each), 0);
        parts.set(name, (part = { rules, size, uses: 0 }));
      }
      part.uses++;
      return part;
    }),
  );
  const shared = new Set(costliest([...parts.values()], ({ uses, size }) => (uses - 1) * size));
  return sides.map((side, i) => {
    const apart = partsOf[i]!.filter((part) => shared.has(part)).map(({ rules }) => rules);
    if (apart.length === 0) return { own: side, shared: [] };
    const groups = new Set(apart.map(([first]) => first!.rule.groupId));
    return { own: side.filter(({ rule }) => !groups.has(rule.groupId)), shared: apart };
  });
}

function byGroup(rules: RuleList): Map<string, ResolvedRule[]> {
  const groups = new Map<string, ResolvedRule[]>();
  for (const each of rules) {
    const group = groups.get(each.rule.groupId);
    if (group === undefined) groups.set(each.rule.groupId, [each]);
    else group.push(each);
  }
  return groups;
}

/** Those whose cost, the highest first, brings the sum down to what may be repeated. */
function costliest<T>(all: readonly T[], costOf: (each: T) => number): T[] {
  const costs = all.map((each) => ({ each, cost: costOf(each) })).filter(({ cost }) => cost > 0);
  costs.sort((one, other) => other.cost - one.cost);
  let left = costs.reduce((sum, { cost }) => sum + cost, 0);
  const chosen: T[] = [];
  for (const { each, cost } of costs) {
    if (left <= REPEATED_MAX) break;
    left -= cost;
    chosen.push(each);
  }
  return chosen;
}
