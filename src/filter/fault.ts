import { InputError, type Excerpt } from '../model/diagnostic.js';

/** Characters of the expression, from 0. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

/** From the start of one to the end of the other. */
export function spanning(first: Span, last: Span): Span {
  return { at: first.at, length: last.at + last.length - first.at };
}

/** What is wrong with an expression, shown with a caret under the characters that are meant. */
export function filterFault(text: string, span: Span, fact: string, fix?: string): InputError {
  return new InputError([
    {
      severity: 'error',
      code: 'filter',
      place: 'filter expression',
      fact,
      ...(fix === undefined ? {} : { fix }),
      excerpt: excerptOf(text, span),
    },
  ]);
}

const WIDTH = 90;
const BEFORE = 40;

/** Long expressions are cut around the fault, so that the caret stays under it on a terminal. */
function excerptOf(text: string, { at, length }: Span): Excerpt {
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
