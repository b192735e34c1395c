import { FlowKey } from './flow-key';
import { Connection, isForgotten } from './connection';
import {
  indexRecord,
  makeSlots,
  recordsIndexed,
  setupIndex,
  unindexRecord,
} from './connection-index';
import { freeRecord, recordOf, recordsMade, setupRecords, takeRecord } from './connection-records';
import { COUNTED, FREE } from './layout';

// What an instance's interfaces remember: records, found through an index. Memory comes from memory.grow alone, which hands
// every thread pages of its own.

/** Records looked at for each one made: keeps the forgotten below a third of the live. */
const SWEEP: u32 = 4;

let cursor: u32 = 0;

/** `table` is private memory for segment addresses. Returns whether there was memory. */
export function setupConnections(table: usize): bool {
  cursor = 0;
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
  const made = recordsMade();
  for (let i: u32 = 0; i < SWEEP && made != 0; i++) {
    if (cursor >= made) cursor = 0;
    const record = changetype<Connection>(recordOf(++cursor));
    if (record.state != FREE && !(record.flags & COUNTED) && isForgotten(record, now)) {
      unindexRecord(record.hash, cursor);
      freeRecord(cursor);
    }
  }
}
