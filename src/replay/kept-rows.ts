import { FRAME_SIZE, ROW_SIZE, TRACE_SIZE, VERDICT_SIZE } from '../kernel/layout.js';
import { allocate, bytesAt, viewAt } from '../engine/memory.js';

/** Where judged rows stand in memory, with their frames, verdicts and what was remembered before each. */
export interface RecordedRows {
  readonly table: number;
  readonly rows: number;
  readonly verdicts: number;
  readonly traces: number;
}

/** Such rows as the host sees them. */
export interface RowViews {
  readonly frames: DataView;
  readonly rows: DataView;
  readonly verdicts: DataView;
  readonly traces: DataView;
}

/** Copies of single rows, in a table of their own. */
export interface KeptRows extends RecordedRows, RowViews {
  /** Copies row `from` of a batch to place `to`. */
  put(to: number, batch: RowViews, from: number): void;
}

const PARTS = [
  ['frames', FRAME_SIZE],
  ['rows', ROW_SIZE],
  ['verdicts', VERDICT_SIZE],
  ['traces', TRACE_SIZE],
] as const;

/** Room for `most` rows. */
export function keepRows(memory: WebAssembly.Memory, most: number): KeptRows {
  const table = allocate(memory, most * FRAME_SIZE);
  const rows = allocate(memory, most * ROW_SIZE);
  const verdicts = allocate(memory, most * VERDICT_SIZE);
  const traces = allocate(memory, most * TRACE_SIZE);
  const places = { table, rows, verdicts, traces };
  const views = viewRows(memory, places, most);
  return {
    table,
    ...views,
    ...{ rowsAt: rows },
    put: (to, batch, from) => {
      for (const [part, size] of PARTS) copy(views[part], to * size, batch[part], from * size, size);
    },
  };
}
