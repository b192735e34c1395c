import { createScanner } from 'jsonc-parser';
import type { Span } from '../model/span.js';
import { cut } from './faults.js';

/**
 * Finds what stands at keys and indexes of a JSON text: an item, or a key with its value. Lists and objects on the way
 * are looked through once, when first asked for, without recursion: no size or depth of the rest costs memory.
 */
export function jsonSpans(text: string): (keys: readonly (string | number)[]) => Span | undefined {
  const scanner = createScanner(text, true);
  const known = new Map<number, Members>();
  const membersAt = (at: number): Members => {
    const found = known.get(at) ?? membersOf(text, at, scanner);
    known.set(at, found);
    return found;
  };
  return (keys) => {
    let member: Found | undefined = { at: 0, valueAt: 0, end: text.length };
    for (const key of keys) {
      member = findMember(membersAt(member.valueAt), key);
      if (member === undefined) return undefined;
    }
    return { at: member.at, length: member.end - member.at };
  };
}

interface Found {
  readonly at: number;
  readonly valueAt: number;
  /** The first character behind it. */
  readonly end: number;
}

interface Members {
  readonly isList: boolean;
  /** Of an object, as places show them. */
  readonly keys: string[];
  readonly found: Found[];
}

/** As JSON.parse has it, the last of two equal keys counts. */
function findMember({ isList, keys, found }: Members, key: string | number): Found | undefined {
  if (isList !== (typeof key === 'number')) return undefined;
  return found[typeof key === 'number' ? key : keys.lastIndexOf(key)];
}

/** The members of the list or object that starts at `at`; none of anything else. */
function membersOf(text: string, at: number, scanner: ReturnType<typeof createScanner>): Members {
  scanner.setPosition(at);
  scanner.scan();
  const opener = text[scanner.getTokenOffset()];
  const members: Members = { isList: opener === '[', keys: [], found: [] };
  if (opener !== '[' && opener !== '{') return members;
  let depth = 1;
  let start = -1;
  let valueAt = -1;
  let end = -1;
  for (;;) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    const sign = text[offset];
    if (sign === undefined) return members;
    if (sign === '}' || sign === ']') depth--;
    if (depth === 0 || (depth === 1 && sign === ',')) {
      if (valueAt >= 0) members.found.push({ at: start, valueAt, end });
      if (depth === 0) return members;
      start = -1;
      valueAt = -1;
      continue;
    }
    if (start < 0) {
      start = offset;
      if (members.isList) valueAt = offset;
      else members.keys.push(cut(scanner.getTokenValue()));
    } else if (valueAt < 0 && sign !== ':') valueAt = offset;
    if (sign === '{' || sign === '[') depth++;
    end = scanner.getPosition();
  }
}
