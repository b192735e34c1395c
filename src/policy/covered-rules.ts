import type { Direction } from '../model/security-group.js';
import type { ResolvedPolicy, ResolvedRule } from './resolve.js';
import { createRuleSpace } from './rule-cover.js';

/**
 * Rules, by number, that let pass nothing which other rules do not let pass at every interface that has them, and the numbers
 * of those others. Of two that cover each other both are told. Rules that match nothing are left out.
 */
export function coveredRules({
  sets,
}: Pick<ResolvedPolicy, 'sets'>): ReadonlyMap<number, readonly number[]> {
  const covers = new Map<number, Set<number> | undefined>();
  for (const set of sets) {
    for (const direction of ['ingress', 'egress'] as const satisfies Direction[]) {
      const space = createRuleSpace(set[direction]);
      for (const rule of set[direction]) {
        if (rule.prefixes.length === 0 || isUncovered(covers, rule)) continue;
        const cover = space.coverOf(rule);
        const known = covers.get(rule.index) ?? [];
        const numbers = cover && new Set([...known, ...cover.map(({ index }) => index)]);
        covers.set(rule.index, numbers);
      }
    }
  }
  return new Map(
    [...covers].flatMap(([rule, by]) =>
      by === undefined ? [] : [[rule, [...by].sort((a, b) => a - b)] as const],
    ),
  );
}

/** At another interface. */
const isUncovered = (
  covers: ReadonlyMap<number, Set<number> | undefined>,
  { index }: ResolvedRule,
): boolean => covers.has(index) && covers.get(index) === undefined;
