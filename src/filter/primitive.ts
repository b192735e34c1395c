import { fault, isWord, named, peek, take, type Cursor } from './cursor.js';
import type { Primitive } from './expression.js';
import { spanning } from '../model/span.js';
import type { Token } from './lexer.js';
import { LINK_WORDS, PROTOCOL_WORDS } from './protocol-names.js';
import { DIRECTIONS, TYPES, readQualifiers, type Qualifiers } from './qualifiers.js';
import { refuseWord } from './refused-words.js';

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
