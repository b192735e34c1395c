import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Outcome } from '../../src/model/outcome.js';
import { renderText } from '../../src/report/text.js';
import { HOSTILE_WORD, outcomeArbitrary } from './outcome-arbitrary.js';
import { EMPTY } from './outcome-empty.js';
import { HOSTILE } from './outcome-hostile.js';
import { PARTIAL } from './outcome-partial.js';
import { TYPICAL } from './outcome-typical.js';

const golden = (name: string): string =>
  readFileSync(new URL(`golden/${name}.txt`, import.meta.url), 'utf8');

const ESC = '\u001b';
const SGR = new RegExp(`${ESC}\\[(?:31|39|32|2|22)m`, 'g');

/** Widths of the characters that the arbitraries use, told here independently of the code. */
function columns(line: string): number {
  let width = 0;
  for (const character of line) {
    if ('日本語のウェブサーバー🙂'.includes(character)) width += 2;
    else if (character !== '\u0301') width += 1;
  }
  return width;
}

/** Small words and small numbers, and numbers at the bound of the promise: 20 codes below 10^13 together. */
const anyOutcome = fc.oneof(
  outcomeArbitrary({ word: HOSTILE_WORD, most: 100_000 }),
  outcomeArbitrary({ word: HOSTILE_WORD, most: 400_000_000_000 }),
);

describe('whole texts', () => {
  test.each<[string, Outcome, number]>([
    ['typical', TYPICAL, 4],
    ['empty', EMPTY, 10],
    ['hostile', HOSTILE, 10],
    ['partial', PARTIAL, 1],
  ])('%s outcome', (name, outcome, top) => {
    expect(renderText(outcome, { color: false, top })).toBe(golden(name));
  });

  test('no capture at all', () => {
    expect(renderText({ ...EMPTY, captures: [] }, { color: false, top: 10 })).toBe(
      'no packets were read: there is nothing to judge\n',
    );
  });
});

describe('page', () => {
  it('keeps every line within 80 columns', () => {
    fc.assert(
      fc.property(anyOutcome, fc.integer({ min: 1, max: 5 }), (outcome, top) => {
        for (const line of renderText(outcome, { color: false, top }).split('\n')) {
          expect(columns(line)).toBeLessThanOrEqual(80);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('keeps to other widths, with numbers of everyday size', () => {
    const outcomes = outcomeArbitrary({ word: HOSTILE_WORD, most: 10_000_000 });
    fc.assert(
      fc.property(outcomes, fc.integer({ min: 60, max: 132 }), (outcome, width) => {
        for (const line of renderText(outcome, { color: false, top: 3, width }).split('\n')) {
          expect(columns(line)).toBeLessThanOrEqual(width);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('leaves no blanks at line ends, no empty section, one newline at the end', () => {
    for (const outcome of [TYPICAL, EMPTY, HOSTILE, PARTIAL]) {
      const text = renderText(outcome, { color: false, top: 10 });
      expect(text).not.toMatch(/ \n|\n\n\n|^\n|\n\n$/);
      expect(text.endsWith('\n')).toBe(true);
    }
  });
});

describe('safety', () => {
  it('lets no control or bidirectional character through, with or without colour', () => {
    const unsafe =
      // eslint-disable-next-line no-control-regex -- control characters are what it looks for
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
    fc.assert(
      fc.property(anyOutcome, fc.boolean(), (outcome, color) => {
        const text = renderText(outcome, { color, top: 5 });
        expect(color ? text.replace(SGR, '') : text).not.toMatch(unsafe);
      }),
      { numRuns: 100 },
    );
  });

  it('cuts endless names', () => {
    const [capture] = EMPTY.captures;
    const outcome = { ...EMPTY, captures: [{ ...capture!, name: '🙂'.repeat(1_000_000) }] };
    const text = renderText(outcome, { color: false, top: 10 });
    expect(text.length).toBeLessThan(1_500);
    expect(text).toContain('🙂…');
  });
});

describe('colour', () => {
  const coloured = renderText(TYPICAL, { color: true, top: 10 }).split('\n');

  it('only adds escape sequences to the plain text', () => {
    fc.assert(
      fc.property(anyOutcome, (outcome) => {
        const plain = renderText(outcome, { color: false, top: 3 });
        expect(plain).not.toContain(ESC);
        expect(renderText(outcome, { color: true, top: 3 }).replace(SGR, '')).toBe(plain);
      }),
      { numRuns: 100 },
    );
  });

  it('shows dropped in red, allowed in green, secondary text dim', () => {
    expect(coloured.find((line) => line.includes('  allowed  '))).toContain(`${ESC}[32m`);
    expect(coloured.find((line) => line.includes('  dropped  '))).toContain(`${ESC}[31m`);
    expect(coloured.find((line) => line.includes('no rule allows it'))).toContain(`${ESC}[2m`);
  });

  it('shows no red where nothing was dropped', () => {
    const clean = { ...EMPTY, totals: { packets: 1, bytes: 60, flows: 1 } };
    expect(renderText(clean, { color: true, top: 10 })).not.toContain(`${ESC}[31m`);
  });
});
