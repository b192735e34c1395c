import { parseAddress } from '../model/address.js';
import type { Expectation, WrittenPlace } from '../model/expectation.js';
import { questionFault, type AskedTraffic, type FlowEnd } from '../model/flow-question.js';
import { SYN, TCP } from '../model/protocol.js';
import type { Traffic } from '../model/security-group.js';
import type { Span } from '../model/span.js';
import { withOwnNames, type OwnNames } from './expectation-names.js';
import { shown } from './faults.js';
import { readFlowEnd } from './flow-end.js';
import { fail, inside, type Place } from './place.js';
import { memberOf, readMembers, type Member } from './shape.js';
import { parseTraffic } from './short-rule.js';
import { oneLine, placed, writtenPlace } from './written-place.js';

/**
 * Reads one matrix: its key is the traffic, `tcp/443` or several with commas between; `to` names the columns, and each other
 * member is a row, who sends, with a mark for each column: `+` passes, `x` must not, `.` is not asked. A cell stands for the
 * flow that one would write by itself. Stops beyond `most` expectations.
 */
export function readMatrix(
  { key, value, place }: Member,
  names: OwnNames,
  into: Expectation[],
  most: number,
): void {
  const services = key.split(',').flatMap((text) => readService(text.trim(), place) ?? []);
  const columns = readWords(memberOf(value, 'to'), inside(place, 'to'));
  if (columns === undefined || columns.length === 0) {
    const fix = 'name whom the rows talk to, as in to: web db internet';
    fail(place, 'missing-key', 'to is missing', fix);
    return;
  }
  for (const row of readMembers(value, place)) {
    if (row.key === 'to') continue;
    const marks = readWords(row.value, row.place);
    if (marks === undefined || !areMarks(marks, columns.length, row.place)) continue;
    const at = writtenPlace(row.place);
    for (const service of services) {
      for (const [column, mark] of marks.entries()) {
        const expected = MARKS.get(mark);
        if (expected === undefined || into.length > most) continue;
        const cell = { expected, service, from: row.key, to: columns[column]! };
        placed(row.place, () => into.push(expectationOf(cell, names, at)));
      }
    }
  }
}

const MARKS: ReadonlyMap<string, 'pass' | 'drop' | undefined> = new Map([
  ['+', 'pass'],
  ['x', 'drop'],
  ['.', undefined],
]);

/** A text with spaces between its words, or a list of them, where names hold spaces. */
function readWords(value: unknown, place: Place): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value.split(/\s+/).filter((word) => word !== '');
  if (Array.isArray(value) && value.every((word) => typeof word === 'string')) return value;
  fail(place, 'wrong-type', `expected words, found ${shown(value)}`, 'write them like web db');
  return undefined;
}

function areMarks(marks: readonly string[], columns: number, place: Place): boolean {
  const wrong = marks.find((mark) => !MARKS.has(mark));
  if (wrong !== undefined) {
    const fix = 'write + for what passes, x for what must not, . for what is not asked';
    fail(place, 'expectation', `${shown(wrong)} is no mark`, fix);
    return false;
  }
  if (marks.length === columns) return true;
  const fact = `${marks.length} marks stand under ${columns} columns`;
  fail(place, 'expectation', fact, 'write one for each');
  return false;
}

/** Traffic as questions begin with it, and the port behind their end. */
interface Service {
  readonly word: string;
  readonly port: string;
  readonly traffic: AskedTraffic;
}

interface Cell {
  readonly expected: 'pass' | 'drop';
  readonly service: Service;
  readonly from: string;
  readonly to: string;
}

/** Names are read where they stand: they may hold what parts a question. */
function expectationOf(
  { expected, service, from, to }: Cell,
  names: OwnNames,
  place: WrittenPlace,
): Expectation {
  const { word, port, traffic } = service;
  const receiver = parseAddress(to)?.family === 6 ? `[${to}]` : to;
  const text = `${word} ${from} > ${receiver}${port}`;
  const at = word.length + 1;
  const source = readEnd(text, { at, length: from.length }, 'source');
  const behind = { at: at + from.length + 3, length: receiver.length };
  const destination = readEnd(text, behind, 'destination');
  const question = withOwnNames({ text, traffic, source, destination }, names);
  return { kind: 'flow', expected, question, text: `${expected} ${oneLine(text)}`, place };
}

function readEnd(text: string, span: Span, which: 'source' | 'destination'): FlowEnd {
  const { end, port } = readFlowEnd(text, span, which);
  if (port === undefined) return end;
  const fix = 'leave it out: the key above tells the port';
  throw questionFault(text, port.span, 'a row or column has no port', fix);
}

function readService(text: string, place: Place): Service | undefined {
  const traffic = parseTraffic(text, place);
  if (traffic === undefined) return undefined;
  const service = serviceOf(traffic);
  if (service !== undefined) return service;
  const fix = 'write one port, as in tcp/443, or icmp, or the number of a protocol';
  fail(place, 'expectation', `a matrix is about one port at a time, not ${shown(text)}`, fix);
  return undefined;
}

function serviceOf(traffic: Traffic): Service | undefined {
  switch (traffic.kind) {
    case 'all':
      return undefined;
    case 'ports': {
      const { protocol, from, to } = traffic;
      if (from !== to) return undefined;
      const port = `:${from}`;
      return protocol === TCP
        ? { word: 'tcp', port, traffic: { kind: 'tcp', flags: SYN, destinationPort: from } }
        : { word: 'udp', port, traffic: { kind: 'udp', destinationPort: from } };
    }
    case 'icmp': {
      const { protocol } = traffic;
      const word = protocol === 1 ? 'icmp' : 'icmpv6';
      const echo = protocol === 1 ? 8 : 128;
      const [type, code] =
        traffic.type === -1 ? [echo, 0] : [traffic.type, Math.max(0, traffic.code)];
      return {
        word: `${word} ${type}/${code}`,
        port: '',
        traffic: { kind: 'icmp', protocol, type, code },
      };
    }
    case 'protocol': {
      const { protocol } = traffic;
      return { word: `proto ${protocol}`, port: '', traffic: { kind: 'protocol', protocol } };
    }
  }
}
