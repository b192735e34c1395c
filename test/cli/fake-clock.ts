import type { Clock } from '../../src/cli/pace.js';

/** Time passes in sleep only; every third one ends a little early, as timers may. */
export function createFakeClock(): Clock & { readonly slept: number[] } {
  let now = 1_000_000;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: (ms) => {
      now += slept.push(ms) % 3 === 0 ? ms * 0.9 : ms;
      return Promise.resolve();
    },
  };
}
