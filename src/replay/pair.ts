import type { CaptureSource } from '../capture/source.js';
import type { Outcome } from '../model/outcome.js';
import type { Timeline } from '../policy/timeline.js';
import type { SettledRun } from './early-fragments.js';
import type { RecordedBatch } from './recorder.js';
import { type ReplayOptions, replay } from './replay.js';

/** Looks at every packet as it is judged by two timelines. */
export interface PairRecorder {
  /**
   * Is shown every batch in file order, before its verdicts settle, as in `Recorder`: the same frames, judged by each. Both are
   * valid until the answer settles.
   */
  onJudged(before: RecordedBatch, after: RecordedBatch): void | Promise<void>;
  /** Is shown every frame once more for each side, in file order, when its verdict stands there. */
  onSettled(side: 'before' | 'after', run: SettledRun): void | Promise<void>;
}

export interface PairOutcome {
  readonly before: Outcome;
  readonly after: Outcome;
}

/** Judges every packet of the captures by two timelines, in one pass. See `replay`; the second is judged on the calling thread. */
export async function replayPair(
  timelines: Readonly<Record<'before' | 'after', (firstTimeNs: bigint) => Timeline>>,
  sources: readonly CaptureSource[],
  recorder: PairRecorder,
  options: Omit<
    ReplayOptions,
    'recorder' | 'beside' | 'onVerdicts' | 'sinks' | 'pace' | 'onRecords'
  >,
): Promise<PairOutcome> {
  let judged: RecordedBatch | undefined;
  let after: Outcome | undefined;
  const before = await replay(timelines.before, sources, {
    ...options,
    recorder: {
      onJudged: (batch) => {
        judged = batch;
      },
      onSettled: (run) => recorder.onSettled('before', run),
    },
    beside: {
      timelineFrom: timelines.after,
      recorder: {
        onJudged: (batch) => recorder.onJudged(judged!, batch),
        onSettled: (run) => recorder.onSettled('after', run),
      },
      onOutcome: (outcome) => {
        after = outcome;
      },
    },
  });
  return { before, after: after! };
}
