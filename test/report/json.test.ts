import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/model/outcome.js';
import { VERDICT_CODES } from '../../src/model/verdict.js';
import { renderJson } from '../../src/report/json.js';
import { HOSTILE_WORD, outcomeArbitrary } from './outcome-arbitrary.js';
import { EMPTY } from './outcome-empty.js';
import { HOSTILE } from './outcome-hostile.js';
import { PARTIAL } from './outcome-partial.js';
import { TYPICAL } from './outcome-typical.js';
import { checkSchemaForm, type Json } from './schema-form.js';

const schema = JSON.parse(
  readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'),
) as Record<string, Json>;
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

const ENDLESS = { top: Infinity };
const anyOutcome = outcomeArbitrary({ word: HOSTILE_WORD, most: 400_000_000_000 });

function check(outcome: Outcome, top: number): void {
  expect(validate(JSON.parse(renderJson(outcome, { top }))), JSON.stringify(validate.errors)).toBe(
    true,
  );
}

describe('schema', () => {
  it('holds for outcomes made by hand', () => {
    for (const outcome of [TYPICAL, EMPTY, HOSTILE, PARTIAL]) {
      check(outcome, 1);
      check(outcome, Infinity);
    }
  });

  it('holds for any outcome', () => {
    fc.assert(
      fc.property(anyOutcome, fc.nat(5), (outcome, top) => check(outcome, top)),
      { numRuns: 150 },
    );
  });

  it('can fail', () => {
    const report = JSON.parse(renderJson(TYPICAL, ENDLESS)) as Record<string, Json>;
    expect(validate({ ...report, extra: 1 })).toBe(false);
    expect(validate({ ...report, version: 2 })).toBe(false);
    expect(validate({ ...report, omitted: undefined })).toBe(false);
  });

  it('describes every property, requires it, and allows no other', () => {
    expect(checkSchemaForm(schema)).toBeGreaterThan(15);
  });

  it('knows every verdict code', () => {
    expect(schema['$defs']).toHaveProperty(
      ['verdictCode', 'enum'],
      VERDICT_CODES.map(({ name }) => name),
    );
  });
});

describe('content', () => {
  it('is the outcome, number for number', () => {
    fc.assert(
      fc.property(anyOutcome, (outcome) => {
        const report = JSON.parse(renderJson(outcome, ENDLESS)) as Record<string, Json>;
        const { totals, byVerdict } = outcome;
        expect(report).toMatchObject({
          totals: {
            ...totals,
            allowed: byVerdict.allow,
            dropped: byVerdict.drop,
            notFiltered: byVerdict['not-filtered'],
            notJudged: byVerdict['not-judged'],
          },
          byCode: outcome.byCode,
          byRule: outcome.byRule,
          captures: outcome.captures.map(({ name, packets, bytes, firstTimeNs }) => ({
            name,
            packets,
            bytes,
            firstTimeNs: firstTimeNs === undefined ? null : String(firstTimeNs),
          })),
          droppedFlows: outcome.droppedFlows.map(({ packets, bytes, flows, lastTimeNs }) => ({
            packets,
            bytes,
            flows,
            lastTimeNs: String(lastTimeNs),
          })),
          phases: outcome.phases.map(({ events, byVerdict }) => ({
            events,
            allowed: byVerdict.allow,
            dropped: byVerdict.drop,
          })),
          assumptions: outcome.assumptions,
          warnings: outcome.warnings,
        });
        expect(report['byInterface']).toHaveLength(outcome.byInterface.length);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps shown and omitted together equal to the whole, for any cut', () => {
    interface Sums {
      readonly byRule: readonly { packets: number }[];
      readonly droppedFlows: readonly { packets: number }[];
      readonly omitted: Record<'rules' | 'droppedFlows', { count: number; packets: number }>;
    }
    const packets = (list: readonly { packets: number }[]): number =>
      list.reduce((sum, entry) => sum + entry.packets, 0);
    fc.assert(
      fc.property(anyOutcome, fc.nat(5), (outcome, top) => {
        const { byRule, droppedFlows, omitted } = JSON.parse(renderJson(outcome, { top })) as Sums;
        expect(byRule.length).toBe(Math.min(top, outcome.byRule.length));
        expect(byRule.length + omitted.rules.count).toBe(outcome.byRule.length);
        expect(packets(byRule) + omitted.rules.packets).toBe(packets(outcome.byRule));
        expect(packets(droppedFlows) + omitted.droppedFlows.packets).toBe(
          packets([...outcome.droppedFlows, outcome.otherDroppedFlows]),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('sums what a cut at 1 leaves out', () => {
    const { omitted } = JSON.parse(renderJson(PARTIAL, { top: 1 })) as { omitted: Json };
    const none = { packets: 0, bytes: 0 };
    expect(omitted).toEqual({
      captures: { count: 1, stopped: 1, packets: 1, bytes: 74 },
      interfaces: {
        count: 1,
        allowed: none,
        dropped: { packets: 1, bytes: 74 },
        notFiltered: { packets: 1, bytes: 74 },
        notJudged: none,
      },
      rules: { count: 2, withoutHits: 2, packets: 0, bytes: 0, flows: 0 },
      droppedFlows: { count: 1, packets: 1, bytes: 74, flows: 0 },
      warnings: { count: 1 },
    });
  });
});

describe('form', () => {
  it('is indented by two spaces, begins with version and tool, ends with one newline', () => {
    const text = renderJson(EMPTY, ENDLESS);
    expect(text.startsWith('{\n  "version": 1,\n  "tool": "sgsim",\n  "totals": {\n')).toBe(true);
    expect(text.endsWith('\n}\n')).toBe(true);
  });

  it('orders keys by the format, not by the outcome', () => {
    const reversed = Object.fromEntries(Object.entries(TYPICAL).reverse()) as unknown as Outcome;
    expect(renderJson(reversed, ENDLESS)).toBe(renderJson(TYPICAL, ENDLESS));
  });

  it('escapes controls, separators and bidirectional marks, and loses none of them', () => {
    const text = renderJson(HOSTILE, ENDLESS);
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
    expect(text).toContain('\\u2028');
    expect(text).toContain('\\u009b31m');
    const { captures, warnings } = JSON.parse(text) as Outcome;
    expect(captures[0]!.name).toBe(HOSTILE.captures[0]!.name);
    expect(warnings[0]!.fact).toBe(HOSTILE.warnings[0]!.fact);
  });
});
