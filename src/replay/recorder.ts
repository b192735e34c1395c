import type { KernelExports } from '../engine/kernel-module.js';
import type { RecordNames } from '../engine/remembered.js';
import type { CaptureReader } from './capture-reader.js';
import type { SettledRun } from './early-fragments.js';
import { createMarks } from './marks.js';
import type { Slot } from './slot.js';

/** Looks at every judged packet together with what was remembered before it was judged. */
export interface Recorder {
  /** Frames that match it are marked; in the syntax of pcap-filter(7). */
  readonly mark?: string;
  /**
   * Is shown every batch in file order, before its verdicts settle: those of fragments that wait (FRAGMENT_WAITS in their
   * VERDICT_FLAGS) may still change. The batch is valid until the answer settles.
   */
  onJudged(batch: RecordedBatch): void | Promise<void>;
  /** Is shown every frame once more, in file order, when its verdict stands. A run is valid until the answer settles. */
  onSettled(run: SettledRun): void | Promise<void>;
}

/** A judged batch in memory: addresses of its parts, see layout.ts. */
export interface RecordedBatch {
  readonly memory: WebAssembly.Memory;
  readonly count: number;
  readonly table: number;
  readonly rows: number;
  readonly verdicts: number;
  readonly traces: number;
  /** A byte for each frame, 1 when it matches `mark`; 0 without one. */
  readonly marks: number;
  readonly names: RecordNames;
}

/** Shows a recorder the batches in slots; `framesMax`: most frames of one. */
export function showTo(
  recorder: Recorder,
  memory: WebAssembly.Memory,
  kernel: KernelExports,
  reader: Pick<CaptureReader, 'linkTypes'>,
  names: RecordNames,
  framesMax: number,
): (slot: Slot, count: number) => Promise<void> {
  const { mark } = recorder;
  const marks = mark === undefined ? undefined : createMarks(memory, kernel, mark, framesMax);
  return async ({ table, rows, verdicts, traces }, count) => {
    const marked = marks?.mark(table, count, reader.linkTypes) ?? 0;
    const addresses = { table, rows, verdicts, traces, marks: marked };
    await recorder.onJudged({ memory, names, count, ...addresses });
  };
}
