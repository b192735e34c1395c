import { FRAGMENT_WAITS, FRAME_SIZE, VERDICT_FLAGS, VERDICT_SIZE } from '../kernel/layout.js';
import type { PairViews } from './change-key.js';
import type { SettledRun } from './early-fragments.js';
import { type KeptRows, type Words, copyRow, copyVerdict, keepRows } from './kept-rows.js';
import { frameNumber } from './noted-case.js';

/**
 * Rows in file order of which some wait for the first fragment of their datagram (CT-18): while one waits, those behind it wait
 * too, so that what is made of them does not hang on how the capture was cut into batches.
 */
export interface ChangeQueue {
  readonly isEmpty: boolean;
  add(views: PairViews, index: number): void;
  /** Gives waiting rows the verdicts that stand now; then lets go those that nothing holds back. */
  settle(side: 'before' | 'after', memory: WebAssembly.Memory, run: SettledRun): void;
}

/** Fragments wait for a window of frames, and one batch more. */
const ROOM = 1 << 15;

const WAITS = FRAGMENT_WAITS | (FRAGMENT_WAITS << 1);

/** Whether the verdict of a judged row may still change. */
export function isWaiting(
  { verdicts }: { readonly verdicts: KeptRows['verdicts'] },
  index: number,
): boolean {
  return (verdicts.bytes[index * VERDICT_SIZE + VERDICT_FLAGS]! & WAITS) !== 0;
}

interface Held {
  readonly frame: number;
  readonly place: number;
  /** Its verdict may still change there. */
  before: boolean;
  after: boolean;
}

/** `take` is given rows whose verdicts stand. */
export function createChangeQueue(
  memory: WebAssembly.Memory,
  take: (views: PairViews, index: number) => void,
): ChangeQueue {
  let room: Readonly<Record<'before' | 'after', KeptRows>> | undefined;
  const free: number[] = [];
  let queue: Held[] = [];

  const letGo = (): void => {
    const end = queue.findIndex(({ before, after }) => before || after);
    const ready = end < 0 ? queue : queue.slice(0, end);
    queue = end < 0 ? [] : queue.slice(end);
    for (const { place } of ready) {
      take(room!, place);
      free.push(place);
    }
  };
  return {
    get isEmpty() {
      return queue.length === 0;
    },
    add: (views, index) => {
      if (room === undefined) {
        room = { before: keepRows(memory, ROOM), after: keepRows(memory, ROOM) };
        for (let place = 0; place < ROOM; place++) free.push(place);
      }
      const place = free.pop()!;
      copyRow(room.before, place, views.before, index);
      copyRow(room.after, place, views.after, index);
      const frame = frameNumber(views.before.frames, index);
      const waits = {
        before: isWaiting(views.before, index),
        after: isWaiting(views.after, index),
      };
      queue.push({ frame, place, ...waits });
    },
    settle: (side, { buffer }, { batch, count }) => {
      if (queue.length === 0) return;
      const frames = { words: new Uint32Array(buffer, batch.table, (count * FRAME_SIZE) / 4) };
      const verdicts = {
        words: new Uint32Array(buffer, batch.verdicts, (count * VERDICT_SIZE) / 4),
      };
      for (const held of queue) {
        if (!held[side]) continue;
        const index = indexOfFrame(frames, count, held.frame);
        if (index < 0) continue;
        copyVerdict(room![side], held.place, verdicts, index);
        held[side] = false;
      }
      letGo();
    },
  };
}

/** Numbers ascend within a run. */
function indexOfFrame(frames: Words, count: number, number: number): number {
  let [low, high] = [0, count - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = frameNumber(frames, middle);
    if (found === number) return middle;
    if (found < number) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
