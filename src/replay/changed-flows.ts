import { randomBytes } from 'node:crypto';
import {
  CONTENT_IP,
  FLAG_FIRST_FRAGMENT,
  FLAG_LATER_FRAGMENT,
  FLAG_QUOTE,
  ROW_CONTENT,
  ROW_FLAGS,
  ROW_FRAGMENT_ID,
  ROW_SIZE,
} from '../kernel/layout.js';
import {
  ENTRY_FLAGS,
  ENTRY_HASH,
  ENTRY_KIND,
  ENTRY_SUMS,
  ENTRY_WORDS,
  createEntries,
  growEntries,
} from './flow-entries.js';
import { createFlowIndex } from './flow-index.js';
import type { Part } from './kept-rows.js';
import {
  ENDS_DESTINATION_MARK,
  ENDS_SOURCE_MARK,
  createEnds,
  readEnds,
  readQuotedEnds,
} from './packet-ends.js';

/** Flows whose verdict changed, and the case that each is told of with: what follows in a flow has the reason of its first packet. */
export interface ChangedFlows {
  /** The case of the packet's flow, of the flow that it is about, or of its datagram; -1 without one. `change`: a small number. */
  find(rows: Part, index: number, change: number): number;
  /** Notes the flow's case. `counts`: it is a flow of its own, not an error about one or the rest of a datagram. */
  note(rows: Part, index: number, change: number, found: number): { readonly counts: boolean };
  /** There is no room for more. */
  readonly isFull: boolean;
}

const FIRST_ROOM = 1024;
/** Above the bits of PacketEnds.kind. */
const CHANGE_SHIFT = 16;
const DATAGRAM = 1 << 20;

/** `flowsMax`: flows that are told apart. */
export function createChangedFlows(flowsMax: number): ChangedFlows {
  const entries = createEntries(Math.min(FIRST_ROOM, flowsMax));
  const index = createFlowIndex(entries, flowsMax, randomBytes(4).readUInt32LE());
  const ends = createEnds();
  let count = 0;

  const lookUp = (change: number): number => {
    ends.kind |= change << CHANGE_SHIFT;
    const place = index.find(ends, index.hashOf(ends));
    return place < 0 ? -1 : caseAt(place);
  };
  const caseAt = (place: number): number => entries.words[place * ENTRY_WORDS + ENTRY_FLAGS]! - 1;
  const add = (found: number): void => {
    if (count === flowsMax) return;
    if (count * ENTRY_SUMS === entries.sums.length) growEntries(entries, flowsMax);
    const hash = index.hashOf(ends);
    const at = count * ENTRY_WORDS;
    entries.words.set(ends.words, at);
    entries.words[at + ENTRY_KIND] = ends.kind;
    entries.words[at + ENTRY_FLAGS] = found + 1;
    entries.words[at + ENTRY_HASH] = hash;
    index.put(hash, count++);
  };
  /** CT-18: a datagram goes one way; its identifier stands in the place of ports. */
  const readDatagram = (rows: Part, i: number): void => {
    readEnds(ends, rows, i);
    ends.words[ENDS_SOURCE_MARK] = rows.words[(i * ROW_SIZE + ROW_FRAGMENT_ID) / 4]!;
    ends.words[ENDS_DESTINATION_MARK] = 0xffff_ffff;
    ends.kind |= DATAGRAM;
  };
  const addDatagram = (rows: Part, i: number, change: number, found: number): void => {
    readDatagram(rows, i);
    ends.kind |= change << CHANGE_SHIFT;
    add(found);
  };
  return {
    find: (rows, i, change) => {
      const kind = flowKind(rows, i);
      if (kind === 'nameless') return -1;
      if (kind === 'later-fragment') {
        readDatagram(rows, i);
        return lookUp(change);
      }
      if (kind === 'error') {
        readQuotedEnds(ends, rows, i);
        const found = lookUp(change);
        if (found >= 0) return found;
      }
      readEnds(ends, rows, i);
      const found = lookUp(change);
      if (found >= 0 && isFirstFragment(rows, i)) addDatagram(rows, i, change, found);
      return found;
    },
    note: (rows, i, change, found) => {
      const kind = flowKind(rows, i);
      if (kind === 'nameless') return { counts: false };
      if (kind !== 'later-fragment') {
        readEnds(ends, rows, i);
        ends.kind |= change << CHANGE_SHIFT;
        add(found);
      }
      if (kind === 'later-fragment' || isFirstFragment(rows, i)) {
        addDatagram(rows, i, change, found);
      }
      return { counts: kind === 'packet' };
    },
    get isFull() {
      return count === flowsMax;
    },
  };
}

function flowKind(rows: Part, index: number): 'packet' | 'error' | 'later-fragment' | 'nameless' {
  const at = index * ROW_SIZE;
  if (rows.bytes[at + ROW_CONTENT] !== CONTENT_IP) return 'nameless';
  const flags = rows.bytes[at + ROW_FLAGS]!;
  if ((flags & FLAG_LATER_FRAGMENT) !== 0) return 'later-fragment';
  return (flags & FLAG_QUOTE) === 0 ? 'packet' : 'error';
}

function isFirstFragment(rows: Part, index: number): boolean {
  return (rows.bytes[index * ROW_SIZE + ROW_FLAGS]! & FLAG_FIRST_FRAGMENT) !== 0;
}
