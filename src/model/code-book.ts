import { CAUSES } from './cause.js';
import { CODE_KINDS, type CodeEntry, type CodeNote } from './code-entry.js';
import { CAUSE_ADVICE } from './codes-cause.js';
import { REFERENCE_CODES } from './codes-reference.js';
import { REFUSAL_CODES } from './codes-refusal.js';
import { RUN_CODES } from './codes-run.js';
import { VALUE_CODES } from './codes-value.js';
import { VERDICT_ADVICE } from './codes-verdict.js';
import { VERDICT_CODES } from './verdict.js';

/**
 * Every code that a user can meet. The book only grows: a code that was published keeps its meaning. Ordered by kind; verdict
 * codes and causes as their tables are, the others by name.
 */
export const CODE_BOOK: readonly CodeEntry[] = [
  ...VERDICT_CODES.map(({ name, verdict, text }): CodeEntry => ({
    code: name,
    kind: 'verdict',
    verdict,
    text,
    ...VERDICT_ADVICE[name],
  })),
  ...CAUSES.map(({ name, text }): CodeEntry => ({
    code: name,
    kind: 'cause',
    text,
    ...CAUSE_ADVICE[name],
  })),
  ...sorted('diagnostic', { ...VALUE_CODES, ...REFERENCE_CODES, ...RUN_CODES }),
  ...sorted('refusal', REFUSAL_CODES),
];

/** Entries of a code, one for each kind that has it; none for a text that is no code. */
export function entriesOf(code: string): readonly CodeEntry[] {
  return CODE_BOOK.filter((entry) => entry.code === code);
}

/** Entries by kind, in the order of the book. */
export function entriesByKind(): readonly (readonly CodeEntry[])[] {
  return CODE_KINDS.map((kind) => CODE_BOOK.filter((entry) => entry.kind === kind));
}

/** Codes that somebody who wrote `text` may have meant, best first, at most `most`. */
export function codesNear(text: string, most = 3): readonly string[] {
  const wanted = text.toLowerCase();
  const codes = [...new Set(CODE_BOOK.map(({ code }) => code))];
  return codes
    .map((code) => ({ code, distance: distanceOf(wanted, code.toLowerCase()) }))
    .filter(({ code, distance }) => distance <= Math.max(1, Math.floor(code.length / 3)))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, most)
    .map(({ code }) => code);
}

function sorted(kind: 'diagnostic' | 'refusal', notes: Readonly<Record<string, CodeNote>>) {
  return Object.entries(notes)
    .map(([code, note]): CodeEntry => ({ code, kind, ...note }))
    .sort((one, other) => (one.code < other.code ? -1 : 1));
}

/** Letters to add, remove or replace (Levenshtein); a part of a code is one letter away. */
function distanceOf(text: string, code: string): number {
  if (text === code) return 0;
  if (text.length >= LEAST_PART && code.includes(text)) return 1;
  if (text.length > code.length * 2) return Infinity;
  let row = Array.from({ length: code.length + 1 }, (_, column) => column);
  for (let index = 0; index < text.length; index++) {
    const next = [index + 1];
    for (let column = 1; column <= code.length; column++) {
      const replaced = row[column - 1]! + (text[index] === code[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[column]! + 1, next[column - 1]! + 1));
    }
    row = next;
  }
  return row[code.length]!;
}

const LEAST_PART = 3;
