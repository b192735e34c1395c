import { setTimeout } from 'node:timers/promises';
import { inputError } from '../model/diagnostic.js';
import type { Pace } from '../replay/paced.js';

/** Where time comes from; a test has one of its own. Milliseconds. */
export interface Clock {
  readonly now: () => number;
  /** May settle a little early, and does when the signal comes. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<unknown>;
}

const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
};

/** Longest that a timer of Node sleeps. */
const SLEEP_MAX = 2 ** 31 - 1;

/**
 * Packet time by the clock, `speed` times as fast, counted from the first frame. Who comes late is not held up further: what
 * should have left meanwhile leaves at once. After the signal nothing leaves.
 */
export function createPace(
  speed: number,
  { now, sleep }: Clock = SYSTEM_CLOCK,
  signal?: AbortSignal,
): Pace {
  let began: number | undefined;
  return async (sinceFirstNs) => {
    began ??= now();
    const dueMs = Number(sinceFirstNs) / 1e6 / speed;
    for (;;) {
      if (signal?.aborted === true) return undefined;
      const passedMs = now() - began;
      if (passedMs >= dueMs) return BigInt(Math.floor(passedMs * speed * 1e6));
      await sleep(Math.min(Math.ceil(dueMs - passedMs), SLEEP_MAX), signal);
    }
  };
}

/** How many times as fast as it was captured; Infinity for `max`. Throws InputError. */
export function readSpeed(text: string): number {
  const speed = text === 'max' ? Infinity : /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (speed > 0) return speed;
  const fact = `${JSON.stringify(text)} is no speed`;
  throw inputError('usage', '--speed', fact, 'give a number above 0, 1 for real time, or max');
}
