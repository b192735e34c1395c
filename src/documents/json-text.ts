import { shown } from './faults.js';
import { fail, type ParsedText, type Place } from './place.js';

/** Whether a document is JSON: by its extension; standard input and other names by how the text begins. */
export function isJson(name: string, text: string): boolean {
  if (/\.json$/i.test(name)) return true;
  return !/\.ya?ml$/i.test(name) && /^\s*[[{]/.test(text);
}

/** Parses JSON; reports the first fault with its line and column and gives undefined. */
export function parseJson(text: string, place: Place): ParsedText | undefined {
  try {
    return { value: JSON.parse(text) as unknown, place };
  } catch {
    // Whatever the engine disliked; its message has no line, and in some versions no position either.
  }
  const fault = findFault(text);
  const before = text.slice(0, fault.at);
  const line = before.split('\n').length;
  const column = fault.at - before.lastIndexOf('\n');
  const found =
    fault.at >= text.length ? 'the end' : shown(String.fromCodePoint(text.codePointAt(fault.at)!));
  const at = { ...place, file: `${place.file}:${line}:${column}` };
  const fix =
    fault.at >= text.length
      ? 'fetch it again, it is cut short'
      : 'mend the JSON here or just before';
  fail(at, 'json-syntax', `expected ${fault.expected}, found ${found}`, fix);
  return undefined;
}

interface SyntaxFault {
  readonly at: number;
  readonly expected: string;
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/** RFC 8259, without building anything and without recursion, so that no depth of nesting hurts. */
function findFault(text: string): SyntaxFault {
  const open: ('{' | '[')[] = [];
  let at = skip(text, 0, SPACE);
  let expected: 'value' | 'first item' | 'first key' | 'key' | 'colon' | 'comma' = 'value';
  for (;;) {
    const char = text[at];
    const top = open.at(-1);
    const closes = char === (top === '{' ? '}' : top === '[' ? ']' : undefined);
    if (char !== undefined && closes && CLOSABLE.has(expected)) {
      open.pop();
      at++;
      expected = 'comma';
    } else if (expected === 'comma' && open.length === 0) {
      return { at, expected: 'nothing more' };
    } else if (expected === 'comma' && char === ',') {
      at++;
      expected = top === '{' ? 'key' : 'value';
    } else if (expected === 'colon' && char === ':') {
      at++;
      expected = 'value';
    } else if ((expected === 'key' || expected === 'first key') && char === '"') {
      const end = endOfString(text, at);
      if (typeof end !== 'number') return end;
      at = end;
      expected = 'colon';
    } else if (expected === 'value' || expected === 'first item') {
      if (char === '{' || char === '[') {
        open.push(char);
        at++;
        expected = char === '{' ? 'first key' : 'first item';
      } else {
        const end = char === '"' ? endOfString(text, at) : endOfScalar(text, at);
        if (typeof end !== 'number') return end;
        at = end;
        expected = 'comma';
      }
    } else return { at, expected: EXPECTED_WORDS[expected](top) };
    at = skip(text, at, SPACE);
  }
}

const CLOSABLE: ReadonlySet<string> = new Set(['first item', 'first key', 'comma']);

const closer = (top: '{' | '[' | undefined): string => (top === '{' ? '"}"' : '"]"');

const EXPECTED_WORDS = {
  key: () => 'a key in double quotes',
  'first key': () => 'a key in double quotes or "}"',
  colon: () => '":"',
  comma: (top: '{' | '[' | undefined) => `"," or ${closer(top)}`,
} as const;

function endOfScalar(text: string, at: number): number | SyntaxFault {
  const end = Math.max(skip(text, at, NUMBER), skip(text, at, WORD));
  return end > at ? end : { at, expected: 'a value' };
}

function endOfString(text: string, start: number): number | SyntaxFault {
  let at = start + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (Number.isNaN(code)) return { at, expected: 'the closing quote of a string' };
    if (code < 0x20) return { at, expected: 'the closing quote before the line ends' };
    if (code === 0x5c) {
      const end = skip(text, at, ESCAPE);
      if (end === at) return { at, expected: 'a JSON escape' };
      at = end;
    } else at++;
  }
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Where the match of a sticky pattern at `at` ends; `at` itself when there is none. */
function skip(text: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
