import {
  COVER_ABOVE,
  COVER_PARENT,
  COVER_RULES,
  COVER_SIZE,
  NONE,
  PART_LISTS,
  PART_ROOT,
} from '../kernel/layout.js';
import type { ResolvedRule } from '../policy/resolve.js';
import { type ImageWriter, putU32, putWords, reserve } from './image-writer.js';
import { type Spot, nameOf, spotOf } from './key.js';
import { writeNested } from './nested.js';
import type { ListOf, PeerList } from './peer-list.js';
import { type WrittenLists, writeRuleList } from './rule-list.js';

/** What parts of one image have in common. */
export interface PartContext {
  readonly listOf: ListOf;
  readonly written: WrittenLists;
}

/** Writes rules of one family, ascending by index, as a part at `at`: by prefix, and by shared list. */
export function writePart(
  writer: ImageWriter,
  at: number,
  rules: readonly ResolvedRule[],
  family: 4 | 6,
  { listOf, written }: PartContext,
): void {
  const places = new Map<number | string, Place>();
  const unions = createUnions();
  const add = (spot: Spot, bundle: Bundle): void => {
    const name = nameOf(spot, family);
    const place = places.get(name);
    if (place === undefined) places.set(name, { spot, bundle });
    else place.bundle = unions(place.bundle, bundle);
  };
  const offsetOf = (bundle: Bundle): number =>
    (bundle.offset ??= writeRuleList(writer, bundle.rules, written));
  const shared: { readonly list: number; readonly bundle: Bundle }[] = [];
  const { single, listed } = bundleByPeer(rules, family, listOf);
  for (const { spot, bundle } of single) add(spot, bundle);
  for (const { list, bundle } of listed) {
    const spots = list.spots(family);
    if (list.shared === undefined) for (const spot of spots) add(spot, bundle);
    else if (spots.length > 0) shared.push({ list: list.shared, bundle });
  }
  const root = writeNested(writer, [...places.values()], ({ bundle }, above?: Cover): Cover => {
    const offset = reserve(writer, COVER_SIZE, 4);
    putU32(writer, offset + COVER_PARENT, above?.offset ?? 0);
    putU32(writer, offset + COVER_ABOVE, above?.least ?? NONE);
    putU32(writer, offset + COVER_RULES, offsetOf(bundle));
    return { offset, least: Math.min(bundle.rules[0]!.index, above?.least ?? NONE) };
  });
  putU32(writer, at + PART_ROOT, root);
  if (shared.length === 0) return;
  shared.sort((one, other) => one.list - other.list);
  const lists = [shared.length, ...shared.map(({ list }) => list)];
  const offsets = shared.map(({ bundle }) => offsetOf(bundle));
  putU32(writer, at + PART_LISTS, putWords(writer, [...lists, ...offsets]));
}

interface Cover {
  readonly offset: number;
  /** Of its rules and those of all around it. */
  readonly least: number;
}

/** Rules, ascending by index, that stand at some prefixes together. */
interface Bundle {
  readonly number: number;
  readonly rules: readonly ResolvedRule[];
  offset?: number;
}

interface Place {
  readonly spot: Spot;
  bundle: Bundle;
}

interface Bundles {
  readonly single: readonly { readonly spot: Spot; readonly bundle: Bundle }[];
  readonly listed: readonly { readonly list: PeerList; readonly bundle: Bundle }[];
}

/** Rules that name the same prefix or list go through the rest together. */
function bundleByPeer(rules: readonly ResolvedRule[], family: 4 | 6, listOf: ListOf): Bundles {
  const single = new Map<number | string, { spot: Spot; rules: ResolvedRule[] }>();
  const listed = new Map<PeerList, ResolvedRule[]>();
  for (const rule of rules) {
    const list = listOf(rule);
    const [prefix] = rule.prefixes;
    if (list !== undefined) {
      const known = listed.get(list);
      if (known === undefined) listed.set(list, [rule]);
      else known.push(rule);
    } else if (prefix?.family === family) {
      const spot = spotOf(prefix);
      const name = nameOf(spot, family);
      const known = single.get(name);
      if (known === undefined) single.set(name, { spot, rules: [rule] });
      else known.rules.push(rule);
    }
  }
  let number = 0;
  return {
    single: [...single.values()].map((each) => ({
      spot: each.spot,
      bundle: { number: number++, rules: each.rules },
    })),
    listed: [...listed].map(([list, own]) => ({ list, bundle: { number: number++, rules: own } })),
  };
}

/** Joins two bundles; the same two give the same one, as at every prefix that two lists have in common. */
function createUnions(): (one: Bundle, other: Bundle) => Bundle {
  const unions = new Map<string, Bundle>();
  return (one, other) => {
    const name = `${one.number},${other.number}`;
    let union = unions.get(name);
    if (union === undefined) {
      const rules = [...one.rules, ...other.rules].sort((a, b) => a.index - b.index);
      unions.set(name, (union = { number: -1 - unions.size, rules }));
    }
    return union;
  };
}
