import { availableParallelism } from 'node:os';
import { wholeNumber } from './number-option.js';

export const WORKERS_MAX = 64;

/** Option of every command that judges whole captures. */
export const WORKERS_OPTION = {
  workers: {
    type: 'number',
    requiresArg: true,
    describe: 'threads that judge [default: one per core]',
  },
} as const;

/** Throws InputError. */
export function readWorkers(given: number | undefined): number {
  return given === undefined
    ? availableParallelism()
    : wholeNumber(given, 'workers', 1, WORKERS_MAX);
}
