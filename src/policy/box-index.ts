import { type Box, overlaps } from './rule-space.js';

/** Finds boxes of rules that have something in common with another: without it, groups of thousands of rules would take minutes. */
export interface BoxIndex<T> {
  overlapping(box: Box): T[];
}

interface Entry<T> {
  readonly box: Box;
  readonly value: T;
}

/** Rules name blocks, which contain each other or have nothing in common: what overlaps a block begins inside of it, or is around it. */
export function indexBoxes<T>(entries: readonly Entry<T>[]): BoxIndex<T> {
  const byPeers = new Map<string, Entry<T>[]>();
  for (const entry of entries) childOf(byPeers, entry.box.peers, () => []).push(entry);
  const shelves = new Map([...byPeers].map(([peers, own]) => [peers, shelve(own)]));
  return {
    overlapping: (box) =>
      (shelves.get(box.peers)?.(box) ?? [])
        .filter((entry) => overlaps(entry.box, box))
        .map(({ value }) => value),
  };
}

/** Candidates for boxes of the same peers: those whose addresses overlap. */
function shelve<T>(entries: Entry<T>[]): (box: Box) => Entry<T>[] {
  const sorted = entries.toSorted(({ box: one }, { box: other }) =>
    one.low[2] < other.low[2] ? -1 : one.low[2] > other.low[2] ? 1 : 0,
  );
  const bySize = new Map<bigint, Map<bigint, Entry<T>[]>>();
  for (const entry of entries) {
    const [low, high] = [entry.box.low[2], entry.box.high[2]];
    const starts = childOf(bySize, high - low + 1n, () => new Map<bigint, Entry<T>[]>());
    childOf(starts, low, () => []).push(entry);
  }
  return ({ low: [, , low], high: [, , high] }) => {
    const found: Entry<T>[] = [];
    for (let i = firstFrom(sorted, low); i < sorted.length; i++) {
      if (sorted[i]!.box.low[2] > high) break;
      found.push(sorted[i]!);
    }
    for (const [size, starts] of bySize) {
      // Of everything, which is one larger than its addresses are many, it is 0.
      const start = low - (low % size);
      if (start < low) found.push(...(starts.get(start) ?? []));
    }
    return found;
  };
}

/** Position of the first entry that begins at an address or behind it. */
function firstFrom<T>(sorted: readonly Entry<T>[], low: bigint): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]!.box.low[2] < low) from = middle + 1;
    else to = middle;
  }
  return from;
}

function childOf<K, T>(map: Map<K, T>, key: K, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
