import type { Address } from '../model/address.js';
import type { Direction } from '../model/security-group.js';
import { type Carried, carries, carriesAll } from './carries.js';
import { type PrefixIndex, createPrefixIndex } from './prefix-index.js';
import type { ResolvedPolicy, ResolvedRule } from './resolve.js';

/** Finds all rules that match, where the kernel finds the first. */
export interface RuleMatcher {
  /** Rules of a set and direction that let a packet with this remote address pass, ascending by number (SG-1..SG-3). */
  matching(
    set: number,
    direction: Direction,
    remote: Address,
    carried: Carried,
  ): readonly ResolvedRule[];
  /** Those whose peer is literally any of the family (CT-4 a). */
  openTo(set: number, direction: Direction, carried: Carried): readonly ResolvedRule[];
  /** Those open to any peer of the family and every port: the way back of an untracked flow (CT-4 b). */
  waysBack(set: number, direction: Direction, carried: Carried): readonly ResolvedRule[];
}

export function createRuleMatcher({ sets }: Pick<ResolvedPolicy, 'sets'>): RuleMatcher {
  const sides = sets.map((): Partial<Record<Direction, Side>> => ({}));
  const sideOf = (set: number, direction: Direction): Side =>
    (sides[set]![direction] ??= indexSide(sets[set]![direction]));
  return {
    matching(set, direction, remote, carried) {
      const { index } = sideOf(set, direction);
      const found = index.holding(remote).filter(({ rule }) => carries(rule.traffic, carried));
      // A prefix list may hold an address more than once.
      if (found.length < 2) return found;
      found.sort((one, other) => one.index - other.index);
      return found.filter((rule, i) => rule !== found[i - 1]);
    },
    openTo: (set, direction, carried) =>
      sideOf(set, direction).open[carried.family].filter(({ rule }) =>
        carries(rule.traffic, carried),
      ),
    waysBack: (set, direction, { family, protocol }) =>
      sideOf(set, direction).open[family].filter(({ rule }) => carriesAll(rule.traffic, protocol)),
  };
}

interface Side {
  readonly index: PrefixIndex<ResolvedRule>;
  readonly open: Readonly<Record<4 | 6, readonly ResolvedRule[]>>;
}

function indexSide(rules: readonly ResolvedRule[]): Side {
  const index = createPrefixIndex<ResolvedRule>();
  for (const rule of rules) for (const prefix of rule.prefixes) index.add(prefix, rule);
  const open = (family: 4 | 6): ResolvedRule[] => rules.filter(({ anyPeer }) => anyPeer === family);
  return { index, open: { 4: open(4), 6: open(6) } };
}
