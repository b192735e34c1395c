// Results of expectations in every format: what readers of the format ask for, whatever names hold.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TestReport, TestResult } from '../../src/model/test-report.js';
import { testGithub } from '../../src/report/test-github.js';
import { testJson } from '../../src/report/test-json.js';
import { testJunit } from '../../src/report/test-junit.js';
import { testSarif } from '../../src/report/test-sarif.js';
import { testTap } from '../../src/report/test-tap.js';
import { testText } from '../../src/report/test-text.js';
import { HOSTILE_WORD } from './outcome-arbitrary.js';
import { checkSchemaForm, type Json } from './schema-form.js';

const word = fc.oneof(
  HOSTILE_WORD,
  fc.constantFrom(']]>', '</failure>', '"&\'<', '%0A::error::x', '::set-env name=x::y', '\ud800'),
  fc.constantFrom(
    'a,b:c',
    '# SKIP',
    '\\',
    '{0}',
    '[x](http://evil)',
    '\uffff',
    '\n  ...\nok 9',
    'a b',
  ),
);

const fix = fc.record({
  certainty: fc.constantFrom('likely' as const, 'possible' as const),
  text: word,
  edits: fc.constant([]),
  commands: fc.array(word, { maxLength: 2 }),
});
const source = fc.record({ file: word, line: fc.integer({ min: 1, max: 9999 }), text: word });
const rule = fc.record({
  ...{ id: word, groupId: word, direction: fc.constantFrom('ingress' as const, 'egress' as const) },
  ...{ text: word, place: word, source },
});
const failure = fc.record({
  code: fc.constantFrom('port-not-allowed', 'no-rule', 'unmet'),
  ...{ got: word, subjects: fc.array(word, { maxLength: 5 }), reason: word },
  ...{ wrong: fc.nat(2000), asked: fc.nat(2000) },
  rules: fc.array(rule, { maxLength: 4 }),
  fixes: fc.array(fix, { maxLength: 2 }),
  others: fc.array(fc.record({ code: fc.constant('no-rules'), count: fc.nat(9) }), {
    maxLength: 2,
  }),
});
const result: fc.Arbitrary<TestResult> = fc
  .tuple(
    fc.constantFrom('holds' as const, 'fails' as const, 'nothing' as const),
    ...([word, word, word, failure, fc.integer({ min: 1, max: 9999 })] as const),
  )
  .map(([status, text, because, looked, failed, line]): TestResult => ({
    expectation: {
      ...{ kind: 'capture', claim: 'no-drops', statement: text, text, because },
      place: { file: `dir/${text}`, line, column: 3, text: 'place' },
    },
    ...{ status, looked },
    ...(status === 'fails' ? { failure: failed } : {}),
  }));
const report: fc.Arbitrary<TestReport> = fc.record({
  file: word,
  results: fc.array(result, { maxLength: 6 }),
});

const always = (check: (report: TestReport) => void): void =>
  fc.assert(
    fc.property(report, (it) => {
      check(it);
    }),
    { numRuns: 300 },
  );

/** Nothing but line ends may steer whoever shows it. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const STEERS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

it.each([
  ['text', (it: TestReport) => testText(it, { color: false })],
  ['tap', testTap],
  ['junit', testJunit],
  ['github', testGithub],
  ['sarif', (it: TestReport) => testSarif(it, '1')],
  ['json', testJson],
])('%s holds nothing that steers', (_, write) =>
  always((it) => expect(write(it)).not.toMatch(STEERS)),
);

const failed = ({ results }: TestReport): TestResult[] =>
  results.filter(({ status }) => status === 'fails');

describe('tap', () => {
  /** By the grammar of version 14: plan, points, and a YAML block behind a point. */
  const points = (text: string) => {
    const [version, plan, ...lines] = text.split('\n').slice(0, -1);
    expect(version).toBe('TAP version 14');
    const found: { ok: boolean; skip: boolean; block: string[] }[] = [];
    let open = false;
    for (const line of lines) {
      const point = /^(not )?ok (\d+) - (?:[^#\\]|\\.)*( # SKIP .*)?$/.exec(line);
      if (line === '  ---' || line === '  ...') open = line === '  ---';
      else if (open) found.at(-1)!.block.push(line);
      else {
        expect(point, line).not.toBeNull();
        expect(Number(point![2])).toBe(found.length + 1);
        found.push({ ok: point![1] === undefined, skip: point![3] !== undefined, block: [] });
      }
    }
    expect(plan).toBe(`1..${found.length}`);
    return found;
  };
  it('has a point for each, and a block of values behind those that fail', () =>
    always((it) => {
      const found = points(testTap(it));
      expect(found.map(({ ok, skip }) => (ok ? (skip ? 'nothing' : 'holds') : 'fails'))).toEqual(
        it.results.map(({ status }) => status),
      );
      for (const line of found.flatMap(({ block }) => block)) {
        const [, value] = /^ {2}[a-z]+: (.*)$/.exec(line) ?? [];
        expect(() => JSON.parse(value!) as unknown, line).not.toThrow();
      }
    }));
});

