import { viewAt } from '../engine/memory.js';
import { FRAME_SIZE, FRAME_TIME, ROW_SIZE, VERDICT_SIZE } from '../kernel/layout.js';
import type { SettledRun } from './early-fragments.js';

/**
 * Settles when so much packet time, in nanoseconds since the first frame, has come; gives how much has come by then, at
 * least as much. The first one that is asked about is 0. Undefined: no more time will come.
 */
export type Pace = (sinceFirstNs: bigint) => Promise<bigint | undefined>;

/**
 * Cuts runs of settled frames into runs whose time has come, none before its time. Frames stay in file order: one that is
 * older than a frame before it leaves with that.
 */
export function createPacing(
  memory: WebAssembly.Memory,
  pace: Pace,
): (runs: Iterable<SettledRun>) => AsyncGenerator<SettledRun> {
  let firstNs: bigint | undefined;
  return async function* (runs) {
    for (const run of runs) {
      const frames = viewAt(memory, run.batch.table, run.count * FRAME_SIZE);
      const timeOf = (index: number): bigint =>
        frames.getBigInt64(index * FRAME_SIZE + FRAME_TIME, true);
      for (let from = 0, to = 0; from < run.count; from = to) {
        firstNs ??= timeOf(from);
        const passed = await pace(timeOf(from) - firstNs);
        // The rest of the runs is asked for all the same: they are counted on the way.
        if (passed === undefined) break;
        const come = firstNs + passed;
        do to++;
        while (to < run.count && timeOf(to) <= come);
        yield partOf(run, from, to);
      }
    }
  };
}

function partOf(run: SettledRun, from: number, to: number): SettledRun {
  return {
    batch: {
      table: run.batch.table + from * FRAME_SIZE,
      verdicts: run.batch.verdicts + from * VERDICT_SIZE,
      rows: run.batch.rows + from * ROW_SIZE,
    },
    count: to - from,
    bytesOf: (index) => run.bytesOf(from + index),
  };
}
