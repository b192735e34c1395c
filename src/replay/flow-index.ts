import { ENTRY_HASH, ENTRY_KIND, ENTRY_WORDS, type FlowEntries } from './flow-entries.js';
import { mix } from './mix.js';
import {
  ENDS_DESTINATION,
  ENDS_DESTINATION_MARK,
  ENDS_SOURCE,
  ENDS_SOURCE_MARK,
  type PacketEnds,
} from './packet-ends.js';

/** Finds the newest entry of a flow by the ends of a packet, whichever way it goes. */
export interface FlowIndex {
  hashOf(ends: PacketEnds): number;
  /** Place of the newest entry; -1 without one. */
  find(ends: PacketEnds, hash: number): number;
  /** The entry at `place` is the newest of its flow; its words are written. */
  put(hash: number, place: number): void;
  /** Whether a packet goes as the first one of its flow's entry. */
  isOriginal(ends: PacketEnds, place: number): boolean;
  /** Forgets everything but the first `count` entries. */
  rebuild(count: number): void;
}

/** `seed` is secret: whoever makes a capture could make all of its flows collide. */
export function createFlowIndex(entries: FlowEntries, flowsMax: number, seed: number): FlowIndex {
  /** Entries from 1; 0 is free. At most half are taken. */
  let slots = new Uint32Array(1024);
  let taken = 0;

  const endHash = (words: Uint32Array, address: number, mark: number): number => {
    let hash = seed ^ words[mark]!;
    for (let i = 0; i < 4; i++) hash = mix(hash, words[address + i]!);
    return hash;
  };
  const isOriginal = ({ words: ends }: PacketEnds, place: number): boolean => {
    const { words } = entries;
    const at = place * ENTRY_WORDS;
    for (let i = 0; i < 10; i++) if (words[at + i] !== ends[i]) return false;
    return true;
  };
  const isReply = ({ words: ends }: PacketEnds, place: number): boolean => {
    const { words } = entries;
    const at = place * ENTRY_WORDS;
    for (let i = 0; i < 4; i++) {
      if (words[at + ENDS_SOURCE + i] !== ends[ENDS_DESTINATION + i]) return false;
      if (words[at + ENDS_DESTINATION + i] !== ends[ENDS_SOURCE + i]) return false;
    }
    return (
      words[at + ENDS_SOURCE_MARK] === ends[ENDS_DESTINATION_MARK] &&
      words[at + ENDS_DESTINATION_MARK] === ends[ENDS_SOURCE_MARK]
    );
  };
  const entryEnds: PacketEnds = { words: new Uint32Array(10), kind: 0, typeAndCode: 0 };
  /** Slot of the flow, or the free one that ends the search. */
  const slotOf = (ends: PacketEnds, hash: number): number => {
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const place = slots[slot]! - 1;
      if (place < 0) return slot;
      const at = place * ENTRY_WORDS;
      if (entries.words[at + ENTRY_HASH] !== hash || entries.words[at + ENTRY_KIND] !== ends.kind) {
        continue;
      }
      if (isOriginal(ends, place) || isReply(ends, place)) return slot;
    }
  };
  const put = (hash: number, place: number): void => {
    const at = place * ENTRY_WORDS;
    entryEnds.words.set(entries.words.subarray(at, at + 10));
    entryEnds.kind = entries.words[at + ENTRY_KIND]!;
    const slot = slotOf(entryEnds, hash);
    if (slots[slot] === 0) taken++;
    slots[slot] = place + 1;
  };
  const rebuild = (count: number): void => {
    taken = 0;
    slots.fill(0);
    for (let place = 0; place < count; place++) {
      put(entries.words[place * ENTRY_WORDS + ENTRY_HASH]!, place);
    }
  };
  return {
    hashOf: ({ words, kind }) =>
      mix(
        (endHash(words, ENDS_SOURCE, ENDS_SOURCE_MARK) +
          endHash(words, ENDS_DESTINATION, ENDS_DESTINATION_MARK)) |
          0,
        kind ^ seed,
      ) >>> 0,
    find: (ends, hash) => slots[slotOf(ends, hash)]! - 1,
    put: (hash, place) => {
      put(hash, place);
      if (taken * 2 < slots.length || slots.length >= flowsMax * 4) return;
      slots = new Uint32Array(slots.length * 2);
      rebuild(place + 1);
    },
    isOriginal,
    rebuild,
  };
}
