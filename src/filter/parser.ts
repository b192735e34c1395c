import { beginsValue, readValue, type Value } from './arithmetic.js';
import {
  cursorOn,
  expectSign,
  fault,
  isSign,
  named,
  nested,
  peek,
  take,
  type Cursor,
} from './cursor.js';
import type { Expression, Link, Primitive } from './expression.js';
import { spanning, type Span } from '../model/span.js';
import { readIdentifier } from './identifier.js';
import { beginsPrimitive, readPrimitive } from './primitive.js';
import type { Qualifiers } from './qualifiers.js';
import { refuseWord } from './refused-words.js';

/**
 * Parses an expression in the syntax of pcap-filter(7); undefined when it is empty and all frames pass. Throws
 * InputError with a caret under what is wrong.
 */
export function parseExpression(text: string): Expression | undefined {
  const cursor = cursorOn(text);
  if (peek(cursor).kind === 'end') return undefined;
  const whole = readChain(cursor, undefined, 'whole');
  const token = peek(cursor);
  if (token.kind !== 'end')
    throw isSign(token, ')')
      ? fault(cursor, token, "')' closes nothing", 'take it out')
      : fault(cursor, token, `${named(token)} follows without 'and' or 'or'`);
  return testOf(cursor, whole, undefined, false).expression;
}

/** A test, and the qualifiers that an identifier behind it inherits. */
interface Test {
  readonly kind: 'test';
  readonly expression: Expression;
  readonly qualifiers: Qualifiers | undefined;
  /** Made of identifiers only, so that parentheses around it hand its qualifiers on. */
  readonly bare: boolean;
}

/** What stands between parentheses may turn out to be a number to calculate with. */
type Part = Test | (Value & { readonly kind: 'value' });

/** Parts joined by `and` and `or`. `inherited` holds for a leading identifier without qualifiers. */
function readChain(
  cursor: Cursor,
  inherited: Qualifiers | undefined,
  within: 'whole' | 'parentheses',
): Part {
  const first = readPart(cursor, inherited);
  if (first.kind === 'value' && within === 'parentheses' && isSign(peek(cursor), ')')) return first;
  let last = testOf(cursor, first, inherited, true);
  const rest: Link[] = [];
  const head = last;
  let bare = head.bare;
  while (isSign(peek(cursor), 'and', 'or')) {
    const join = take(cursor).text as 'and' | 'or';
    last = testOf(cursor, readPart(cursor, last.qualifiers), last.qualifiers, true);
    bare &&= last.bare;
    rest.push({ join, term: last.expression });
  }
  const expression: Expression =
    rest.length === 0 ? head.expression : { kind: 'chain', first: head.expression, rest };
  return { kind: 'test', expression, qualifiers: last.qualifiers, bare };
}

function readPart(cursor: Cursor, inherited: Qualifiers | undefined): Part {
  const token = peek(cursor);
  if (isSign(token, '!')) {
    take(cursor);
    const part = nested(cursor, () => readPart(cursor, inherited));
    const test = testOf(cursor, part, inherited, true);
    return { ...test, expression: { kind: 'not', operand: test.expression } };
  }
  if (isSign(token, '(')) return readGroup(cursor, inherited);
  if (beginsValue(cursor)) return relationOr(cursor, readValue(cursor));
  if (beginsPrimitive(cursor)) return readPrimitiveOrList(cursor);
  return readBare(cursor, inherited);
}

function readGroup(cursor: Cursor, inherited: Qualifiers | undefined): Part {
  const open = take(cursor);
  const inner = nested(cursor, () => readChain(cursor, inherited, 'parentheses'));
  const close = peek(cursor);
  if (close.kind === 'end') throw fault(cursor, open, "'(' is not closed", "add ')'");
  expectSign(cursor, ')', 'to close the parenthesis');
  if (inner.kind === 'value')
    return relationOr(cursor, readValue(cursor, { ...inner, span: spanning(open, close) }));
  return { ...inner, qualifiers: inner.bare ? inner.qualifiers : inherited };
}

const RELATIONS = ['=', '!=', '>', '>=', '<', '<='] as const;

/** A comparison, or the value itself when none follows. */
function relationOr(cursor: Cursor, left: Value): Part {
  if (!isSign(peek(cursor), ...RELATIONS)) return { kind: 'value', ...left };
  const operator = take(cursor).text as (typeof RELATIONS)[number];
  const right = readValue(cursor);
  const span = spanning(left.span, right.span);
  return test({ kind: 'relation', operator, left: left.value, right: right.value, span });
}

function test(expression: Expression, qualifiers?: Qualifiers): Test {
  return { kind: 'test', expression, qualifiers, bare: false };
}

/** Qualifiers and their identifier, or a primitive that has none. */
function readPrimitiveOrList(cursor: Cursor): Test {
  const read = readPrimitive(cursor);
  if (read.kind !== 'qualifiers') return test(read);
  const { qualifiers } = read;
  const { expression } = readIdentifiers(cursor, qualifiers);
  return test(expression, qualifiers);
}

/** An identifier, `not` one, or several in parentheses. */
function readIdentifiers(cursor: Cursor, qualifiers: Qualifiers): Test {
  const token = peek(cursor);
  if (!isSign(token, '!', '('))
    return { ...test(readIdentifier(cursor, qualifiers), qualifiers), bare: true };
  const list = testOf(cursor, readPart(cursor, qualifiers), qualifiers, true);
  if (!list.bare)
    throw fault(
      cursor,
      spanning(token, cursor.tokens[cursor.next - 1]!),
      `'${qualifiers.type}' stands before something else than what it takes`,
      'write its values alone in the parentheses',
    );
  return list;
}

/** A test as it is; a number alone is an identifier if there are qualifiers to inherit. */
function testOf(
  cursor: Cursor,
  part: Part,
  inherited: Qualifiers | undefined,
  mayInherit: boolean,
): Test {
  if (part.kind === 'test') return part;
  if (!part.plain || !mayInherit)
    throw fault(
      cursor,
      peek(cursor),
      `${named(peek(cursor))} stands where a comparison is expected`,
      'compare with =, !=, <, <=, > or >=',
    );
  if (inherited === undefined) throw unqualified(cursor, part.span);
  return { ...test(numberAs(cursor, part, inherited), inherited), bare: true };
}

/** Reads the number again, as what the qualifiers make of it. */
function numberAs(cursor: Cursor, part: Value, qualifiers: Qualifiers): Primitive {
  const { tokens, next } = cursor;
  const index = tokens.findLastIndex(
    (token, at) => at < next && token.kind === 'number' && token.at >= part.span.at,
  );
  const primitive = readIdentifier({ ...cursor, next: index }, qualifiers);
  return primitive;
}

/** A word, an address or a number that no qualifier tells the meaning of. */
function readBare(cursor: Cursor, inherited: Qualifiers | undefined): Test {
  const token = peek(cursor);
  if (token.kind === 'sign' || token.kind === 'end')
    throw fault(cursor, token, `${named(token)} stands where a test is expected`);
  refuseWord(cursor, token);
  if (inherited === undefined) throw unqualified(cursor, token);
  return { ...test(readIdentifier(cursor, inherited), inherited), bare: true };
}

function unqualified(cursor: Cursor, token: Span): Error {
  const text = cursor.text.slice(token.at, token.at + token.length);
  return /^[0-9a-f:.]+$/i.test(text)
    ? fault(
        cursor,
        token,
        `'${text}' has no word before it`,
        'write `host`, `net` or `port` before it',
      )
    : fault(cursor, token, `'${text}' is no word of the filter language`);
}
