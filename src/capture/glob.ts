import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a name holds what makes it a pattern. */
export const isGlob = (name: string): boolean => /[*?[]/.test(name);

/**
 * Names of existing files and folders that a pattern stands for, sorted. `*`, `?` and `[a-z]`, `[!a-z]` match within one
 * level of the path; a name with a leading dot is only matched by one. Unreadable folders match nothing.
 */
export function globNames(pattern: string): string[] {
  const [first = '', ...levels] = pattern.split(/\/+/);
  const start = pattern.startsWith('/') ? ['/'] : [''];
  return (pattern.startsWith('/') ? levels : [first, ...levels])
    .filter((level) => level !== '')
    .reduce((found, level) => found.flatMap((folder) => step(folder, level)), start)
    .sort();
}

function step(folder: string, level: string): string[] {
  const inside = namesIn(folder === '' ? '.' : folder);
  if (!isGlob(level)) {
    const exists = level === '.' || level === '..' || inside.includes(level);
    return exists ? [join(folder, level)] : [];
  }
  return inside
    .filter((name) => (name.startsWith('.') ? level.startsWith('.') : true))
    .filter((name) => matches(name, level))
    .map((name) => join(folder, name));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * Two positions and the last star, so that no pattern takes more than name times pattern steps: one that is tried by
 * regular expressions can take exponential time.
 */
function matches(name: string, pattern: string): boolean {
  const signs = signsOf(pattern);
  const letters = Array.from(name);
  let letter = 0;
  let sign = 0;
  let star = -1;
  let starLetter = 0;
  while (letter < letters.length) {
    const next = signs[sign];
    if (next === '*') {
      star = sign++;
      starLetter = letter;
    } else if (next !== undefined && next(letters[letter]!)) {
      sign++;
      letter++;
    } else if (star >= 0) {
      sign = star + 1;
      letter = ++starLetter;
    } else {
      return false;
    }
  }
  return signs.slice(sign).every((rest) => rest === '*');
}

type Sign = '*' | ((letter: string) => boolean);

function signsOf(pattern: string): Sign[] {
  return [...pattern.matchAll(/\*|\?|\[(!|\^)?(\]?[^\]]*)\]|./gsu)].map(([text, not, set]) => {
    if (text === '*') return '*';
    if (text === '?') return () => true;
    if (set === undefined || set === '') return (letter) => letter === text;
    const ranges = [...set.matchAll(/(.)-(.)|(.)/gsu)].map(
      ([, from, to, one]) => [from ?? one!, to ?? one!] as const,
    );
    return (letter) =>
      ranges.some(([from, to]) => from <= letter && letter <= to) === (not === undefined);
  });
}
