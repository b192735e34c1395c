import type { Span } from '../model/span.js';
import { addFault, cut, shown, type Faults } from './faults.js';

/** A value's place in a document, and where its faults go. */
export interface Place {
  readonly file: string;
  /** Keys and indexes from the document's top, e.g. `SecurityGroups[2].IpPermissions[0]`; empty at the top. */
  readonly path: string;
  readonly faults: Faults;
  /** `:line:column` of a path; for documents that people write by hand. */
  readonly position?: (path: string) => string;
}

/** A document as plain values, and the place of its top. */
export interface ParsedText {
  readonly value: unknown;
  readonly place: Place;
  /** Which characters stand at a path: an item, or a key with its value. For documents that people write by hand. */
  readonly spanOf?: (path: string) => Span | undefined;
}

/** The place as diagnostics and nouns carry it: `web.json: SecurityGroups[2]`. */
export function placeText({ file, path, position }: Place): string {
  return `${file}${position?.(path) ?? ''}${path === '' ? '' : `: ${path}`}`;
}

/** The place of a member of the value at `place`. */
export function inside(place: Place, key: string | number): Place {
  return { ...place, path: joinPath(place.path, key) };
}

export function joinPath(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  if (!/^[\w-]+$/.test(key)) return `${path}[${shown(key)}]`;
  return path === '' ? cut(key) : `${path}.${cut(key)}`;
}

/**
 * The keys and indexes of a path. Long keys stay cut as `joinPath` has cut them: they are told by `cut`. Undefined for a text
 * that is no path.
 */
export function keysOf(path: string): readonly (string | number)[] | undefined {
  const keys: (string | number)[] = [];
  for (let at = 0; at < path.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const [, index, quoted, key] = STEP.exec(path) ?? [];
    if (index !== undefined) keys.push(Number(index));
    else if (quoted !== undefined) keys.push(JSON.parse(quoted) as string);
    else if (key !== undefined) keys.push(key);
    else return undefined;
  }
  return keys;
}

const STEP = /\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\.?([\w-]+(?:\.\.\.)?)/y;

export function fail(place: Place, code: string, fact: string, fix?: string): void {
  addFault(place.faults, 'error', code, placeText(place), fact, fix);
}

export function warn(place: Place, code: string, fact: string, fix?: string): void {
  addFault(place.faults, 'warning', code, placeText(place), fact, fix);
}
