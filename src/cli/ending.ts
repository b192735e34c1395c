import { constants } from 'node:os';

/** What ends a run early without ending it badly: nothing half-written may stay. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs an action; a signal that ends the program meanwhile discards its outputs first. */
export function endingCleanly<T>(discard: () => void, action: () => Promise<T>): Promise<T> {
  return endingOn(ENDING, discard, action);
}

async function endingOn<T>(
  signals: readonly NodeJS.Signals[],
  discard: () => void,
  action: () => Promise<T>,
): Promise<T> {
  const leave = (signal: NodeJS.Signals): void => {
    discard();
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of signals) process.once(signal, leave);
  try {
    return await action();
  } finally {
    for (const signal of signals) process.off(signal, leave);
  }
}

/** Exit code of what was interrupted, as shells have it. */
export const INTERRUPTED = 128 + constants.signals.SIGINT;

/**
 * Runs an action that an interrupt ends early, so that it can tell what it has so far; another signal, or a second interrupt,
 * discards its outputs and ends the program. Gives the action's exit code, or INTERRUPTED when it came to nothing.
 */
export function endingEarly(
  discard: () => void,
  action: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const interrupt = new AbortController();
  const leave = (): void => {
    discard();
    process.exit(INTERRUPTED);
  };
  const stop = (): void => {
    process.once('SIGINT', leave);
    interrupt.abort();
  };
  return endingOn(['SIGTERM', 'SIGHUP'], discard, async () => {
    process.once('SIGINT', stop);
    try {
      return await action(interrupt.signal);
    } catch (error) {
      if (error !== interrupt.signal.reason) throw error;
      discard();
      return INTERRUPTED;
    } finally {
      process.off('SIGINT', stop).off('SIGINT', leave);
    }
  });
}
