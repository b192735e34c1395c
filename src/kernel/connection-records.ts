import { CONNECTION_SHIFT, Connection } from './connection';
import { CONNECTION_SIZE, FREE, SEGMENTS_MAX, SEGMENT_BYTES, SEGMENT_SHIFT } from './layout';
import { takePages } from './pages';
import { accountsAreKept } from './policy';

// Dense 64-byte records in order of creation. They stand in segments of 1 MB, so that growing never moves one; their
// accounts, where they are kept, stand behind each segment. Live flows are recent flows: their records are neighbours.

if (SEGMENT_BYTES != (1 << SEGMENT_SHIFT) * CONNECTION_SIZE) ERROR('segment: size');

let segments: usize = 0;
let segmentCount: u32 = 0;
let made: u32 = 0;
let firstFree: u32 = 0;
/** Memory that nobody uses any more: segments are cut from it first. */
let spare: usize = 0;
let spareEnd: usize = 0;

/** `table` is private memory for segment addresses. */
export function setupRecords(table: usize): void {
  segments = table;
  segmentCount = 0;
  made = 0;
  firstFree = 0;
  spare = 0;
  spareEnd = 0;
}

/** Records made so far, free ones among them. */
export function recordsMade(): u32 {
  return made;
}

/** Address of the record of a number, from 1. */
export function recordOf(number: u32): usize {
  const index = number - 1;
  const segment = load<u32>(segments + ((<usize>(index >> SEGMENT_SHIFT)) << 2));
  return <usize>segment + ((<usize>(index & ((1 << SEGMENT_SHIFT) - 1))) << CONNECTION_SHIFT);
}

/** Number of a record that is not in use; 0 when memory is full. */
export function takeRecord(): u32 {
  if (firstFree != 0) {
    const number = firstFree;
    firstFree = <u32>changetype<Connection>(recordOf(number)).localHi;
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

export function freeRecord(number: u32): void {
  const record = changetype<Connection>(recordOf(number));
  record.state = FREE;
  record.localHi = firstFree;
  firstFree = number;
}

/** Memory from `at` to `end` may be cut up. Of several pieces the largest is kept. */
export function reuseMemory(at: usize, end: usize): void {
  if (end - at <= spareEnd - spare) return;
  spare = at;
  spareEnd = end;
}

function takeSegment(): usize {
  const bytes: usize = accountsAreKept ? SEGMENT_BYTES * 2 : SEGMENT_BYTES;
  if (spareEnd - spare < bytes) return takePages(bytes);
  const segment = spare;
  spare += bytes;
  return segment;
}
