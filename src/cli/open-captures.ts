import { sourceOf } from '../capture/capture-file.js';
import { expandCaptures } from '../capture/capture-names.js';
import type { CaptureSource } from '../capture/source.js';
import { inputError } from '../model/diagnostic.js';
import type { Outcome } from '../model/outcome.js';
import { printDiagnostics } from './console.js';
import { INTERRUPTED } from './ending.js';

/** The captures that names stand for; what folders hold besides is told as warnings. Throws InputError. */
export async function openCaptures(names: readonly string[]): Promise<CaptureSource[]> {
  if (names.filter((name) => name === '-' || name.startsWith('-@')).length > 1) {
    throw inputError('usage', '-r', 'standard input is named twice', 'name it once');
  }
  const { captures, skipped } = await expandCaptures(names);
  printDiagnostics(skipped);
  return captures.map(sourceOf);
}

/** Undefined when one of them is a pipe. */
export function totalSize(sources: readonly CaptureSource[]): number | undefined {
  return sources.reduce<number | undefined>(
    (sum, { size }) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
}

/** Says what could be read only in part; returns the exit code. `rest` is what covers the frames before. */
export function reportPartly(
  { captures, interrupted }: Pick<Outcome, 'captures' | 'interrupted'>,
  rest: string,
): number {
  const damaged = captures.flatMap(({ name, stopped }) =>
    stopped === undefined ? [] : [{ name, ...stopped }],
  );
  printDiagnostics(
    damaged.map(({ name, frame, fact }) => ({
      severity: 'error',
      code: 'capture-cut',
      place: `${name}: frame ${frame}`,
      fact,
      fix: `${rest} covers the frames before it`,
    })),
  );
  if (interrupted === true) {
    const packets = captures.reduce((sum, capture) => sum + capture.packets, 0);
    const place = captures.map(({ name }) => name).join(', ');
    const fact = `interrupted after ${packets} packets`;
    const fix = `${rest} covers those, and no file was written`;
    printDiagnostics([{ severity: 'warning', code: 'interrupted', place, fact, fix }]);
    return INTERRUPTED;
  }
  return damaged.length > 0 ? 3 : 0;
}
