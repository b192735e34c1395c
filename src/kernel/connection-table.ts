import { FlowKey } from './flow-key';
import { Connection, CONNECTION_SHIFT, isForgotten } from './connection';
import {
  CONNECTION_SIZE,
  COUNTED,
  FREE,
  SEGMENTS_MAX,
  SEGMENT_BYTES,
  SEGMENT_SHIFT,
} from './layout';
import { accountsAreKept } from './policy';

// Dense 64-byte records in order of creation, found through a small open-addressing index of 8-byte slots:
//
//   slot = hash (32 bits) | record number + 1 (32 bits), 0 when free; linear probing, at most 3/4 full
//
// Records stand in segments of 1 MB, so that growing never moves one; their accounts, where they are kept, stand behind
// each segment. Live flows are recent flows: their records are neighbours. Memory comes from memory.grow alone, which hands
// every thread pages of its own.

const PAGE: usize = 65536;
if (SEGMENT_BYTES != (1 << SEGMENT_SHIFT) * CONNECTION_SIZE) ERROR('segment: size');
const FIRST_SLOTS: u32 = 1 << 13;
/** Records looked at for each one made: keeps the forgotten below a third of the live. */
const SWEEP: u32 = 4;

let segments: usize = 0;
let segmentCount: u32 = 0;
let slots: usize = 0;
let mask: u32 = 0;
let used: u32 = 0;
let made: u32 = 0;
let firstFree: u32 = 0;
let cursor: u32 = 0;
/** What is left of outgrown indexes: segments are cut from it first. */
let spare: usize = 0;
let spareEnd: usize = 0;

/** `table` is private memory for segment addresses. Returns whether there was memory. */
export function setupConnections(table: usize): bool {
  segments = table;
  segmentCount = 0;
  used = 0;
  made = 0;
  firstFree = 0;
  cursor = 0;
  spare = 0;
  spareEnd = 0;
  mask = FIRST_SLOTS - 1;
  slots = takePages((<usize>FIRST_SLOTS) << 3);
  return slots != 0;
}

/** Records in use, live and remembered. */
export function connectionCount(): u32 {
  return used;
}

/** Reads the slot where a look-up of this hash begins. */
export function touchSlot(hash: u32): u64 {
  return load<u64>(slots + ((<usize>(hash & mask)) << 3));
}

/**
 * Address of the record that a look-up of this hash would come to first, 0 when there is none. It may be another key's, and
 * free by the time that it is looked at.
 */
export function candidateFor(hash: u32): usize {
  let at = hash & mask;
  while (true) {
    const slot = load<u64>(slots + ((<usize>at) << 3));
    if (slot == 0) return 0;
    if (<u32>(slot >> 32) == hash) return recordAt(<u32>slot - 1);
    at = (at + 1) & mask;
  }
}

/** Reads a record, and what stands beside it. */
export function touchRecord(record: usize): u64 {
  const account = accountsAreKept ? load<u64>(record + SEGMENT_BYTES) : 0;
  return load<u64>(record, 32) + account;
}

/** The record with this key, in whatever state it is; null when there is none. */
export function findConnection(key: FlowKey): Connection {
  const hash = key.hash;
  let at = hash & mask;
  while (true) {
    const slot = load<u64>(slots + ((<usize>at) << 3));
    if (slot == 0) return changetype<Connection>(0);
    if (<u32>(slot >> 32) == hash) {
      const record = recordAt(<u32>slot - 1);
      if (equalKeys(record, changetype<usize>(key))) return changetype<Connection>(record);
    }
    at = (at + 1) & mask;
  }
}

/** A new record with this key, which must not exist yet; null when memory is full. The caller fills in the rest. */
export function makeConnection(key: FlowKey): Connection {
  if (used + 1 > ((mask + 1) / 4) * 3 && !growIndex()) return changetype<Connection>(0);
  const number = takeRecord();
  if (number == 0) return changetype<Connection>(0);
  const hash = key.hash;
  let at = hash & mask;
  while (load<u64>(slots + ((<usize>at) << 3)) != 0) at = (at + 1) & mask;
  store<u64>(slots + ((<usize>at) << 3), ((<u64>hash) << 32) | number);
  used++;
  const record = recordAt(number - 1);
  const from = changetype<usize>(key);
  store<u64>(record, load<u64>(from));
  store<u64>(record, load<u64>(from, 8), 8);
  store<u64>(record, load<u64>(from, 16), 16);
  store<u64>(record, load<u64>(from, 24), 24);
  store<u64>(record, load<u64>(from, 32), 32);
  store<u32>(record, hash, 40);
  return changetype<Connection>(record);
}

