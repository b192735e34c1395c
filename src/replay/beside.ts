import { CAPTURE_FROM, CAPTURE_SIZE, CAPTURE_TO } from '../kernel/layout.js';
import { createEngine } from '../engine/engine.js';
import { allocate, viewAt } from '../engine/memory.js';
import type { Outcome } from '../model/outcome.js';
import type { Timeline } from '../policy/timeline.js';
import type { Admission } from './admission.js';
import { resultOf } from './shard-work.js';
import { type Ground, type Listeners, openSide } from './side.js';
import { type OpenSlot, allocateSlot } from './slot.js';

/** A second timeline that every batch of a replay is judged by, on the calling thread. */
export interface Beside extends Pick<Listeners, 'recorder' | 'observers'> {
  /** Is told the time of the first packet, 0 without one. */
  readonly timelineFrom: (firstTimeNs: bigint) => Timeline;
  /** Takes what came of it. */
  readonly onOutcome: (outcome: Outcome) => void;
}

export interface BesideJudge {
  judge(slot: OpenSlot, frames: number): Promise<void>;
  /** Passes on what stands by now. */
  settle(frames: number): Promise<void>;
  finish(): Promise<void>;
}

export function judgeBeside(
  ground: Ground,
  { timelineFrom, onOutcome, ...listeners }: Beside,
): BesideJudge {
  const { memory, reader, chunkBytes } = ground;
  const captures = copyCaptures(memory, reader.admission);
  const timeline = timelineFrom(reader.firstTimeNs);
  const keepsAccounts = listeners.recorder !== undefined;
  const side = openSide(ground, captures.admission, timeline, listeners, keepsAccounts);
  const engine = createEngine(side.share);
  const room = allocateSlot(memory, chunkBytes, keepsAccounts);
  let judged: OpenSlot | undefined;
  let waiting = 0;
  return {
    judge: async (slot, frames) => {
      captures.refresh();
      engine.kernel.decode(slot.batch, room.rows);
      const { rows, verdicts, traces } = room;
      waiting = engine.kernel.judge(rows, verdicts, frames, slot.table, 0, traces);
      judged = { ...slot, rows, verdicts, traces };
      await side.show(judged, frames);
    },
    settle: (frames) => side.settle(judged!, frames, waiting),
    finish: async () => {
      await side.finish();
      onOutcome(side.outcome([resultOf(engine)]));
    },
  };
}

/** Interfaces have other numbers here, so captures have a table of their own; their spans are those of the reader. */
function copyCaptures(
  memory: WebAssembly.Memory,
  admission: Admission,
): { readonly admission: Admission; refresh(): void } {
  const { captureView: from } = admission;
  const captures = allocate(memory, from.byteLength);
  const to = viewAt(memory, captures, from.byteLength);
  const refresh = (): void => {
    for (let at = 0; at < from.byteLength; at += CAPTURE_SIZE) {
      for (const place of [CAPTURE_FROM, CAPTURE_TO]) {
        to.setBigInt64(at + place, from.getBigInt64(at + place, true), true);
      }
    }
  };
  refresh();
  return { admission: { ...admission, captures, captureView: to }, refresh };
}
