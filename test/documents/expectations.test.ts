// Files of expectations: what they mean, and what is said of those that mean nothing.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readExpectations } from '../../src/documents/expectations.js';
import { renderDiagnostic } from '../../src/model/diagnostic.js';
import type { Expectation } from '../../src/model/expectation.js';
import { yaml } from './loading.js';

const read = (...lines: string[]) => readExpectations(yaml('e.yaml', ...lines));
const faultsOf = (...lines: string[]): readonly string[] =>
  read(...lines).faults.errors.map(renderDiagnostic);

/** An expectation without where it stands. */
function meaning(expectation: Expectation): unknown {
  if (expectation.kind !== 'flow') return expectation;
  const { expected, question } = expectation;
  const { source, destination, traffic } = question;
  return [expected, { ...source, span: null }, { ...destination, span: null }, traffic];
}

test('every part, with lines, reasons and own names', () => {
  const { expectations, faults } = read(
    'names: { office: 203.0.113.0/24, web: sg-1 }',
    'pass:',
    '  - tcp web > db:5432',
    '  - { flow: udp any > 10.0.0.2:53, because: resolvers }',
    'drop: [icmp internet > web]',
    'capture:',
    '  - no drops of tcp/443 from office to my db',
    '  - { statement: something reaches web, because: it is up }',
  );
  expect(faults.errors).toEqual([]);
  expect(
    expectations.map(({ text, place, because }) => [text, place.line, place.column, because]),
  ).toEqual([
    ['pass tcp web > db:5432', 3, 5, undefined],
    ['pass udp any > 10.0.0.2:53', 4, 7, 'resolvers'],
    ['drop icmp internet > web', 5, 8, undefined],
    ['no drops of tcp/443 from office to my db', 7, 5, undefined],
    ['something reaches web', 8, 7, 'it is up'],
  ]);
  expect(expectations[0]).toMatchObject({ question: { source: { kind: 'name', name: 'sg-1' } } });
  expect(expectations[3]).toMatchObject({
    claim: 'no-drops',
    traffic: { kind: 'ports', protocol: 6, from: 443, to: 443 },
    source: { kind: 'block' },
    destination: { kind: 'name', name: 'my db' },
  });
});

describe('a matrix', () => {
  const NAMES = ['web', 'sg-db', 'internet', 'any', '10.0.1.5', '2001:db8::1'];
  const SERVICES = [
    ['tcp/443', 'tcp', ':443'],
    ['udp/53', 'udp', ':53'],
    ['icmp/3/4', 'icmp 3/4', ''],
    ['50', 'proto 50', ''],
  ] as const;
  const name = fc.constantFrom(...NAMES);
  const bare = (to: string, port: string): string =>
    port !== '' && to.includes(':') ? `[${to}]` : to;

  it('is the list of its cells', () => {
    const marks = fc.constantFrom('+', 'x', '.');
    fc.assert(
      fc.property(
        fc.constantFrom(...SERVICES),
        fc.uniqueArray(name, { minLength: 1 }),
        fc.uniqueArray(name, { minLength: 1 }),
        fc.array(marks, { minLength: 36, maxLength: 36 }),
        ([key, word, port], columns, rows, cells) => {
          const mark = (row: number, column: number): string => cells[row * 6 + column]!;
          const lines = rows.map(
            (row, r) => `    "${row}": ${columns.map((_, c) => mark(r, c)).join(' ')}`,
          );
          const matrix = read('matrix:', `  ${key}:`, `    to: ${columns.join(' ')}`, ...lines);
          const singles = rows.flatMap((row, r) =>
            columns.flatMap((column, c) => {
              if (mark(r, c) === '.') return [];
              const flow = `${word} ${row} > ${bare(column, port)}${port}`;
              return read(
                `${mark(r, c) === '+' ? 'pass' : 'drop'}:`,
                `  - "${flow}"`,
              ).expectations.map(meaning);
            }),
          );
          expect(matrix.expectations.map(meaning)).toEqual(singles);
          const isEmpty = singles.length === 0;
          expect(matrix.faults.errors.length).toBe(isEmpty ? 1 : 0);
        },
      ),
    );
  });
});

test.each([
  [['pass: [tcp web > db]'], 'error[flow] e.yaml:1:8: pass[0]: tcp asks for a destination port'],
  [
    ['hold: []'],
    'error[unknown-key] e.yaml:1:1: hold: "hold" is no part of a file of expectations',
  ],
  [['[]'], 'error[expectation] e.yaml: the file expects nothing'],
  [['pass: []'], 'error[expectation] e.yaml: the file expects nothing'],
  [
    ['capture: [all is well]'],
    'error[expectation] e.yaml:1:11: capture[0]: "all is well" is no statement',
  ],
  [
    ['capture: [nothing from a]'],
    'error[expectation] e.yaml:1:11: capture[0]: whom it reaches is not said',
  ],
  [
    ['capture: [no drops reaches db]'],
    'error[expectation] e.yaml:1:11: capture[0]: reaches does not stand in such a statement',
  ],
  [
    ['capture: ["no drops to db:443"]'],
    'error[expectation] e.yaml:1:11: capture[0]: an end of a statement has no port',
  ],
  [
    ['capture: [no drops of tcp/x to db]'],
    'error[rule-syntax] e.yaml:1:11: capture[0]: "tcp/x" is not a protocol with ports',
  ],
  [
    ['matrix: { tcp/443: { to: a b, c: + } }'],
    'error[expectation] e.yaml:1:31: matrix["tcp/443"].c: 1 marks stand under 2 columns',
  ],
  [
    ['matrix: { tcp/443: { to: a, c: y } }'],
    'error[expectation] e.yaml:1:29: matrix["tcp/443"].c: "y" is no mark',
  ],
  [
    ['matrix: { tcp: { to: a, c: + } }'],
    'error[expectation] e.yaml:1:11: matrix.tcp: a matrix is about one port at a time',
  ],
  [
    ['matrix: { tcp/1: { c: + } }'],
    'error[missing-key] e.yaml:1:11: matrix["tcp/1"]: to is missing',
  ],
  [
    ['names: { any: sg-1 }', 'pass: [tcp a > b:1]'],
    'error[expectation] e.yaml:1:10: names.any: any has a meaning already',
  ],
  [
    ['names: { o: 10.0.0.0/8 }', 'pass: [tcp o > b:1]'],
    'error[flow] e.yaml:2:8: pass[0]: it means a block of addresses',
  ],
  [
    ['pass: [{ flow: tcp a > b:1, why: x }]'],
    'error[unknown-key] e.yaml:1:29: pass[0].why: "why" is no key',
  ],
])('%j', (lines, fault) => {
  const all = faultsOf(...lines);
  expect(all).toHaveLength(1);
  expect(all[0]!.slice(0, fault.length)).toBe(fault);
});

test('every fault is told in one go', () => {
  const lines = ['pass: [tcp a > b, udp]', 'capture: [x]', 'matrix: { tcp: { to: a, a: "?" } }'];
  expect(faultsOf(...lines)).toHaveLength(5);
});
