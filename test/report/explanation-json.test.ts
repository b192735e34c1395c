import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answers } from '../../src/model/answers.js';
import { CAUSES } from '../../src/model/cause.js';
import type { Explanation } from '../../src/model/explanation.js';
import { FLOW_STATES } from '../../src/model/remembered.js';
import { VERDICT_CODES } from '../../src/model/verdict.js';
import { explanationJson } from '../../src/report/explanation-json.js';
import { explanationText } from '../../src/report/explanation-text.js';
import { explanationArbitrary } from './explanation-arbitrary.js';
import { DENIED, START_NS } from './explanation-denied.js';
import {
  BY_CAUSE,
  BY_MEMBER,
  DISAGREEMENT,
  NOT_JUDGED,
  NOT_OPENED,
  TRACKED,
} from './explanation-others.js';
import { HOSTILE_WORD, PLAIN_WORD } from './outcome-arbitrary.js';
import { checkSchemaForm, type Json } from './schema-form.js';

const schema = JSON.parse(
  readFileSync(new URL('../../src/report/explanation.schema.json', import.meta.url), 'utf8'),
) as Record<string, Json>;
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

const alone = (explanation: Explanation): Answers => ({
  shown: [{ explanation }],
  total: { answers: 1 },
});

function check(answers: Answers): void {
  expect(validate(JSON.parse(explanationJson(answers))), JSON.stringify(validate.errors)).toBe(
    true,
  );
}

describe('schema', () => {
  it('holds for explanations made by hand', () => {
    for (const one of [DENIED, TRACKED, NOT_OPENED, NOT_JUDGED, DISAGREEMENT]) check(alone(one));
    check(BY_CAUSE);
    check(BY_MEMBER);
    check({ shown: [], total: { answers: 0 } });
  });

  it('holds for any explanation', () => {
    const any = explanationArbitrary({ word: HOSTILE_WORD, most: 400_000_000 });
    fc.assert(
      fc.property(any, (explanation) => check(alone(explanation))),
      { numRuns: 300 },
    );
  });

  it('can fail', () => {
    const document = JSON.parse(explanationJson(BY_CAUSE)) as Record<string, Json>;
    expect(validate({ ...document, extra: 1 })).toBe(false);
    expect(validate({ ...document, version: 2 })).toBe(false);
    expect(validate({ ...document, total: undefined })).toBe(false);
  });

  it('describes every property, requires it, and allows no other', () => {
    expect(checkSchemaForm(schema)).toBeGreaterThan(20);
  });

  it.each([
    ['verdictCode', 'enum', VERDICT_CODES.map(({ name }) => name)],
    ['answer', 'properties.cause.enum', CAUSES.map(({ name }) => name)],
    ['remembered', 'properties.state.enum', [...FLOW_STATES, null]],
  ])('knows every name of %s', (definition, path, names) => {
    expect(schema['$defs']).toHaveProperty(`${definition}.${path}`, names);
  });
});

interface Document {
  readonly total: Json;
  readonly answers: readonly (Record<string, Json> & { rendered: string })[];
}

const parse = (answers: Answers): Document => JSON.parse(explanationJson(answers)) as Document;

