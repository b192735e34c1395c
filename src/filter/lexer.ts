import { parseAddress } from '../model/address.js';
import { NUMBER_NAMES } from './number-names.js';
import type { Span } from '../model/span.js';
import { filterFault } from './fault.js';

/** One word, number, address or sign of an expression. */
export interface Token extends Span {
  readonly kind: 'word' | 'escaped' | 'number' | 'dotted' | 'ipv6' | 'mac' | 'sign' | 'end';
  /** As written; without the backslash for an escaped word. `&&`, `||` and `not` stand as `and`, `or` and `!`. */
  readonly text: string;
  /** Of a number, or of a name that stands for one. */
  readonly value: number;
}

const SPACE = /[ \t\r\n]+/y;

/** The longest match wins, and of equally long ones the first, as in libpcap's scanner. */
const FORMS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['sign', /&&|\|\||>=|<=|!=|==|<<|>>|[-+*/%:[\]!<>()&|^=]/y],
  ['mac', /[0-9a-f]{1,2}([:.-])[0-9a-f]{1,2}(?:\1[0-9a-f]{1,2}){4}/iy],
  ['mac', /[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}|[0-9a-f]{12}/iy],
  ['number', /0x[0-9a-f]+|[0-9]+/iy],
  ['dotted', /[0-9]+(?:\.[0-9]+){1,3}/y],
  ['ipv6', /[0-9a-f]*(?::[0-9a-f]*){2,}(?:\.[0-9]+){0,3}/iy],
  ['word', /[a-z0-9](?:[-_.a-z0-9]*[.a-z0-9])?/iy],
  ['escaped', /\\[^ !()\n\t]+/y],
];

/** Longer expressions are a mistake; rule sets of thousands of addresses stay below. */
const LONGEST = 262_144;

/** Cuts an expression into tokens; the last one is `end`. Throws InputError. */
export function tokensOf(text: string): Token[] {
  if (text.length > LONGEST)
    throw filterFault(text, { at: LONGEST, length: 1 }, 'longer than 262,144 characters');
  const tokens: Token[] = [];
  for (let at = skipSpace(text, 0); at < text.length;) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at = skipSpace(text, at + token.length);
  }
  tokens.push({ kind: 'end', text: 'the end', value: 0, at: text.length, length: 1 });
  return tokens;
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  return SPACE.test(text) ? SPACE.lastIndex : at;
}

function tokenAt(text: string, at: number): Token {
  let best: { kind: Token['kind']; length: number } | undefined;
  for (const [kind, form] of FORMS) {
    form.lastIndex = at;
    if (form.test(text) && form.lastIndex - at > (best?.length ?? 0))
      best = { kind, length: form.lastIndex - at };
  }
  if (best === undefined)
    throw filterFault(
      text,
      { at, length: 1 },
      `'${text.charAt(at)}' has no meaning in a filter expression`,
    );
  return tokenOf(text, best.kind, { at, length: best.length });
}

const SYNONYMS: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or', '==': '=' };

function tokenOf(text: string, kind: Token['kind'], span: Span): Token {
  const written = text.slice(span.at, span.at + span.length);
  switch (kind) {
    case 'number':
      return { kind, text: written, value: numberOf(text, written, span), ...span };
    case 'sign':
      return { kind, text: SYNONYMS[written] ?? written, value: 0, ...span };
    case 'escaped':
      return { kind, text: written.slice(1), value: 0, ...span };
    case 'ipv6':
      if (parseAddress(written) === undefined)
        throw filterFault(text, span, `'${written}' is neither an IPv6 nor a MAC address`);
      return { kind, text: written, value: 0, ...span };
    case 'word':
      return wordOf(written, span);
    case 'dotted':
    case 'mac':
    case 'end':
      return { kind, text: written, value: 0, ...span };
  }
}

function wordOf(text: string, span: Span): Token {
  if (text === 'and' || text === 'or') return { kind: 'sign', text, value: 0, ...span };
  if (text === 'not') return { kind: 'sign', text: '!', value: 0, ...span };
  const value = NUMBER_NAMES.get(text);
  return value === undefined
    ? { kind: 'word', text, value: 0, ...span }
    : { kind: 'number', text, value, ...span };
}

/** As in C: 0x is hexadecimal, a leading 0 octal. */
function numberOf(text: string, digits: string, span: Span): number {
  const octal = /^0[0-9]/.test(digits);
  if (octal && /[89]/.test(digits))
    throw filterFault(
      text,
      span,
      `'${digits}' begins with 0, so it is octal, and has a digit above 7`,
      'leave the leading 0 out',
    );
  const value = octal ? parseInt(digits, 8) : Number(digits);
  if (value > 0xffff_ffff)
    throw filterFault(text, span, `'${digits}' is above 4294967295`, 'give at most 32 bits');
  return value;
}
