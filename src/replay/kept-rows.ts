import { FRAME_SIZE, ROW_SIZE, TRACE_SIZE, VERDICT_SIZE } from '../kernel/layout.js';
import { allocate, viewAt } from '../engine/memory.js';

/** Where judged rows stand in memory, with their frames, verdicts and what was remembered before each. */
export interface RowAddresses {
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
  /** The same four, for copying. */
  readonly words: readonly Uint32Array[];
}

const SIZES = [FRAME_SIZE, ROW_SIZE, VERDICT_SIZE, TRACE_SIZE] as const;

/** Views of `count` rows. Make them once for a place: each costs the collector as much as the memory is large. */
export function viewRows(
  memory: WebAssembly.Memory,
  { table, rows, verdicts, traces }: RowAddresses,
  count: number,
): RowViews {
  const places = [table, rows, verdicts, traces];
  return {
    frames: viewAt(memory, table, count * FRAME_SIZE),
    rows: viewAt(memory, rows, count * ROW_SIZE),
    verdicts: viewAt(memory, verdicts, count * VERDICT_SIZE),
    traces: viewAt(memory, traces, count * TRACE_SIZE),
    words: places.map((at, i) => new Uint32Array(memory.buffer, at, (count * SIZES[i]!) / 4)),
  };
}

/** Copies of single rows, in a table of their own. */
export interface KeptRows extends RowViews {
  readonly addresses: RowAddresses;
  readonly most: number;
}

/** Room for `most` rows. */
export function keepRows(memory: WebAssembly.Memory, most: number): KeptRows {
  const [table, rows, verdicts, traces] = SIZES.map((size) => allocate(memory, most * size)) as [
    number,
    number,
    number,
    number,
  ];
  const addresses = { table, rows, verdicts, traces };
  return { addresses, ...viewRows(memory, addresses, most), most };
}

/** Copies row `fromRow` of one table to place `toRow` of another. */
export function copyRow(to: RowViews, toRow: number, from: RowViews, fromRow: number): void {
  SIZES.forEach((size, part) => {
    const source = from.words[part]!;
    const target = to.words[part]!;
    const count = size / 4;
    const at = fromRow * count;
    const place = toRow * count;
    for (let i = 0; i < count; i++) target[place + i] = source[at + i]!;
  });
}

/** Gives a kept row another verdict: that of row `fromRow` among these. */
export function copyVerdict(
  { verdicts }: RowViews,
  toRow: number,
  from: Uint8Array,
  fromRow: number,
): void {
  for (let i = 0; i < VERDICT_SIZE; i++) {
    verdicts.setUint8(toRow * VERDICT_SIZE + i, from[fromRow * VERDICT_SIZE + i]!);
  }
}