describe('content', () => {
  it('is the explanation, with times and addresses as text', () => {
    const [answer] = parse(alone(DENIED)).answers;
    expect(answer).toMatchObject({
      subjects: null,
      verdict: 'drop',
      code: 'no-rule',
      cause: 'peer-not-allowed',
      reason: DENIED.reason,
      disagreement: null,
      packet: {
        kind: 'ip',
        length: 74,
        ip: {
          source: '10.40.1.25',
          destination: '10.40.7.9',
          protocol: 6,
          fragment: null,
          transport: { kind: 'tcp', sourcePort: 51_544, destinationPort: 5432, flags: 2 },
        },
      },
      captured: { frame: 48_213, ownFrame: null, offsetNs: '12004117000' },
      at: DENIED.at,
      connection: { result: 'miss', remembered: null, rule: null },
      rules: { nearest: DENIED.rules!.nearest, others: 12 },
      peer: DENIED.peer,
      fixes: [
        {
          edits: [
            {
              kind: 'authorize',
              target: 'sg-db',
              direction: 'ingress',
              rules: [{ text: 'tcp/5432 from sg-app', description: null }],
              ruleIds: null,
            },
          ],
          effect: DENIED.fixes[0]!.effect,
        },
        { edits: [{ kind: 'set-groups', target: 'eni-0app', groupIds: ['sg-app', 'sg-web'] }] },
      ],
      share: { packets: 1204, bytes: 98_316, lastTimeNs: String(START_NS + 60_000_000_001n) },
      assumptions: DENIED.assumptions,
    });
  });

  it('has every key of every part of an explanation', () => {
    const [answer] = parse(alone(TRACKED)).answers;
    const { lastSeenNs, flow, account, ...rest } = TRACKED.connection!.remembered!;
    expect(answer!['connection']).toMatchObject({
      remembered: {
        ...rest,
        lastSeenNs: String(lastSeenNs),
        flow: { local: '10.40.7.9', remote: '10.40.2.8', remotePort: flow.remotePort! },
        account: { ...account, createdNs: String(account.createdNs) },
      },
    });
  });

  it('renders each explanation as the text has it', () => {
    for (const one of [DENIED, TRACKED, NOT_OPENED, NOT_JUDGED, DISAGREEMENT]) {
      const [answer] = parse(alone(one)).answers;
      expect(answer!.rendered).toBe(explanationText(one, { color: false }));
    }
  });

  it('tells who shares an answer, and what is not shown', () => {
    const { answers, total } = parse(BY_MEMBER);
    expect(answers.map(({ subjects }) => subjects)).toEqual([['eni-a', 'eni-b'], ['eni-c']]);
    expect(total).toEqual({ answers: 3, packets: null, flows: null, subjects: 4 });
  });

  it('escapes controls, separators and bidirectional marks, and loses none of them', () => {
    const hostile = '\u001b[2J\u009b31m\u202e\u2028';
    const text = explanationJson(alone({ ...NOT_JUDGED, reason: hostile }));
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
    expect((JSON.parse(text) as Document).answers[0]!['reason']).toBe(hostile);
  });
});

const COUNT = /\d{1,3}(?:,\d{3})*/.source;
const number = (text: string): number => Number(text.replaceAll(',', ''));

/** Numbers that the text has after words of its own, in order. */
function numbersIn(text: string, pattern: string): number[][] {
  return [...text.matchAll(new RegExp(pattern, 'g'))].map((found) => found.slice(1).map(number));
}

it('says the same numbers as text and as JSON', () => {
  const any = explanationArbitrary({ word: PLAIN_WORD, most: 400_000_000 });
  fc.assert(
    fc.property(any, (explanation) => {
      const [answer] = parse(alone(explanation)).answers;
      const { share, fixes, rules } = answer as unknown as Explanation;
      const text = explanationText(explanation, { color: false }).replaceAll(/\s+/g, ' ');
      expect(numbersIn(text, `same cause (${COUNT}) packets? of (${COUNT}) flows?, from`)).toEqual(
        (share as typeof share | null) === null || share!.packets === 1
          ? []
          : [[share!.packets, share!.flows]],
      );
      const effects = fixes.map(({ effect }) => effect as typeof effect | null);
      expect(
        numbersIn(text, `admits (?:at least )?(${COUNT}) packets? of (${COUNT}) flows? here`),
      ).toEqual(
        effects.flatMap((effect) => (effect ? [[effect.admits.packets, effect.flows]] : [])),
      );
      expect(numbersIn(text, `(${COUNT}) of the flows w`)).toEqual(
        effects.flatMap((effect) => (effect && effect.otherFlows > 0 ? [[effect.otherFlows]] : [])),
      );
      const considered = rules as typeof rules | null;
      const shown = numbersIn(text, `and (${COUNT}) less near`).flat();
      expect(shown).toEqual(considered ? restOf(considered) : []);
    }),
    { numRuns: 200 },
  );
});

/** Text names three rules that fail in one field, else two; none beside those that match. */
function restOf({ matched, nearest, others }: NonNullable<Explanation['rules']>): number[] {
  if (matched.length > 0 || nearest.length === 0) return [];
  const close = nearest.filter(
    ({ protocol, ports, peer }) => Number(protocol) + Number(ports) + Number(peer) === 2,
  );
  const named = close.length > 0 ? Math.min(3, close.length) : Math.min(2, nearest.length);
  const rest = nearest.length - named + others;
  return rest > 0 ? [rest] : [];
}
