import type { RecordNames } from '../engine/remembered.js';
import type { SettledRun } from './early-fragments.js';

/** Sees every judged frame once, in file order, when its verdict stands. */
export interface Observer {
  /** The run is valid until the answer settles. */
  onSettled(run: ObservedRun): void | Promise<void>;
  /** Asks for the bytes of frames, which are then kept of those that wait for a fragment, too. */
  readonly needsBytes?: boolean;
}

/** Frames that follow each other in memory: addresses of their parts, see layout.ts. */
export interface ObservedRun {
  readonly memory: WebAssembly.Memory;
  readonly names: RecordNames;
  readonly count: number;
  readonly table: number;
  readonly rows: number;
  readonly verdicts: number;
  /** Captured bytes of one of them, for an observer that needs them. */
  bytesOf(index: number): Uint8Array;
}

/** Shows the runs to all observers. */
export function showRuns(
  observers: readonly Observer[],
  memory: WebAssembly.Memory,
  names: RecordNames,
): (run: SettledRun) => Promise<void> {
  return async (settled) => {
    const {
      batch: { table, rows, verdicts },
      count,
    } = settled;
    if (observers.length === 0) return;
    const bytesOf = (index: number): Uint8Array => settled.bytesOf(index);
    const run = { memory, names, count, table, rows, verdicts, bytesOf };
    for (const observer of observers) await observer.onSettled(run);
  };
}
