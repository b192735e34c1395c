import type { Excerpt } from './diagnostic.js';

/** Characters of a text, from 0. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

/** From the start of one to the end of the other. */
export function spanning(first: Span, last: Span): Span {
  return { at: first.at, length: last.at + last.length - first.at };
}

const WIDTH = 90;
const BEFORE = 40;

/** Long texts are cut around the fault, so that the caret stays under it on a terminal. */
export function excerptOf(text: string, { at, length }: Span): Excerpt {
  if (text.length <= WIDTH) return { text, column: at, length };
  const from = Math.max(0, Math.min(at - BEFORE, text.length - WIDTH));
  const to = Math.min(text.length, from + WIDTH);
  const [head, tail] = [from > 0 ? '...' : '', to < text.length ? '...' : ''];
  return {
    text: `${head}${text.slice(from, to)}${tail}`,
    column: at - from + head.length,
    length: Math.max(1, Math.min(length, to - at)),
  };
}
