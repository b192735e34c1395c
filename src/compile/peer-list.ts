import type { Prefix } from '../model/address.js';
import type { ResolvedRule } from '../policy/resolve.js';
import { type Spot, compareSpots, covers, spotOf } from './key.js';

/** Prefixes that rules name together: the members of a group, the entries of a prefix list. */
export interface PeerList {
  readonly prefixes: readonly Prefix[];
  /** Without those that others of them cover: a lookup passes all covers, and should find a rule once. In order. */
  spots(family: 4 | 6): readonly Spot[];
  /** Number of a list that has a place of its own in the image, from 0; see `sharing.ts`. */
  shared?: number;
}

/** The list of a rule; undefined for a rule with one prefix or none. Rules that name one thing have one list. */
export type ListOf = (rule: ResolvedRule) => PeerList | undefined;

export function createListOf(): ListOf {
  const lists = new Map<readonly Prefix[], PeerList>();
  return ({ prefixes }) => {
    if (prefixes.length < 2) return undefined;
    let list = lists.get(prefixes);
    if (list === undefined) lists.set(prefixes, (list = createList(prefixes)));
    return list;
  };
}

function createList(prefixes: readonly Prefix[]): PeerList {
  const spots = new Map<4 | 6, readonly Spot[]>();
  return {
    prefixes,
    spots: (family) => {
      let known = spots.get(family);
      if (known === undefined) spots.set(family, (known = outermost(prefixes, family)));
      return known;
    },
  };
}

function outermost(prefixes: readonly Prefix[], family: 4 | 6): Spot[] {
  const own = prefixes.filter((prefix) => prefix.family === family).map(spotOf);
  const kept: Spot[] = [];
  for (const spot of own.sort(compareSpots)) {
    const last = kept.at(-1);
    if (last === undefined || !covers(last, spot)) kept.push(spot);
  }
  return kept;
}
