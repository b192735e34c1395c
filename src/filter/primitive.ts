import { fault, isSign, isWord, named, peek, take, type Cursor } from './cursor.js';
import type { Direction, Primitive } from './expression.js';
import { spanning, type Span } from './fault.js';
import type { Qualifiers } from './identifier.js';
import type { Token } from './lexer.js';
import { LINK_WORDS, PROTOCOL_WORDS } from './protocol-names.js';
import { refuseWord } from './refused-words.js';

const DIRECTIONS = ['src', 'dst'];
const TYPES = ['host', 'net', 'port', 'portrange', 'proto'];
const ALONE = 'broadcast multicast less greater vlan mpls pppoes pppoed'.split(' ');
const FIRST: ReadonlySet<string> = new Set([
  ...DIRECTIONS,
  ...TYPES,
  ...ALONE,
  ...LINK_WORDS,
  ...PROTOCOL_WORDS.keys(),
]);

/** Whether a word stands here that begins a test. */
export function beginsPrimitive(cursor: Cursor): boolean {
  const token = peek(cursor);
  return token.kind === 'word' && FIRST.has(token.text);
}

/** A test that needs no identifier, or the qualifiers before one. Throws InputError. */
export function readPrimitive(
  cursor: Cursor,
): Primitive | { readonly kind: 'qualifiers'; readonly qualifiers: Qualifiers } {
  const first = peek(cursor);
  const protocol = protocolOf(first);
  if (protocol !== undefined) take(cursor);
  const token = peek(cursor);
  refuseWord(cursor, token);
  if (isWord(token, ...DIRECTIONS, ...TYPES))
    return { kind: 'qualifiers', qualifiers: readQualifiers(cursor, first, protocol) };
  if (isWord(token, 'broadcast', 'multicast')) return castOf(cursor, first, protocol);
  if (protocol !== undefined) return protocolAlone(cursor, first);
  take(cursor);
  if (isWord(first, 'less', 'greater')) return lengthTest(cursor, first);
  if (isWord(first, 'pppoed')) return { kind: 'ether-type', value: 0x8863, span: first };
  return encapsulation(cursor, first);
}

function protocolOf({ kind, text }: Token): string | undefined {
  if (kind !== 'word') return undefined;
  if (LINK_WORDS.has(text)) return 'link';
  return PROTOCOL_WORDS.has(text) ? text : undefined;
}

function readQualifiers(cursor: Cursor, first: Span, protocol: string | undefined): Qualifiers {
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

function castOf(cursor: Cursor, first: Token, protocol = 'link'): Primitive {
  const token = take(cursor);
  const span = spanning(first, token);
  if (token.text === 'broadcast') {
    if (protocol === 'link') return { kind: 'broadcast', span };
    throw fault(
      cursor,
      span,
      "the networks' masks are not known, so only link-layer broadcasts are",
      'write `ether broadcast`',
    );
  }
  if (protocol === 'link' || protocol === 'ip' || protocol === 'ip6')
    return { kind: 'multicast', layer: protocol, span };
  throw fault(cursor, span, `'${protocol}' has no multicast of its own`, 'write ether, ip or ip6');
}

function protocolAlone(cursor: Cursor, token: Token): Primitive {
  const test = PROTOCOL_WORDS.get(token.text);
  if (test !== undefined) return { ...test, span: token };
  throw fault(
    cursor,
    token,
    `'${token.text}' alone asks nothing`,
    'write `ether host`, `ether proto` or `ether[0]`',
  );
}

/** `less N` and `greater N` take N itself in. */
function lengthTest(cursor: Cursor, first: Token): Primitive {
  const token = take(cursor);
  if (token.kind !== 'number')
    throw fault(cursor, token, `${named(token)} stands where a number of bytes is expected`);
  return {
    kind: 'relation',
    operator: first.text === 'less' ? '<=' : '>=',
    left: { kind: 'length' },
    right: { kind: 'number', value: token.value },
    span: spanning(first, token),
  };
}

type Encapsulation = 'vlan' | 'mpls' | 'pppoes';
const LARGEST: Readonly<Record<Encapsulation, number>> = {
  vlan: 0xfff,
  mpls: 0xfffff,
  pppoes: 0xffff,
};

function encapsulation(cursor: Cursor, first: Token): Primitive {
  const kind = first.text as Encapsulation;
  const token = peek(cursor);
  if (token.kind !== 'number') return { kind, span: first };
  take(cursor);
  if (token.value > LARGEST[kind])
    throw fault(cursor, token, `'${token.text}' is above ${LARGEST[kind]}`);
  return { kind, number: token.value, span: spanning(first, token) };
}
