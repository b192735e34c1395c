import { FlowKey } from './flow-key';
import { Connection, forgottenAtNs } from './connection';
import {
  indexRecord,
  makeSlots,
  recordsIndexed,
  setupIndex,
  unindexRecord,
} from './connection-index';
import { freeRecord, recordOf, recordsMade, setupRecords, takeRecord } from './connection-records';
import { shortestIdleLimit } from './interfaces';
import { COUNTED, FREE } from './layout';

// What an instance's interfaces remember: records, found through an index. Memory comes from memory.grow alone, which hands
// every thread pages of its own.

/** Records looked at for each one made: keeps the forgotten below a third of the live. */
const SWEEP: u32 = 4;

let cursor: u32 = 0;
/** When the pass over the records began that goes on, and when the first of those it has seen so far will be forgotten. */
let passNs: i64 = 0;
let earliestNs: i64 = i64.MAX_VALUE;
/** Until then no record can be forgotten: no pass begins. */
let restUntilNs: i64 = i64.MIN_VALUE;
let shortestIdleNs: i64 = 0;

/** `table` is private memory for segment addresses. Returns whether there was memory. */
export function setupConnections(table: usize): bool {
  cursor = 0;
  shortestIdleNs = shortestIdleLimit();
  passNs = 0;
  earliestNs = i64.MAX_VALUE;
  restUntilNs = i64.MIN_VALUE;
  setupRecords(table);
  return setupIndex();
}

/** Records in use, live and remembered. */
export function connectionCount(): u32 {
  return recordsIndexed();
}

/** Records made so far, free ones among them. */
export function connectionsMade(): u32 {
  return recordsMade();
}

export function connectionAt(index: u32): Connection {
  return changetype<Connection>(recordOf(index + 1));
}

/** A new record with this key, which must not exist yet; null when memory is full. The caller fills in the rest. */
export function makeConnection(key: FlowKey): Connection {
  if (!makeSlots()) return changetype<Connection>(0);
  const number = takeRecord();
  if (number == 0) return changetype<Connection>(0);
  const hash = key.hash;
  indexRecord(hash, number);
  const record = recordOf(number);
  const from = changetype<usize>(key);
  store<u64>(record, load<u64>(from));
  store<u64>(record, load<u64>(from, 8), 8);
  store<u64>(record, load<u64>(from, 16), 16);
  store<u64>(record, load<u64>(from, 24), 24);
  store<u64>(record, load<u64>(from, 32), 32);
  store<u32>(record, hash, 40);
  return changetype<Connection>(record);
}

/** Looks at the next few records and takes back those that nothing depends on. */
export function sweepConnections(now: i64): void {
  if (now < restUntilNs) return;
  const made = recordsMade();
  for (let i: u32 = 0; i < SWEEP; i++) {
    if (cursor >= made) return endPass(now);
    const record = changetype<Connection>(recordOf(++cursor));
    if (record.state == FREE || record.flags & COUNTED) continue;
    const forgottenNs = forgottenAtNs(record);
    if (forgottenNs <= now) {
      unindexRecord(record.hash, cursor);
      freeRecord(cursor);
    } else earliestNs = min<i64>(earliestNs, forgottenNs);
  }
}

/**
 * Every record was looked at since the pass began. What nothing has changed since is forgotten when it said; what has
 * changed, or begun, not before the shortest idle limit is over.
 */
function endPass(now: i64): void {
  restUntilNs = min<i64>(earliestNs, passNs + shortestIdleNs);
  passNs = max<i64>(now, restUntilNs);
  earliestNs = i64.MAX_VALUE;
  cursor = 0;
}