describe('junit', () => {
  /** Elements in order, by a strict reader of the XML that is written: no comments, CDATA or other entities. */
  const elementsOf = (xml: string): string[] => {
    const names: string[] = [];
    const open: string[] = [];
    const text = '(?:[^<>&"\']|&(?:amp|lt|gt|quot|apos);)*';
    const tag = new RegExp(`<(/?)([a-z]+)((?: [a-z]+="${text}")*)(/?)>|${text}`, 'y');
    let at = '<?xml version="1.0" encoding="UTF-8"?>'.length;
    expect(xml.slice(0, at)).toBe('<?xml version="1.0" encoding="UTF-8"?>');
    while (at < xml.length) {
      tag.lastIndex = at;
      const [whole = '', end, name, , alone] = tag.exec(xml) ?? [];
      expect(whole.length, xml.slice(at, at + 80)).toBeGreaterThan(0);
      at += whole.length;
      if (name === undefined) continue;
      if (end === '/') expect(open.pop()).toBe(name);
      else {
        names.push(name);
        if (alone !== '/') open.push(name);
      }
    }
    expect(open).toEqual([]);
    return names;
  };
  it('is well-formed, and has a case for each', () =>
    always((it) => {
      const xml = testJunit(it);
      expect(xml.isWellFormed() && !/[\ufffe\uffff]/.test(xml)).toBe(true);
      const count = (name: string): number =>
        elementsOf(xml).filter((each) => each === name).length;
      expect(count('testcase')).toBe(it.results.length);
      expect(count('failure')).toBe(failed(it).length);
      expect(xml).toContain(`tests="${it.results.length}" failures="${failed(it).length}"`);
    }));
});

describe('github', () => {
  it('has a command for each that does not hold, and no other line but the last', () =>
    always((it) => {
      const lines = testGithub(it).split('\n').slice(0, -1);
      const commands = lines.slice(0, -1);
      expect(lines.at(-1)).toMatch(/^\d+ expectations?: /);
      expect(commands.length).toBe(it.results.filter(({ status }) => status !== 'holds').length);
      for (const command of commands) {
        expect(command).toMatch(/^::(error|notice) file=[^:,]*,line=\d+,title=[^:,]*::/);
        expect(command).not.toMatch(/%(?!25|0A|0D|3A|2C)/);
      }
    }));
});

describe('sarif', () => {
  // What sections 3.13 to 3.54 of SARIF 2.1.0 ask of the objects that are written.
  const text = { type: 'object', required: ['text'], properties: { text: { type: 'string' } } };
  const place = {
    type: 'object',
    required: ['artifactLocation', 'region'],
    properties: {
      artifactLocation: { properties: { uri: { type: 'string', pattern: "^[\\w.~!'()*%/:-]*$" } } },
      region: {
        required: ['startLine'],
        properties: {
          startLine: { type: 'integer', minimum: 1 },
          startColumn: { type: 'integer', minimum: 1 },
        },
      },
    },
  };
  const location = { required: ['physicalLocation'], properties: { physicalLocation: place } };
  const validate = new Ajv2020({ strict: false }).compile({
    type: 'object',
    required: ['version', 'runs'],
    properties: {
      version: { const: '2.1.0' },
      runs: {
        minItems: 1,
        items: {
          required: ['tool', 'results'],
          properties: {
            tool: {
              required: ['driver'],
              properties: {
                driver: {
                  required: ['name'],
                  properties: {
                    rules: {
                      uniqueItems: true,
                      items: { required: ['id', 'shortDescription'], properties: { help: text } },
                    },
                  },
                },
              },
            },
            results: {
              items: {
                required: ['message', 'ruleId', 'ruleIndex', 'locations'],
                properties: {
                  message: text,
                  level: { enum: ['none', 'note', 'warning', 'error'] },
                  locations: { minItems: 1, items: location },
                  relatedLocations: { uniqueItems: true, items: location },
                },
              },
            },
          },
        },
      },
    },
  });
  it('has what the standard asks for', () =>
    always((it) => {
      const document = JSON.parse(testSarif(it, '0.1.0')) as {
        runs: {
          tool: { driver: { rules: { id: string }[] } };
          results: { ruleId: string; ruleIndex: number; message: { text: string } }[];
        }[];
      };
      expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
      const [run] = document.runs;
      expect(run!.results.length).toBe(failed(it).length);
      for (const { ruleId, ruleIndex, message } of run!.results) {
        expect(run!.tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
        expect(message.text).not.toMatch(/\]\(|(?<!\{)\{(?!\{)\d/);
      }
    }));
});

describe('json', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../src/report/expectations.schema.json', import.meta.url), 'utf8'),
  ) as Record<string, Json>;
  const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
    schema,
  );
  it('is as its schema says', () => {
    expect(checkSchemaForm(schema)).toBeGreaterThan(5);
    always((it) =>
      expect(validate(JSON.parse(testJson(it))), JSON.stringify(validate.errors)).toBe(true),
    );
  });
});
