import { InputError } from '../model/diagnostic.js';
import type { WrittenPlace } from '../model/expectation.js';
import { addDiagnostic } from './faults.js';
import { placeText, type Place } from './place.js';

/** What `read` gives; where it throws, its diagnostics are faults of the place. */
export function placed<T>(place: Place, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const at = placeText(place);
    for (const diagnostic of error.diagnostics) {
      addDiagnostic(place.faults, { ...diagnostic, place: at });
    }
    return undefined;
  }
}

/** Where a value stands, for people and programs. */
export function writtenPlace(place: Place): WrittenPlace {
  const [, line, column] = /^:(\d+):(\d+)$/.exec(place.position?.(place.path) ?? '') ?? [];
  const text = placeText(place);
  return { file: place.file, line: Number(line ?? 1), column: Number(column ?? 1), text };
}

/** Characters of a text that reports repeat. */
const LONGEST = 300;

/** A text on one line, cut to LONGEST. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST).toWellFormed()}...`;
}
