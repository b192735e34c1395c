import { Connection } from './connection';
import { recordOf, reuseMemory } from './connection-records';
import { FlowKey } from './flow-key';
import { takeTable } from './pages';

// Where the record of a key is: an open-addressing table of 8-byte slots.
//
//   slot = hash (32 bits) | record number, from 1 (32 bits), 0 when free; linear probing, at most 5/8 full
//
// A full table is not moved at once, so that no packet waits long: one of twice the size takes its place, and every new
// record moves some of the old slots. Until all are moved, what the new table does not have is looked for in the old one,
// where moved slots stay, or chains would break.

const FIRST_SLOTS: u32 = 1 << 13;
/** Old slots that are moved for each new record: all are, long before the new table is full. */
const MOVED_AT_ONCE: u32 = 16;
/** Number in an old slot whose record is gone. */
const GONE: u32 = 0xffffffff;

let slots: usize = 0;
let mask: u32 = 0;
let used: u32 = 0;
/** The outgrown table, 0 when there is none, and how many of its slots were moved. */
let oldSlots: usize = 0;
let oldMask: u32 = 0;
let moved: u32 = 0;

/** Returns whether there was memory. */
export function setupIndex(): bool {
  used = 0;
  oldSlots = 0;
  mask = FIRST_SLOTS - 1;
  slots = takeTable((<usize>FIRST_SLOTS) << 3);
  return slots != 0;
}

export function recordsIndexed(): u32 {
  return used;
}

/** Reads the slot where a look-up of this hash begins. */
export function touchSlot(hash: u32): u64 {
  return load<u64>(slotAt(slots, hash & mask));
}

/**
 * Address of the record that a look-up of this hash would come to first, 0 when there is none. It may be another key's, and
 * free by the time that it is looked at.
 */
export function candidateFor(hash: u32): usize {
  const slot = slotUnder(slots, mask, hash, hash & mask);
  const found = slot != 0 || oldSlots == 0 ? slot : oldSlotUnder(hash, hash & oldMask);
  return found == 0 ? 0 : recordOf(load<u32>(found));
}

/** The record with this key, in whatever state it is; null when there is none. */
export function findConnection(key: FlowKey): Connection {
  const hash = key.hash;
  let slot = slotUnder(slots, mask, hash, hash & mask);
  while (slot != 0) {
    const record = recordOf(load<u32>(slot));
    if (equalKeys(record, changetype<usize>(key))) return changetype<Connection>(record);
    slot = slotUnder(slots, mask, hash, (indexOf(slots, slot) + 1) & mask);
  }
  return oldSlots == 0 ? changetype<Connection>(0) : findInOld(key);
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

/** Makes room for one more record. False when memory is full. */
export function makeSlots(): bool {
  if (oldSlots != 0) moveSlots(MOVED_AT_ONCE);
  return used < ((mask + 1) >> 3) * 5 || growIndex();
}

/** Enters a record, for which there is room, under its hash. */
export function indexRecord(hash: u32, number: u32): void {
  enter(((<u64>hash) << 32) | number);
  used++;
}

/** Takes a record out. In the old table its slot stays, as nobody's. */
export function unindexRecord(hash: u32, number: u32): void {
  used--;
  if (oldSlots != 0) {
    const old = placeIn(oldSlots, oldMask, hash, number);
    if (old != 0) {
      store<u32>(old, GONE);
      // Not moved yet: it stands nowhere else.
      if (indexOf(oldSlots, old) >= moved) return;
    }
  }
  closeGap(indexOf(slots, placeIn(slots, mask, hash, number)));
}

function slotAt(table: usize, index: u32): usize {
  return table + ((<usize>index) << 3);
}

function indexOf(table: usize, slot: usize): u32 {
  return <u32>((slot - table) >> 3);
}

/** Address of the first slot with a hash, from a place on; 0 when there is none. */
function slotUnder(table: usize, wrap: u32, hash: u32, from: u32): usize {
  let at = from;
  while (true) {
    const place = slotAt(table, at);
    const slot = load<u64>(place);
    if (slot == 0) return 0;
    if (<u32>(slot >> 32) == hash) return place;
    at = (at + 1) & wrap;
  }
}

/** The same in the old table, passing by records that are gone. */
function oldSlotUnder(hash: u32, from: u32): usize {
  let slot = slotUnder(oldSlots, oldMask, hash, from);
  while (slot != 0 && load<u32>(slot) == GONE) {
    slot = slotUnder(oldSlots, oldMask, hash, (indexOf(oldSlots, slot) + 1) & oldMask);
  }
  return slot;
}

function findInOld(key: FlowKey): Connection {
  const hash = key.hash;
  let slot = oldSlotUnder(hash, hash & oldMask);
  while (slot != 0) {
    const record = recordOf(load<u32>(slot));
    if (equalKeys(record, changetype<usize>(key))) return changetype<Connection>(record);
    slot = oldSlotUnder(hash, (indexOf(oldSlots, slot) + 1) & oldMask);
  }
  return changetype<Connection>(0);
}

/** Address of the slot of one record; 0 when it has none. */
function placeIn(table: usize, wrap: u32, hash: u32, number: u32): usize {
  const wanted = ((<u64>hash) << 32) | number;
  let at = hash & wrap;
  while (true) {
    const place = slotAt(table, at);
    const slot = load<u64>(place);
    if (slot == wanted) return place;
    if (slot == 0) return 0;
    at = (at + 1) & wrap;
  }
}

function enter(slot: u64): void {
  let at = (<u32>(slot >> 32)) & mask;
  while (load<u64>(slotAt(slots, at)) != 0) at = (at + 1) & mask;
  store<u64>(slotAt(slots, at), slot);
}

function growIndex(): bool {
  if (oldSlots != 0) moveSlots(oldMask + 1);
  const count = <usize>mask + 1;
  const grown = takeTable(count << 4);
  if (grown == 0) return false;
  oldSlots = slots;
  oldMask = mask;
  moved = 0;
  slots = grown;
  mask = <u32>((count << 1) - 1);
  return true;
}

function moveSlots(count: u32): void {
  const end = min(moved + count, oldMask + 1);
  for (; moved < end; moved++) {
    const slot = load<u64>(slotAt(oldSlots, moved));
    if (slot != 0 && <u32>slot != GONE) enter(slot);
  }
  if (moved <= oldMask) return;
  reuseMemory(oldSlots, slotAt(oldSlots, oldMask + 1));
  oldSlots = 0;
}

/** Frees a slot and moves later ones back over the gap (Knuth 6.4, algorithm R). */
function closeGap(from: u32): void {
  let gap = from;
  let at = gap;
  while (true) {
    at = (at + 1) & mask;
    const slot = load<u64>(slotAt(slots, at));
    if (slot == 0) break;
    const home = (<u32>(slot >> 32)) & mask;
    if (((at - home) & mask) >= ((at - gap) & mask)) {
      store<u64>(slotAt(slots, gap), slot);
      gap = at;
    }
  }
  store<u64>(slotAt(slots, gap), 0);
}
