import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/model/explanation.js';
import { explanationsText, explanationText } from '../../src/report/explanation-text.js';
import { displayWidth } from '../../src/report/wrap.js';
import { explanationArbitrary } from './explanation-arbitrary.js';
import { DENIED } from './explanation-denied.js';
import {
  BY_CAUSE,
  BY_MEMBER,
  DISAGREEMENT,
  NOT_JUDGED,
  NOT_OPENED,
  TRACKED,
} from './explanation-others.js';
import { HOSTILE_WORD } from './outcome-arbitrary.js';

const PLAIN = { color: false };
const ESC = '\u001b';
// eslint-disable-next-line no-control-regex -- colours are control characters
const SGR = /\u001b\[\d+m/g;

const golden = (name: string): string =>
  readFileSync(new URL(`golden/${name}.txt`, import.meta.url), 'utf8');

/** Commands stand on lines of their own and are not wrapped. */
function withoutCommands(text: string, { fixes }: Explanation): string[] {
  const commands = fixes.reduce((sum, fix) => sum + fix.commands.length, 0);
  const lines = text.split('\n');
  const kept = lines.filter((line) => !line.includes(COMMAND));
  expect(lines.length - kept.length).toBe(commands);
  return kept;
}

const COMMAND = 'aws ec2 ';

describe('golden texts', () => {
  it.each<[string, Explanation]>([
    ['explanation-denied', DENIED],
    ['explanation-tracked', TRACKED],
    ['explanation-not-opened', NOT_OPENED],
    ['explanation-not-judged', NOT_JUDGED],
    ['explanation-disagreement', DISAGREEMENT],
  ])('%s', (name, explanation) => {
    expect(explanationText(explanation, PLAIN)).toBe(golden(name));
  });

  it('several answers, by cause', () => {
    expect(explanationsText(BY_CAUSE, PLAIN)).toBe(golden('explanations-by-cause'));
  });

  it('several answers to a question about members', () => {
    expect(explanationsText(BY_MEMBER, PLAIN)).toBe(golden('explanations-by-member'));
  });

  it('one answer alone has no headline, but says who shares it', () => {
    const alone = { shown: [{ explanation: DENIED }], total: { answers: 1 } };
    expect(explanationsText(alone, PLAIN)).toBe(golden('explanation-denied'));
    const shared = {
      shown: [{ explanation: NOT_JUDGED, subjects: ['eni-a', 'eni-b'] }],
      total: { answers: 1, subjects: 2 },
    };
    expect(explanationsText(shared, PLAIN)).toBe(
      `2 of 2: eni-a, eni-b\n\n${golden('explanation-not-judged')}`,
    );
  });

  it('no answer is said so', () => {
    expect(explanationsText({ shown: [], total: { answers: 0 } }, PLAIN)).toBe(
      'nothing to explain\n',
    );
  });
});

describe('details', () => {
  it.each([
    [{ otherFlows: 0, complete: true }, 'here, and nothing else'],
    [
      { otherFlows: 0, complete: false },
      'at least 2,000 packets of 5 flows here; there may be more',
    ],
    [{ otherFlows: 1, complete: true }, 'here; 1 of the flows was dropped for another cause'],
    [{ otherFlows: 2, complete: false }, 'here; at least 2 of the flows were dropped for another'],
  ])('an effect of %j', (more, expected) => {
    const effect = { admits: { packets: 2000, bytes: 1 }, flows: 5, ...more };
    const fix = { certainty: 'likely', text: 'x', edits: [], commands: [], effect } as const;
    const text = explanationText({ ...NOT_JUDGED, fixes: [fix] }, PLAIN);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(expected);
  });

  it('of many rules that match, five are named and the rest is counted', () => {
    const { rules } = DISAGREEMENT;
    const matched = Array.from({ length: 7 }, () => rules!.matched[0]!);
    const text = explanationText({ ...DISAGREEMENT, rules: { ...rules!, matched } }, PLAIN);
    expect(text.match(/sgr-07f of sg-db/g)).toHaveLength(5);
    expect(text).toContain('\n  and 2 more that match\n');
  });

  it('rules of which none is near are counted', () => {
    const rules = { ...DISAGREEMENT.rules!, matched: [], others: 14 };
    expect(explanationText({ ...DISAGREEMENT, rules }, PLAIN)).toContain(
      '\nrules       14 ingress rules of sg-db, none near\n',
    );
  });
});

describe('any explanation', () => {
  const hostile = explanationArbitrary({ word: HOSTILE_WORD, most: 9_999_999_999 });

  it('stays inside the page, and steers no terminal', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 40, max: 120 }), (explanation, width) => {
        const text = explanationText(explanation, { ...PLAIN, width });
        // eslint-disable-next-line no-control-regex -- control characters are what it looks for
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066]/);
        const page = withoutCommands(text, explanation);
        expect(Math.max(...page.map(displayWidth))).toBeLessThanOrEqual(Math.max(60, width));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps names of 300 characters', () => {
    const name = 'n'.repeat(300);
    const at = { ...DENIED.at!, name };
    const text = explanationText({ ...DENIED, at }, PLAIN);
    expect(text.replaceAll(/\s/g, '')).toContain(name);
  });

  it('says the same with colour and without', () => {
    fc.assert(
      fc.property(hostile, (explanation) => {
        const plain = explanationText(explanation, PLAIN);
        expect(plain).not.toContain(ESC);
        expect(explanationText(explanation, { color: true }).replace(SGR, '')).toBe(plain);
      }),
      { numRuns: 100 },
    );
  });

  it('shows a drop in red and what passes in green', () => {
    const denied = explanationText(DENIED, { color: true });
    expect(denied).toContain(`${ESC}[31mDROP  ${ESC}[39mpeer-not-allowed`);
    expect(denied).toContain(`${ESC}[32mPASS${ESC}[39m`);
    expect(denied).toContain(`${ESC}[31mNO${ESC}[39m`);
    expect(explanationText(TRACKED, { color: true })).toContain(`${ESC}[32mALLOW  ${ESC}[39m`);
  });
});
