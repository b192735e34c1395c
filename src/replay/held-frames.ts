import { allocate, bytesAt, viewAt } from '../engine/memory.js';
import type { JudgedBatch } from '../engine/verdicts.js';
import { FRAME_AT, FRAME_CAPTURED, FRAME_SIZE, ROW_SIZE, VERDICT_SIZE } from '../kernel/layout.js';

/** A judged batch with the rows that it was judged by. */
export interface JudgedRows extends JudgedBatch {
  readonly rows: number;
}

/** Copies of judged frames that cannot go on yet, in file order. The room of their batches is used anew. */
export interface HeldFrames {
  readonly count: number;
  /** The verdicts, `verdictAt` of them telling where that of a held frame is. */
  readonly verdicts: DataView;
  verdictAt(index: number): number;
  /** The held frames as a batch, valid until the next `append`; the bytes that its table tells of are gone. */
  readonly batch: JudgedRows;
  /** Bytes of a held frame, where they are kept. */
  bytesOf(index: number): Uint8Array;
  /** Copies `count` frames of a batch, from the one at `from` on. */
  append(batch: JudgedRows, from: number, count: number): void;
  /** Forgets the first ones. */
  drop(count: number): void;
}

/** Room for `most` frames at a time, in shared memory; their bytes, if `keepBytes`, in the host's. */
export function createHeldFrames(
  memory: WebAssembly.Memory,
  most: number,
  keepBytes: boolean,
): HeldFrames {
  // Twice the room: what is held moves to its front only when its end is reached.
  const slots = most * 2;
  const table = createColumn(memory, FRAME_SIZE, slots);
  const verdicts = createColumn(memory, VERDICT_SIZE, slots);
  const rows = createColumn(memory, ROW_SIZE, slots);
  const columns = [table, verdicts, rows];
  let bytes: Uint8Array[] = [];
  let start = 0;
  let count = 0;
  return {
    get count() {
      return count;
    },
    verdicts: viewAt(memory, verdicts.address, slots * VERDICT_SIZE),
    verdictAt: (index) => (start + index) * VERDICT_SIZE,
    get batch() {
      return {
        table: table.address + start * FRAME_SIZE,
        verdicts: verdicts.address + start * VERDICT_SIZE,
        rows: rows.address + start * ROW_SIZE,
      };
    },
    bytesOf: (index) => bytes[index]!,
    append(batch, from, added) {
      if (start + count + added > slots) {
        for (const column of columns) column.moveToFront(start, count);
        start = 0;
      }
      table.copy(batch.table, from, start + count, added);
      verdicts.copy(batch.verdicts, from, start + count, added);
      rows.copy(batch.rows, from, start + count, added);
      count += added;
      if (!keepBytes) return;
      const frames = viewAt(memory, batch.table, (from + added) * FRAME_SIZE);
      for (let i = from; i < from + added; i++) bytes.push(frameBytes(memory, frames, i).slice());
    },
    drop(gone) {
      start += gone;
      count -= gone;
      if (keepBytes) bytes = bytes.slice(gone);
    },
  };
}

/** The captured bytes of a frame, where they stand. */
export function frameBytes(
  memory: WebAssembly.Memory,
  frames: DataView,
  index: number,
): Uint8Array {
  const of = index * FRAME_SIZE;
  const size = frames.getUint32(of + FRAME_CAPTURED, true);
  return bytesAt(memory, frames.getUint32(of + FRAME_AT, true), size);
}

/** Records of one size, one after the other. */
function createColumn(memory: WebAssembly.Memory, size: number, slots: number) {
  const address = allocate(memory, size * slots);
  const bytes = bytesAt(memory, address, size * slots);
  return {
    address,
    moveToFront: (from: number, count: number): void => {
      bytes.copyWithin(0, from * size, (from + count) * size);
    },
    copy: (source: number, from: number, to: number, count: number): void => {
      bytes.set(bytesAt(memory, source + from * size, count * size), to * size);
    },
  };
}
