import {
  FREE,
  CONNECTION_SIZE,
  CONNECTION_STATE,
  SEGMENT_BYTES,
  SEGMENT_SHIFT,
  TRACE_ACCOUNT,
  TRACE_SECOND,
  TRACE_SIZE,
} from '../kernel/layout.js';
import { RECALLED_SECONDS } from '../model/evidence.js';
import type { Remembered } from '../model/remembered.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { Engine } from './engine.js';
import { viewAt } from './memory.js';
import { type RecordNames, readRemembered } from './remembered.js';

/**
 * What the first and the second interface of a row remembered before it was judged. `traces` is a view of the batch's
 * traces, `row` the row's position in the batch.
 */
export function readMemories(
  traces: DataView,
  row: number,
  names: RecordNames,
): readonly [Remembered | undefined, Remembered | undefined] {
  const first = row * TRACE_SIZE;
  const second = first + TRACE_SECOND;
  return [
    readRemembered(traces, first, first + TRACE_ACCOUNT, names),
    readRemembered(traces, second, second + TRACE_ACCOUNT, names),
  ];
}

/** Where an instance's records stand: the address of the addresses of their segments, and how many there are. */
export interface RecordTable {
  readonly segments: number;
  readonly count: number;
}

export function recordTable({ kernel, segments }: Engine): RecordTable {
  return { segments, count: kernel.connectionsMade() };
}

/**
 * Everything that instances with accounts remember at a packet time, in order of creation. What is over for longer than
 * RECALLED_SECONDS, and is no history (CT-14), is left out: whether a table still holds it hangs on chance.
 */
export function readRecords(
  memory: WebAssembly.Memory,
  tables: readonly RecordTable[],
  names: RecordNames,
  tracking: TrackingOptions,
  nowNs: bigint,
): Remembered[] {
  const records = tables.flatMap((table) => [...recordsOf(memory, table, names)]);
  const place = new Map(names.interfaces.map((eni, position) => [eni, position]));
  return records
    .filter((record) => isRecalled(record, tracking, nowNs))
    .sort(
      (one, other) =>
        one.account.createdFrame - other.account.createdFrame ||
        place.get(one.eni)! - place.get(other.eni)! ||
        // A first fragment begins a flow, and is noted itself.
        Number(one.kind === 'first-fragment') - Number(other.kind === 'first-fragment'),
    );
}

function* recordsOf(
  memory: WebAssembly.Memory,
  { segments, count }: RecordTable,
  names: RecordNames,
): Generator<Remembered> {
  const perSegment = 1 << SEGMENT_SHIFT;
  const addresses = viewAt(memory, segments, Math.ceil(count / perSegment) * 4);
  for (let first = 0; first < count; first += perSegment) {
    const address = addresses.getUint32((first / perSegment) * 4, true);
    const view = viewAt(memory, address, 2 * SEGMENT_BYTES);
    const end = Math.min(count - first, perSegment) * CONNECTION_SIZE;
    for (let at = 0; at < end; at += CONNECTION_SIZE) {
      if (view.getUint8(at + CONNECTION_STATE) === FREE) continue;
      yield readRemembered(view, at, at + SEGMENT_BYTES, names)!;
    }
  }
}

function isRecalled(
  { lastSeenNs, idleSeconds, wasEstablished }: Remembered,
  { midstream, historySeconds }: TrackingOptions,
  nowNs: bigint,
): boolean {
  const remembers = wasEstablished && midstream === 'history';
  const seconds = Math.max(RECALLED_SECONDS, remembers ? historySeconds : 0);
  return nowNs - lastSeenNs < BigInt(idleSeconds + seconds) * 1_000_000_000n;
}
