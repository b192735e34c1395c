import { FRAME_SIZE, ROW_SIZE, VERDICT_SIZE } from '../kernel/layout.js';
import { bytesAt } from '../engine/memory.js';
import type { Part } from './kept-rows.js';
import type { ObservedRun } from './observer.js';

/** A run as the host sees it: the same memory in three widths. It may reach beyond the run's frames. */
export interface RunViews {
  readonly frames: Part;
  readonly rows: Part;
  readonly verdicts: Part;
}

/** Gives the views of runs, made once for a place in memory: each costs the collector as much as the memory is large. */
export function createRunViews(): (
  run: Pick<ObservedRun, 'memory' | 'count' | 'table' | 'rows' | 'verdicts'>,
) => RunViews {
  const known = new Map<
    number,
    { readonly views: RunViews; readonly count: number; readonly table: number }
  >();
  return ({ memory, count, table, rows, verdicts }) => {
    const found = known.get(rows);
    // A second side has one place for its rows, whichever frames they are of.
    if (found?.table === table && found.count >= count) return found.views;
    const part = (address: number, size: number): Part => ({
      bytes: bytesAt(memory, address, count * size),
      halves: new Uint16Array(memory.buffer, address, (count * size) / 2),
      words: new Uint32Array(memory.buffer, address, (count * size) / 4),
    });
    const views = {
      frames: part(table, FRAME_SIZE),
      rows: part(rows, ROW_SIZE),
      verdicts: part(verdicts, VERDICT_SIZE),
    };
    // Runs of held or paced frames begin anywhere.
    if (known.size === PLACES_MAX) known.clear();
    known.set(rows, { views, count, table });
    return views;
  };
}

const PLACES_MAX = 256;
