import { parseAddress, parsePrefix } from '../model/address.js';
import { InputError } from '../model/diagnostic.js';
import type { CaptureEnd, CaptureStatement } from '../model/expectation.js';
import { excerptOf, type Span } from '../model/span.js';
import { shown } from './faults.js';
import { readFlowEnd } from './flow-end.js';
import type { Place } from './place.js';
import { parseTraffic } from './short-rule.js';

/** What a statement says, without where it stands. */
export type ReadStatement = Pick<CaptureStatement, 'claim' | 'traffic' | 'source' | 'destination'>;

/**
 * Reads a statement about a capture:
 *
 *     no drops [of TRAFFIC] [from END] [to END]
 *     nothing|something [of TRAFFIC] [from END] reaches END
 *
 * TRAFFIC is what rules begin with, `tcp/443`; END an address, a CIDR block, `internet`, `any`, or the id or name of an
 * interface, instance or group. Clauses may stand in any order. Throws InputError with a caret under what is wrong; faults of
 * TRAFFIC go to `place`.
 */
export function readStatement(text: string, place: Place): ReadStatement {
  const [, claim, length] = beginningOf(text);
  const clauses = clausesOf(text, length);
  const allowed = claim === 'no-drops' ? ['of', 'from', 'to'] : ['of', 'from', 'reaches'];
  const found = new Map<string, Span>();
  for (const { word, at, argument } of clauses) {
    const span = { at, length: word.length };
    if (!allowed.includes(word)) {
      const other = word === 'to' ? 'reaches' : 'to';
      throw fault(text, span, `${word} does not stand in such a statement`, `write ${other}`);
    }
    if (found.has(word)) throw fault(text, span, `${word} stands twice`, 'write two statements');
    found.set(word, argument);
  }
  const to = claim === 'no-drops' ? 'to' : 'reaches';
  const [of, source, destination] = [found.get('of'), found.get('from'), found.get(to)];
  if (claim !== 'no-drops' && destination === undefined) {
    const end = { at: text.trimEnd().length, length: 1 };
    throw fault(text, end, 'whom it reaches is not said', 'add it: reaches db');
  }
  const traffic = of && parseTraffic(text.slice(of.at, of.at + of.length), place);
  return {
    claim,
    ...(traffic === undefined ? {} : { traffic }),
    ...(source === undefined ? {} : { source: readCaptureEnd(text, source, 'source') }),
    ...(destination === undefined
      ? {}
      : { destination: readCaptureEnd(text, destination, 'destination') }),
  };
}

const FORMS = 'write `no drops to db` or `nothing from internet reaches db`';

const CLAIMS = [
  [/^\s*no\s+drops(?=\s|$)/, 'no-drops'],
  [/^\s*nothing(?=\s|$)/, 'nothing-reaches'],
  [/^\s*something(?=\s|$)/, 'something-reaches'],
] as const;

function beginningOf(text: string) {
  for (const [pattern, claim] of CLAIMS) {
    const found = pattern.exec(text);
    if (found !== null) return [text, claim, found[0].length] as const;
  }
  const [head = '', word = ''] = /^\s*(\S*)/.exec(text) ?? [];
  const span = { at: head.length - word.length, length: word.length };
  throw fault(text, span, `${shown(text)} is no statement about a capture`, FORMS);
}

interface Clause {
  readonly word: string;
  readonly at: number;
  readonly argument: Span;
}

/** Words that names cannot hold between two spaces. */
const WORD = /(?<=\s)(?:of|from|to|reaches)(?=\s|$)/g;

/** The clauses behind the first `length` characters, each up to the next. */
function clausesOf(text: string, length: number): readonly Clause[] {
  WORD.lastIndex = 0;
  const words = [...text.slice(length).matchAll(WORD)].map(({ 0: word, index }) => ({
    word,
    at: length + index,
  }));
  const between = text.slice(length, words[0]?.at ?? text.length);
  if (between.trim() !== '') {
    const rest = between.trim();
    const span = { at: length + between.indexOf(rest), length: rest.length };
    throw fault(text, span, `${shown(rest)} is not understood here`, FORMS);
  }
  return words.map(({ word, at }, index) => {
    const from = at + word.length;
    const to = words[index + 1]?.at ?? text.length;
    const raw = text.slice(from, to);
    const written = raw.trim();
    if (written === '') {
      throw fault(text, { at, length: word.length }, `nothing stands behind ${word}`, FORMS);
    }
    const start = from + (raw.length - raw.trimStart().length);
    return { word, at, argument: { at: start, length: written.length } };
  });
}

/** Reads whom a statement is about. Throws InputError. */
export function readCaptureEnd(
  text: string,
  span: Span,
  which: 'source' | 'destination',
): CaptureEnd {
  const written = text.slice(span.at, span.at + span.length);
  const block = written.includes('/') ? parsePrefix(written) : undefined;
  if (block !== undefined) {
    if (!block.hostBits) return { kind: 'block', prefix: block.prefix, span };
    throw fault(
      text,
      span,
      `${shown(written)} has host bits`,
      'write the first address of the block',
    );
  }
  const address = parseAddress(written);
  if (address !== undefined) return { kind: 'address', address, span };
  const { end, port } = readFlowEnd(text, span, which);
  if (port === undefined) return end;
  const fix = `leave :${port.number} out, and write of tcp/${port.number}`;
  throw fault(text, port.span, 'an end of a statement has no port', fix);
}

function fault(text: string, span: Span, fact: string, fix: string): InputError {
  const excerpt = excerptOf(text, span);
  return new InputError([
    { severity: 'error', code: 'expectation', place: 'statement', fact, fix, excerpt },
  ]);
}