/** Whether two keys, at addresses, are the same. Low words and ports first: they differ most. */
export function equalKeys(a: usize, b: usize): bool {
  return (
    load<u64>(a, 24) == load<u64>(b, 24) &&
    load<u64>(a, 32) == load<u64>(b, 32) &&
    load<u64>(a, 8) == load<u64>(b, 8) &&
    load<u64>(a, 16) == load<u64>(b, 16) &&
    load<u64>(a) == load<u64>(b)
  );
}

/** Records made so far, free ones among them. */
export function connectionsMade(): u32 {
  return made;
}

export function connectionAt(index: u32): Connection {
  return changetype<Connection>(recordAt(index));
}

/** Looks at the next few records and takes back those that nothing depends on. */
export function sweepConnections(now: i64): void {
  for (let i: u32 = 0; i < SWEEP && made != 0; i++) {
    if (cursor >= made) cursor = 0;
    const record = changetype<Connection>(recordAt(cursor));
    cursor++;
    if (record.state != FREE && !(record.flags & COUNTED) && isForgotten(record, now)) {
      removeSlot(record.hash, cursor);
      record.state = FREE;
      record.localHi = firstFree;
      firstFree = cursor;
      used--;
    }
  }
}

function recordAt(index: u32): usize {
  const segment = load<u32>(segments + ((<usize>(index >> SEGMENT_SHIFT)) << 2));
  return <usize>segment + ((<usize>(index & ((1 << SEGMENT_SHIFT) - 1))) << CONNECTION_SHIFT);
}

/** Number, from 1, of a record that is not in use; 0 when memory is full. */
function takeRecord(): u32 {
  if (firstFree != 0) {
    const number = firstFree;
    firstFree = <u32>changetype<Connection>(recordAt(number - 1)).localHi;
    return number;
  }
  if (made == segmentCount << SEGMENT_SHIFT) {
    if (segmentCount == SEGMENTS_MAX) return 0;
    const segment = takeSegment();
    if (segment == 0) return 0;
    store<u32>(segments + ((<usize>segmentCount) << 2), <u32>segment);
    segmentCount++;
  }
  return ++made;
}

function takeSegment(): usize {
  const bytes: usize = accountsAreKept ? SEGMENT_BYTES * 2 : SEGMENT_BYTES;
  if (spareEnd - spare < bytes) return takePages(bytes);
  const segment = spare;
  spare += bytes;
  return segment;
}

function takePages(bytes: usize): usize {
  const first = memory.grow(<i32>((bytes + PAGE - 1) / PAGE));
  return first < 0 ? 0 : <usize>first * PAGE;
}

function growIndex(): bool {
  const oldSlots = slots;
  const oldCount = <usize>mask + 1;
  const grown = takePages(oldCount << 4);
  if (grown == 0) return false;
  slots = grown;
  mask = <u32>((oldCount << 1) - 1);
  for (let i: usize = 0; i < oldCount; i++) {
    const slot = load<u64>(oldSlots + (i << 3));
    if (slot == 0) continue;
    let at = (<u32>(slot >> 32)) & mask;
    while (load<u64>(slots + ((<usize>at) << 3)) != 0) at = (at + 1) & mask;
    store<u64>(slots + ((<usize>at) << 3), slot);
  }
  if (oldCount << 3 > spareEnd - spare) {
    spare = oldSlots;
    spareEnd = oldSlots + (oldCount << 3);
  }
  return true;
}

/** Frees a slot and moves later ones back over the gap (Knuth 6.4, algorithm R). */
function removeSlot(hash: u32, number: u32): void {
  const wanted = ((<u64>hash) << 32) | number;
  let gap = hash & mask;
  while (load<u64>(slots + ((<usize>gap) << 3)) != wanted) gap = (gap + 1) & mask;
  let at = gap;
  while (true) {
    at = (at + 1) & mask;
    const slot = load<u64>(slots + ((<usize>at) << 3));
    if (slot == 0) break;
    const home = (<u32>(slot >> 32)) & mask;
    if (((at - home) & mask) >= ((at - gap) & mask)) {
      store<u64>(slots + ((<usize>gap) << 3), slot);
      gap = at;
    }
  }
  store<u64>(slots + ((<usize>gap) << 3), 0);
}
