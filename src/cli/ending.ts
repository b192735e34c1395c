import { constants } from 'node:os';

/** What ends a run early without ending it badly: nothing half-written may stay. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs an action; a signal that ends the program meanwhile discards its outputs first. */
export async function endingCleanly<T>(discard: () => void, action: () => Promise<T>): Promise<T> {
  const leave = (signal: NodeJS.Signals): void => {
    discard();
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of ENDING) process.once(signal, leave);
  try {
    return await action();
  } finally {
    for (const signal of ENDING) process.off(signal, leave);
  }
}
