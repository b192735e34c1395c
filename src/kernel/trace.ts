import { accountOf } from './account';
import { Connection, isForgotten } from './connection';
import { ACCOUNT_SIZE, CONNECTION_SIZE, TRACE_ACCOUNT, TRACE_SECOND, TRACE_SIZE } from './layout';
import { accountsAreKept } from './policy';

// What each interface remembered of a packet's flow before it judged the packet: see layout.ts.

/** Of the batch; 0 when nobody wants them. */
let traces: usize = 0;
/** Of the answer that is asked for. */
let entry: usize = 0;

/** `at` is the address of the batch's traces, or 0. */
export function traceBatch(at: usize): void {
  traces = accountsAreKept ? at : 0;
}

/** The row's first interface is asked now: so far it remembers nothing. */
export function traceFirst(index: u32): void {
  if (traces == 0) return;
  entry = traces + <usize>index * TRACE_SIZE;
  memory.fill(entry, 0, TRACE_SIZE);
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
  if (changetype<usize>(c) == 0 || isForgotten(c, now)) {
    memory.fill(entry, 0, TRACE_SECOND);
    return;
  }
  memory.copy(entry, changetype<usize>(c), CONNECTION_SIZE);
  memory.copy(entry + TRACE_ACCOUNT, accountOf(c), ACCOUNT_SIZE);
}
