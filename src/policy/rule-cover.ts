import { type Prefix, addressWidth, prefixContains } from '../model/address.js';
import { createPrefixIndex, type PrefixIndex } from './prefix-index.js';
import type { ResolvedRule } from './resolve.js';
import { coverTraffic, mayCover } from './traffic-cover.js';

/** The rules of one set and direction, sorted to be searched. */
export interface RuleSpace {
  /** Rules that together let pass all that one of them does, and none of which could be left out; undefined if none do. */
  coverOf(rule: ResolvedRule): readonly ResolvedRule[] | undefined;
}

interface Piece {
  readonly prefix: Prefix;
  readonly rule: ResolvedRule;
}

/** Prefixes that one search may cut in halves; a rule whose search takes more counts as not covered. */
const CUTS_MAX = 20_000;

export function createRuleSpace(rules: readonly ResolvedRule[]): RuleSpace {
  const pieces = rules
    .flatMap((rule) => rule.prefixes.map((prefix): Piece => ({ prefix, rule })))
    .sort((one, other) => compare(one.prefix, other.prefix));
  const families = {
    4: pieces.filter(({ prefix }) => prefix.family === 4),
    6: pieces.filter(({ prefix }) => prefix.family === 6),
  };
  const index = createPrefixIndex<Piece>();
  for (const piece of pieces) index.add(piece.prefix, piece);
  return {
    coverOf(rule) {
      const used = new Set<ResolvedRule>();
      const room = { cuts: 0 };
      const isCovered = rule.prefixes.every((prefix) =>
        coverPrefix(prefix, candidatesFor(rule, prefix, families[prefix.family], index), {
          ...{ rule, used, room },
        }),
      );
      return isCovered ? [...used].sort((one, other) => one.index - other.index) : undefined;
    },
  };
}

/** Others that have addresses in common with the prefix, and traffic with the rule. */
function candidatesFor(
  target: ResolvedRule,
  prefix: Prefix,
  sorted: readonly Piece[],
  index: PrefixIndex<Piece>,
): Piece[] {
  const holding = index.holding(prefix).filter(({ prefix: { length } }) => length <= prefix.length);
  const inside: Piece[] = [];
  const end = prefix.value + (1n << BigInt(addressWidth(prefix.family) - prefix.length));
  for (let i = firstFrom(sorted, prefix.value); i < sorted.length; i++) {
    const piece = sorted[i]!;
    if (piece.prefix.value >= end) break;
    if (piece.prefix.length > prefix.length) inside.push(piece);
  }
  return [...holding, ...inside].filter(
    ({ rule }) => rule !== target && mayCover(rule.rule.traffic, target.rule.traffic),
  );
}

interface Search {
  readonly rule: ResolvedRule;
  readonly used: Set<ResolvedRule>;
  readonly room: { cuts: number };
}

function coverPrefix(prefix: Prefix, candidates: readonly Piece[], search: Search): boolean {
  const { traffic } = search.rule.rule;
  const { family } = prefix;
  const holding = candidates.filter((piece) => piece.prefix.length <= prefix.length);
  const kindsOf = (of: readonly Piece[]) => of.map(({ rule }) => rule.rule.traffic);
  if (coverTraffic(kindsOf(holding), traffic, family)) {
    const alone = holding.find((piece) => coverTraffic(kindsOf([piece]), traffic, family));
    let needed = alone === undefined ? holding : [alone];
    // One after the other is left out if the rest still do.
    for (const piece of needed) {
      const rest = needed.filter((other) => other !== piece);
      if (coverTraffic(kindsOf(rest), traffic, family)) needed = rest;
    }
    for (const { rule } of needed) search.used.add(rule);
    return true;
  }
  if (holding.length === candidates.length || ++search.room.cuts > CUTS_MAX) return false;
  return halvesOf(prefix).every((half) =>
    coverPrefix(
      half,
      candidates.filter((piece) => overlap(piece.prefix, half)),
      search,
    ),
  );
}

function halvesOf({ family, value, length }: Prefix): Prefix[] {
  const bit = 1n << BigInt(addressWidth(family) - length - 1);
  return [0n, bit].map((add) => ({ family, value: value + add, length: length + 1 }));
}

const overlap = (one: Prefix, other: Prefix): boolean =>
  one.length <= other.length ? prefixContains(one, other) : prefixContains(other, one);

function firstFrom(sorted: readonly Piece[], value: bigint): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.prefix.value < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const compare = (one: Prefix, other: Prefix): number =>
  one.family - other.family || (one.value < other.value ? -1 : one.value > other.value ? 1 : 0);
