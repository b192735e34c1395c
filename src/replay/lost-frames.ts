import { CODE_VERDICT_SHIFT, VERDICT_CODE, VERDICT_SIZE } from '../kernel/layout.js';
import type { Observer } from './observer.js';
import { createRunViews } from './run-views.js';

/** Holds verdicts against those of another replay of the same frames. */
export interface LostFrames extends Observer {
  /** Frames, by position, that passed there and are dropped here: the first ones. */
  readonly lost: ReadonlySet<number>;
  readonly lostCount: number;
  /** Frames that were dropped there and pass here. */
  readonly gainedCount: number;
}

const LOST_MAX = 1 << 20;

const ALLOW = 0;
const DROP = 1;

export function createLostFrames(passed: (position: number) => boolean): LostFrames {
  const viewsOf = createRunViews();
  const lost = new Set<number>();
  let frames = 0;
  let lostCount = 0;
  let gainedCount = 0;
  return {
    onSettled: (run) => {
      const { bytes } = viewsOf(run).verdicts;
      for (let i = 0; i < run.count; i++) {
        const verdict = bytes[i * VERDICT_SIZE + VERDICT_CODE]! >> CODE_VERDICT_SHIFT;
        const position = frames++;
        const didPass = passed(position);
        if (verdict === ALLOW && !didPass) gainedCount++;
        if (!didPass || verdict !== DROP) continue;
        lostCount++;
        if (lost.size < LOST_MAX) lost.add(position);
      }
    },
    lost,
    get lostCount() {
      return lostCount;
    },
    get gainedCount() {
      return gainedCount;
    },
  };
}
