import { FRAME_SIZE, ROW_SIZE, TRACE_SIZE, VERDICT_SIZE } from '../kernel/layout.js';
import { allocate, bytesAt } from '../engine/memory.js';

/** Where judged rows stand in memory, with their frames, verdicts and what was remembered before each. */
export interface RowAddresses {
  readonly table: number;
  readonly rows: number;
  readonly verdicts: number;
  readonly traces: number;
}

/** Little-endian, as the kernel writes them. */
export interface Words {
  readonly words: Uint32Array;
}

/** One part of such rows: the same memory in three widths. */
export interface Part extends Words {
  readonly bytes: Uint8Array;
  readonly halves: Uint16Array;
}

/** Such rows as the host sees them. Typed arrays, because a batch has thousands of rows and a view of each costs. */
export interface RowViews {
  readonly frames: Part;
  readonly rows: Part;
  readonly verdicts: Part;
  readonly traces: Part;
}

/** Views of `count` rows. Make them once for a place: each costs the collector as much as the memory is large. */
export function viewRows(
  memory: WebAssembly.Memory,
  { table, rows, verdicts, traces }: RowAddresses,
  count: number,
): RowViews {
  const part = (address: number, size: number): Part => ({
    bytes: bytesAt(memory, address, count * size),
    halves: new Uint16Array(memory.buffer, address, (count * size) / 2),
    words: new Uint32Array(memory.buffer, address, (count * size) / 4),
  });
  return {
    frames: part(table, FRAME_SIZE),
    rows: part(rows, ROW_SIZE),
    verdicts: part(verdicts, VERDICT_SIZE),
    traces: part(traces, TRACE_SIZE),
  };
}

/** Copies of single rows, in a table of their own. */
export interface KeptRows extends RowViews {
  readonly addresses: RowAddresses;
}

/** Room for `most` rows. */
export function keepRows(memory: WebAssembly.Memory, most: number): KeptRows {
  const addresses = {
    table: allocate(memory, most * FRAME_SIZE),
    rows: allocate(memory, most * ROW_SIZE),
    verdicts: allocate(memory, most * VERDICT_SIZE),
    traces: allocate(memory, most * TRACE_SIZE),
  };
  return { addresses, ...viewRows(memory, addresses, most) };
}

/** Copies row `fromRow` of one table to place `toRow` of another. */
export function copyRow(to: RowViews, toRow: number, from: RowViews, fromRow: number): void {
  copyWords(to.frames, toRow, from.frames, fromRow, FRAME_SIZE / 4);
  copyWords(to.rows, toRow, from.rows, fromRow, ROW_SIZE / 4);
  copyVerdict(to, toRow, from.verdicts, fromRow);
  copyWords(to.traces, toRow, from.traces, fromRow, TRACE_SIZE / 4);
}

/** Gives a kept row another verdict: that of row `fromRow` among these. */
export function copyVerdict(to: RowViews, toRow: number, from: Words, fromRow: number): void {
  copyWords(to.verdicts, toRow, from, fromRow, VERDICT_SIZE / 4);
}

function copyWords(
  { words: to }: Words,
  toRow: number,
  { words: from }: Words,
  fromRow: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) to[toRow * count + i] = from[fromRow * count + i]!;
}
