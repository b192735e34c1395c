import {
  expectSign,
  fault,
  isSign,
  isWord,
  named,
  nested,
  peek,
  take,
  type Cursor,
} from './cursor.js';
import type { Arithmetic, Operator } from './expression.js';
import { spanning, type Span } from '../model/span.js';
import { LINK_WORDS } from './protocol-names.js';

/** An arithmetic expression; `plain` is the token's span if it is one number alone, perhaps in parentheses. */
export interface Value {
  readonly value: Arithmetic;
  readonly span: Span;
  readonly plain: boolean;
}

/** Whether an arithmetic expression begins here, a parenthesis apart. */
export function beginsValue(cursor: Cursor): boolean {
  const token = peek(cursor);
  return (
    token.kind === 'number' ||
    isSign(token, '-') ||
    isWord(token, 'len', 'length') ||
    (token.kind === 'word' && isSign(peek(cursor, 1), '['))
  );
}

/**
 * How tightly operators bind, the loosest first. `%` and `^` are in no group: in libpcap's grammar they have no
 * precedence, so they bind to the left as tightly as can be and take all that follows.
 */
const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ['|', 1],
  ['&', 2],
  ['<<', 3],
  ['>>', 3],
  ['+', 4],
  ['-', 4],
  ['*', 5],
  ['/', 5],
]);
const UNARY = 6;
const OPERATORS_MAX = 1000;

/** Reads an arithmetic expression, or goes on with one whose first operand was read. */
export function readValue(cursor: Cursor, first?: Value): Value {
  return nested(cursor, () => readOperators(cursor, first ?? readOperand(cursor), 0));
}

function readOperators(cursor: Cursor, first: Value, loosest: number): Value {
  let left = first;
  for (let count = 0; ; count++) {
    const token = peek(cursor);
    if (token.kind !== 'sign') return left;
    const greedy = token.text === '%' || token.text === '^';
    const precedence = PRECEDENCE.get(token.text) ?? -1;
    if (!greedy && precedence < loosest) return left;
    if (count === OPERATORS_MAX)
      throw fault(cursor, token, `more than ${OPERATORS_MAX} operators in a row`);
    take(cursor);
    const right = nested(cursor, () =>
      readOperators(cursor, readOperand(cursor), greedy ? 0 : precedence + 1),
    );
    left = binary(cursor, token.text as Operator, left, right);
  }
}

function readOperand(cursor: Cursor): Value {
  const token = take(cursor);
  if (token.kind === 'number')
    return { value: { kind: 'number', value: token.value }, span: token, plain: true };
  if (isWord(token, 'len', 'length'))
    return { value: { kind: 'length' }, span: token, plain: false };
  if (isSign(token, '-')) {
    const operand = nested(cursor, () => readOperators(cursor, readOperand(cursor), UNARY));
    const value: Arithmetic =
      operand.value.kind === 'number'
        ? { kind: 'number', value: -operand.value.value >>> 0 }
        : { kind: 'negate', operand: operand.value };
    return { value, span: spanning(token, operand.span), plain: false };
  }
  if (isSign(token, '(')) {
    const inner = readValue(cursor);
    expectSign(cursor, ')', 'to close the parenthesis');
    return inner;
  }
  if (token.kind === 'word' && isSign(peek(cursor), '[')) return readLoad(cursor, token);
  throw fault(
    cursor,
    token,
    `${named(token)} stands where a number, 'len' or bytes such as 'ip[0]' are expected`,
  );
}

/** Layers whose bytes can be asked for, apart from the link layer's names. */
const LAYERS: ReadonlySet<string> = new Set(
  `ip ip6 arp rarp atalk decnet lat sca mopdl moprc
  tcp udp sctp icmp igmp igrp pim vrrp carp icmp6`.split(/\s+/),
);

function readLoad(cursor: Cursor, layer: Span & { readonly text: string }): Value {
  if (!LAYERS.has(layer.text) && !LINK_WORDS.has(layer.text))
    throw fault(
      cursor,
      layer,
      `bytes of '${layer.text}' cannot be asked for`,
      'count them from a layer that can, such as ether, ip, ip6, tcp or udp',
    );
  take(cursor);
  const index = readValue(cursor).value;
  let size: 1 | 2 | 4 = 1;
  if (isSign(peek(cursor), ':')) {
    take(cursor);
    const token = take(cursor);
    if (token.kind !== 'number' || (token.value !== 1 && token.value !== 2 && token.value !== 4))
      throw fault(cursor, token, `${named(token)} is no size of a field`, 'give 1, 2 or 4 bytes');
    size = token.value;
  }
  const close = peek(cursor);
  expectSign(cursor, ']', 'behind the offset');
  const span = spanning(layer, close);
  return { value: { kind: 'load', layer: layer.text, index, size, span }, span, plain: false };
}

function binary(cursor: Cursor, operator: Operator, left: Value, right: Value): Value {
  const span = spanning(left.span, right.span);
  const by = right.value;
  if (by.kind === 'number') {
    if ((operator === '/' || operator === '%') && by.value === 0)
      throw fault(cursor, right.span, 'division by zero');
    if ((operator === '<<' || operator === '>>') && by.value > 31)
      throw fault(cursor, right.span, 'shift by more than 31 bits');
    if (left.value.kind === 'number') {
      const value = calculate(operator, left.value.value, by.value);
      return { value: { kind: 'number', value }, span, plain: false };
    }
  }
  const value = { kind: 'binary', operator, left: left.value, right: by, span } as const;
  return { value, span, plain: false };
}

/** Modulo 2^32. The divisor is not zero, and no shift above 31. */
function calculate(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return (left + right) >>> 0;
    case '-':
      return (left - right) >>> 0;
    case '*':
      return Math.imul(left, right) >>> 0;
    case '/':
      return Math.floor(left / right);
    case '%':
      return left % right;
    case '&':
      return (left & right) >>> 0;
    case '|':
      return (left | right) >>> 0;
    case '^':
      return (left ^ right) >>> 0;
    case '<<':
      return (left << right) >>> 0;
    case '>>':
      return left >>> right;
  }
}
