import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FrameVerdict } from '../../src/model/verdict.js';
import { VERDICT_CODES, verdictOf } from '../../src/model/verdict.js';
import { verdictLine } from '../../src/report/verdict-line.js';
import { HOSTILE_WORD } from './outcome-arbitrary.js';

const code = fc.constantFrom(...VERDICT_CODES.map(({ name }) => name));
const frameVerdict: fc.Arbitrary<FrameVerdict> = fc
  .record({
    frame: fc.integer({ min: 1 }),
    timeNs: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    code,
    at: fc.array(
      fc
        .record(
          {
            eni: HOSTILE_WORD,
            direction: fc.constantFrom('ingress' as const, 'egress' as const),
            code,
            rule: HOSTILE_WORD,
          },
          { requiredKeys: ['eni', 'direction', 'code'] },
        )
        .map((entry) => ({ ...entry, verdict: verdictOf(entry.code) })),
      { maxLength: 2 },
    ),
  })
  .map((entry) => ({ ...entry, verdict: verdictOf(entry.code) }));

describe('verdictLine', () => {
  it('writes a frame that two interfaces judged', () => {
    expect(
      verdictLine({
        frame: 1,
        timeNs: 1_700_000_000_000_000_000n,
        verdict: 'drop',
        code: 'no-rule',
        at: [
          {
            eni: 'eni-a',
            direction: 'egress',
            verdict: 'allow',
            code: 'rule',
            rule: 'sgr-0123456789abcdef0',
          },
          { eni: 'eni-b', direction: 'ingress', verdict: 'drop', code: 'no-rule' },
        ],
      }),
    ).toBe(
      '{"frame":1,"timeNs":"1700000000000000000","verdict":"drop","code":"no-rule","at":[' +
        '{"eni":"eni-a","direction":"egress","verdict":"allow","code":"rule","rule":"sgr-0123456789abcdef0"},' +
        '{"eni":"eni-b","direction":"ingress","verdict":"drop","code":"no-rule","rule":null}]}',
    );
  });

  it('writes a frame that no interface judged', () => {
    expect(
      verdictLine({ frame: 7, timeNs: 0n, verdict: 'not-judged', code: 'no-interface', at: [] }),
    ).toBe('{"frame":7,"timeNs":"0","verdict":"not-judged","code":"no-interface","at":[]}');
  });

  it('is one line of JSON that says what it was given, whatever the ids', () => {
    fc.assert(
      fc.property(frameVerdict, (verdict) => {
        const line = verdictLine(verdict);
        // eslint-disable-next-line no-control-regex -- control characters are what it looks for
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
        expect(JSON.parse(line)).toEqual({
          ...verdict,
          timeNs: String(verdict.timeNs),
          at: verdict.at.map((entry) => ({ ...entry, rule: entry.rule ?? null })),
        });
      }),
    );
  });
});
