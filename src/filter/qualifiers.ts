import { isSign, isWord, peek, take, type Cursor } from './cursor.js';
import type { Direction } from './expression.js';
import { spanning, type Span } from '../model/span.js';

/** The words before an identifier: they tell what it is, and are inherited by the next one that has none. */
export interface Qualifiers {
  /** `link` for every name of the link layer. */
  readonly protocol?: string;
  readonly direction?: Direction;
  readonly type: 'host' | 'net' | 'port' | 'portrange' | 'proto';
  readonly span: Span;
}

export const DIRECTIONS = ['src', 'dst'] as const;
export const TYPES = ['host', 'net', 'port', 'portrange', 'proto'] as const;

/** Reads direction and type behind the protocol, if there is one; `first` is the first word of all. */
export function readQualifiers(
  cursor: Cursor,
  first: Span,
  protocol: string | undefined,
): Qualifiers {
  const direction = readDirection(cursor);
  const types = direction === undefined ? TYPES : TYPES.slice(0, -1);
  const typed = isWord(peek(cursor), ...types);
  const type = typed ? (take(cursor).text as Qualifiers['type']) : 'host';
  const span = spanning(first, cursor.tokens[cursor.next - 1]!);
  return {
    type,
    span,
    ...(protocol === undefined ? {} : { protocol }),
    ...(direction === undefined ? {} : { direction }),
  };
}

function readDirection(cursor: Cursor): Direction | undefined {
  const token = peek(cursor);
  if (!isWord(token, ...DIRECTIONS)) return undefined;
  take(cursor);
  const other = token.text === 'src' ? 'dst' : 'src';
  const join = peek(cursor);
  if (!isSign(join, 'and', 'or') || !isWord(peek(cursor, 1), other))
    return token.text === 'src' ? 'source' : 'destination';
  take(cursor);
  take(cursor);
  return join.text === 'and' ? 'both' : 'either';
}
