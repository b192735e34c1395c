import {
  COVER_COUNT,
  COVER_HEADER,
  COVER_NEXT,
  IMAGE_PEERS4,
  IMAGE_PEERS6,
} from '../kernel/layout.js';
import type { Prefix } from '../model/address.js';
import type { ResolvedRule } from '../policy/resolve.js';
import { type ImageWriter, putU32, reserve } from './image-writer.js';
import { type Spot, compareSpots, covers, nameOf, spotOf } from './key.js';
import { type Branch, writeSortedTrie } from './prefix-trie.js';

/** What rules name: prefixes that always stand together, as the members of a group. Numbers count from 1. */
export interface Peers {
  /** Of a rule in a family; 0 when its peer has no prefixes there. */
  numberOf(rule: ResolvedRule, family: 4 | 6): number;
  /** By number - 1. */
  readonly all: readonly Peer[];
}

interface Peer {
  readonly family: 4 | 6;
  /** Without those that others of them cover: a lookup passes all covers, and should find a rule once. */
  readonly spots: readonly Spot[];
}

export function createPeers(): Peers {
  const all: Peer[] = [];
  const single = { 4: new Map<number | string, number>(), 6: new Map<number | string, number>() };
  const lists = {
    4: new Map<readonly Prefix[], number>(),
    6: new Map<readonly Prefix[], number>(),
  };
  const numberOfSpot = (spot: Spot, family: 4 | 6): number => {
    const name = nameOf(spot, family);
    let number = single[family].get(name);
    if (number === undefined) {
      single[family].set(name, (number = all.push({ family, spots: [spot] })));
    }
    return number;
  };
  /** Rules that name one thing have one list of prefixes. */
  const numberOfList = (prefixes: readonly Prefix[], family: 4 | 6): number => {
    let number = lists[family].get(prefixes);
    if (number === undefined) {
      const spots = outermost(prefixes, family);
      lists[family].set(prefixes, (number = spots.length === 0 ? 0 : all.push({ family, spots })));
    }
    return number;
  };
  return {
    all,
    numberOf: ({ prefixes }, family) => {
      if (prefixes.length > 1) return numberOfList(prefixes, family);
      const [prefix] = prefixes;
      return prefix?.family === family ? numberOfSpot(spotOf(prefix), family) : 0;
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

/** Writes a trie of each family over the prefixes of all peers, which tells the peers that hold an address. */
export function writePeers(writer: ImageWriter, header: number, { all }: Peers): void {
  for (const family of [4, 6] as const) {
    const places = new Map<number | string, Place>();
    all.forEach((peer, i) => {
      if (peer.family !== family) return;
      for (const spot of peer.spots) {
        const name = nameOf(spot, family);
        const place = places.get(name);
        if (place === undefined) places.set(name, { spot, numbers: [i + 1] });
        else place.numbers.push(i + 1);
      }
    });
    const root = places.size === 0 ? 0 : writeCovers(writer, [...places.values()]);
    putU32(writer, header + (family === 4 ? IMAGE_PEERS4 : IMAGE_PEERS6), root);
  }
}

interface Place {
  readonly spot: Spot;
  readonly numbers: number[];
}

interface Cover {
  readonly spot: Spot;
  readonly offset: number;
  readonly numbers: readonly number[];
  readonly next: number;
}

/** A cover repeats what stands around it as long as it has room: reading on is quicker than going from one to the next. */
const ROOM = 16;

function writeCovers(writer: ImageWriter, places: Place[]): number {
  places.sort((one, other) => compareSpots(one.spot, other.spot));
  const around: Cover[] = [];
  const branches = places.map(({ spot, numbers: own }): Branch => {
    while (around.length > 0 && !covers(around.at(-1)!.spot, spot)) around.pop();
    const above = around.at(-1);
    const fits = above !== undefined && own.length + above.numbers.length <= ROOM;
    const numbers = fits ? [...own, ...above.numbers] : own;
    const next = (fits ? above.next : above?.offset) ?? 0;
    const offset = writeCover(writer, numbers, next);
    around.push({ spot, offset, numbers, next });
    return { key: spot.key, length: spot.length, value: offset };
  });
  return writeSortedTrie(writer, branches);
}

function writeCover(writer: ImageWriter, numbers: readonly number[], next: number): number {
  const offset = reserve(writer, COVER_HEADER + numbers.length * 4, 4);
  putU32(writer, offset + COVER_NEXT, next);
  putU32(writer, offset + COVER_COUNT, numbers.length);
  numbers.forEach((number, i) => putU32(writer, offset + COVER_HEADER + i * 4, number));
  return offset;
}
