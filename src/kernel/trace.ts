import { accountOf } from './account';
import { Connection, isForgotten } from './connection';
import {
  ACCOUNT_SIZE,
  CONNECTION_SIZE,
  CONNECTION_STATE,
  FREE,
  TRACE_ACCOUNT,
  TRACE_SECOND,
  TRACE_SIZE,
} from './layout';
import { accountsAreKept } from './policy';

// What each interface remembered of a packet's flow before it judged the packet: see layout.ts.
if (CONNECTION_SIZE != 64 || ACCOUNT_SIZE != 64) ERROR('trace: lines');

/** Of the batch; 0 when nobody wants them. */
let traces: usize = 0;
/** Of the answer that is asked for. */
let entry: usize = 0;

/** `at` is the address of the batch's traces, or 0. */
export function traceBatch(at: usize): void {
  traces = accountsAreKept ? at : 0;
}

/** The row's first interface is asked now: so far neither remembers anything. */
export function traceFirst(index: u32): void {
  if (traces == 0) return;
  entry = traces + <usize>index * TRACE_SIZE;
  traceNothing(entry + TRACE_SECOND);
  traceNothing(entry);
}

/** The row's second interface is asked now. */
export function traceSecond(): void {
  entry += TRACE_SECOND;
}

/**
 * The record that the interface goes by, or null: the last one told of counts. What is forgotten is not told of, whether
 * the table still holds it or not.
 */
export function traceRecord(c: Connection, now: i64): void {
  if (traces == 0) return;
  if (changetype<usize>(c) == 0 || isForgotten(c, now)) return traceNothing(entry);
  copyLine(entry, changetype<usize>(c));
  copyLine(entry + TRACE_ACCOUNT, accountOf(c));
}

/** A free record stands for none; what else is in the entry is left from earlier rows. */
function traceNothing(at: usize): void {
  store<u8>(at, FREE, CONNECTION_STATE);
}

/** 64 bytes word by word: a call to copy memory costs more than these. */
function copyLine(to: usize, from: usize): void {
  for (let at: usize = 0; at < 64; at += 16) {
    store<u64>(to + at, load<u64>(from + at));
    store<u64>(to + at, load<u64>(from + at, 8), 8);
  }
}
