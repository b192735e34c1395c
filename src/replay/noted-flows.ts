import { ENTRY_HASH, ENTRY_KIND, ENTRY_WORDS, type FlowEntries } from './flow-entries.js';
import { createFlowIndex } from './flow-index.js';
import type { PacketEnds } from './packet-ends.js';

/** Tells flows apart, and what was noted of each. When there are too many, all are forgotten and it begins anew. */
export interface NotedFlows {
  /** Place of the flow of a packet; `begins`: it is another one than before. Valid until the next call. */
  placeOf(ends: PacketEnds, begins: boolean): number;
  /** The last call found it. */
  readonly wasKnown: boolean;
  isOriginal(ends: PacketEnds, place: number): boolean;
  /** Whether the number in a drawer of the flow was another one until now; there are DRAWERS. */
  changes(place: number, drawer: number, number: number): boolean;
  /** Numbers that were noted of the flow. */
  notes(place: number): number[];
  note(place: number, number: number): void;
  /** Something was forgotten. */
  readonly wasCleared: boolean;
}

const DRAWERS = 4;

// Words of an entry behind those that the index asks for.
const ENTRY_DRAWERS = ENTRY_HASH + 1;
const ENTRY_NOTES = ENTRY_DRAWERS + DRAWERS;
const FIRST_ROOM = 4096;
/** Notes of a flow, on average: few have more than one for each interface and direction. */
const NOTES_MOST = 8;

/** `seed` is secret, see flow-index.ts. */
export function createNotedFlows(flowsMax: number, seed: number): NotedFlows {
  const entries: FlowEntries = {
    words: new Uint32Array(Math.min(FIRST_ROOM, flowsMax) * ENTRY_WORDS),
    sums: new Float64Array(0),
  };
  const index = createFlowIndex(entries, flowsMax, seed);
  /** Lists of notes: a number and the position of the next, from 1. */
  let links = new Uint32Array(1024);
  let linked = 0;
  let count = 0;
  let wasKnown = false;
  let wasCleared = false;

  const begin = (ends: PacketEnds, hash: number): number => {
    if (count === flowsMax) {
      count = 0;
      linked = 0;
      wasCleared = true;
      index.rebuild(0);
    } else if (count * ENTRY_WORDS === entries.words.length) {
      const old = entries.words;
      entries.words = new Uint32Array(Math.min(flowsMax * ENTRY_WORDS, old.length * 2));
      entries.words.set(old);
    }
    const place = count++;
    const at = place * ENTRY_WORDS;
    entries.words.fill(0, at, at + ENTRY_WORDS);
    entries.words.set(ends.words, at);
    entries.words[at + ENTRY_KIND] = ends.kind;
    entries.words[at + ENTRY_HASH] = hash;
    index.put(hash, place);
    return place;
  };
  return {
    placeOf(ends, begins) {
      const hash = index.hashOf(ends);
      const found = index.find(ends, hash);
      wasKnown = found >= 0;
      return found < 0 || begins ? begin(ends, hash) : found;
    },
    isOriginal: (ends, place) => index.isOriginal(ends, place),
    changes(place, drawer, number) {
      const at = place * ENTRY_WORDS + ENTRY_DRAWERS + drawer;
      if (entries.words[at] === number) return false;
      entries.words[at] = number;
      return true;
    },
    notes(place) {
      const found: number[] = [];
      let link = entries.words[place * ENTRY_WORDS + ENTRY_NOTES]!;
      for (; link > 0; link = links[link * 2 - 1]!) found.push(links[link * 2 - 2]!);
      return found;
    },
    note(place, number) {
      if (linked === flowsMax * NOTES_MOST) {
        wasCleared = true;
        return;
      }
      if (linked * 2 === links.length) {
        const old = links;
        links = new Uint32Array(old.length * 2);
        links.set(old);
      }
      const at = place * ENTRY_WORDS + ENTRY_NOTES;
      links[linked * 2] = number;
      links[linked * 2 + 1] = entries.words[at]!;
      entries.words[at] = ++linked;
    },
    get wasKnown() {
      return wasKnown;
    },
    get wasCleared() {
      return wasCleared;
    },
  };
}
