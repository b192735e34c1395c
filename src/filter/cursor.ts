import type { Span } from '../model/span.js';
import { filterFault } from './fault.js';
import { tokensOf, type Token } from './lexer.js';

/** A place in the tokens of an expression. */
export interface Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  next: number;
  depth: number;
}

/** More parentheses and negations inside each other than this are refused, so that no stack overflows. */
const DEPTH_MAX = 200;

export function cursorOn(text: string): Cursor {
  return { text, tokens: tokensOf(text), next: 0, depth: 0 };
}

/** The next token, or the one so many behind it; `end` for ever behind the last. */
export function peek(cursor: Cursor, ahead = 0): Token {
  return cursor.tokens[Math.min(cursor.next + ahead, cursor.tokens.length - 1)]!;
}

export function take(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.next++;
  return token;
}

export function isSign(token: Token, ...signs: string[]): boolean {
  return token.kind === 'sign' && signs.includes(token.text);
}

export function isWord(token: Token, ...words: string[]): boolean {
  return token.kind === 'word' && words.includes(token.text);
}

/** Takes the sign that must stand here. */
export function expectSign(cursor: Cursor, sign: string, what: string): void {
  const token = peek(cursor);
  if (!isSign(token, sign))
    throw fault(cursor, token, `${named(token)} stands where '${sign}' ${what} is expected`);
  cursor.next++;
}

/** What `read` returns, one level deeper. */
export function nested<T>(cursor: Cursor, read: () => T): T {
  if (++cursor.depth > DEPTH_MAX)
    throw fault(cursor, peek(cursor), `nested more than ${DEPTH_MAX} deep`, 'take parentheses out');
  const result = read();
  cursor.depth--;
  return result;
}

export function fault(cursor: Cursor, span: Span, fact: string, fix?: string): Error {
  return filterFault(cursor.text, span, fact, fix);
}

/** How a message calls a token. */
export function named(token: Token): string {
  return token.kind === 'end' ? 'the end' : `'${token.text}'`;
}
