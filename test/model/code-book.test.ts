import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CODE_BOOK, codesNear, entriesByKind, entriesOf } from '../../src/model/code-book.js';
import { CODE_KINDS } from '../../src/model/code-entry.js';
import { CAUSES } from '../../src/model/cause.js';
import { VERDICT_CODES } from '../../src/model/verdict.js';
import { raisedCodes } from './raised-codes.js';

/** What the templates that make codes stand for. */
const MADE: Readonly<Record<string, readonly string[]>> = {
  '`rule-${problem}`': ruleProblems().map((problem) => `rule-${problem}`),
  '`more-${severity}s`': ['more-errors', 'more-warnings'],
  '`${kind}.NotFound`': ['InvalidNetworkInterfaceID.NotFound', 'InvalidInstanceID.NotFound'],
};

function ruleProblems(): string[] {
  const file = new URL('../../src/policy/rule-problem.ts', import.meta.url);
  const union = /export type RuleProblem =([^;]+);/.exec(readFileSync(file, 'utf8'))![1]!;
  return [...union.matchAll(/'([\w-]+)'/g)].map(([, problem]) => problem!);
}

const { codes, templates } = raisedCodes();
const raised = [...codes.keys(), ...Object.values(MADE).flat()].sort();
const codesOf = (...kinds: readonly string[]): string[] =>
  CODE_BOOK.filter(({ kind }) => kinds.includes(kind)).map(({ code }) => code);

describe('the code book', () => {
  it('knows what codes are made of', () => {
    expect([...templates].sort()).toEqual(Object.keys(MADE).sort());
  });

  it('has every code that a source raises, and no other', () => {
    expect(raised.length).toBeGreaterThan(90);
    expect([...new Set(codesOf('diagnostic', 'refusal'))].sort()).toEqual([...new Set(raised)]);
  });

  it('has every verdict code and every cause, with the texts of their tables', () => {
    expect(codesOf('verdict')).toEqual(VERDICT_CODES.map(({ name }) => name));
    expect(codesOf('cause')).toEqual(CAUSES.map(({ name }) => name));
    expect(entriesOf('no-rule')).toMatchObject([{ verdict: 'drop', text: 'no rule allows it' }]);
  });

  it('has one entry for a code and kind; refusals are spelled as AWS does', () => {
    const keys = CODE_BOOK.map(({ kind, code }) => `${kind} ${code}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(codesOf('refusal').filter((code) => !/^[A-Z]/.test(code))).toEqual([]);
    expect(codesOf('diagnostic').filter((code) => !/^[a-z][a-z-]+$/.test(code))).toEqual([]);
  });

  it.each(CODE_BOOK.map((entry) => [entry.kind, entry.code, entry] as const))(
    '%s %s is told in short facts',
    (_, __, { text, usually, remedy }) => {
      for (const told of [text, usually, remedy]) {
        expect(told).toMatch(/^[^\s].*[^\s.]$/);
        expect(told).not.toMatch(/^[A-Z][a-z]+ (?:a|the|is|was)\b/);
      }
      expect(text.length).toBeLessThanOrEqual(90);
      expect(Math.max(usually.length, remedy.length)).toBeLessThanOrEqual(260);
    },
  );

  it('gives the entries by kind, all of them', () => {
    expect(entriesByKind().map(([first]) => first!.kind)).toEqual(CODE_KINDS);
    expect(entriesByKind().flat()).toEqual(CODE_BOOK);
  });

  it('gives a code of two kinds twice, and nothing for what is no code', () => {
    expect(entriesOf('no-groups').map(({ kind }) => kind)).toEqual(['verdict', 'diagnostic']);
    expect(entriesOf('NO-RULE')).toEqual([]);
    expect(entriesOf('toString')).toEqual([]);
  });
});

describe('near codes', () => {
  it.each([
    ['no-rul', ['no-rule', 'no-rules']],
    ['NO-RULE', ['no-rule', 'no-rules', 'no-file']],
    ['port-rnage', ['port-range']],
    ['invalidgroup.notfound', ['InvalidGroup.NotFound']],
    ['stale', ['rule-stale']],
    ['zzzzzzzz', []],
    ['', []],
  ])('%j: %j', (text, expected) => {
    expect(codesNear(text).slice(0, Math.max(1, expected.length))).toEqual(expected);
  });

  it('takes no long text apart letter by letter', () => {
    expect(codesNear('x'.repeat(1_000_000))).toEqual([]);
  });
});
