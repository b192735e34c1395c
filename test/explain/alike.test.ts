// Answers for a group: those that say the same but for names stand together.
import { expect, test } from 'vitest';
import { groupAlike, type Answer } from '../../src/explain/alike.js';
import type { ConsideredRule, Explanation } from '../../src/model/explanation.js';
import { tcp } from './packets.js';

/** A drop at the receiver, whose reason names both ends. */
function dropped(from: string, to: string, more: Partial<Explanation> = {}): Explanation {
  return {
    verdict: 'drop',
    code: 'no-rule',
    cause: 'peer-not-allowed',
    reason: `${from} is in sg-app, and the rules of ${to} name sg-web`,
    packet: { packet: tcp(`${from}:1000 > ${to}:443`, 'S') },
    at: { eni: `eni-${to}`, direction: 'ingress', filter: 1, filters: 1 },
    steps: [],
    fixes: [],
    assumptions: [],
    ...more,
  };
}

const matched = (text: string, groupId: string): ConsideredRule => ({
  rule: { id: `sgr-${groupId}`, groupId, direction: 'ingress', text, place: '' },
  protocol: true,
  ports: true,
  peer: true,
  miss: '',
});

const answers = (...explanations: Explanation[]): readonly Answer[] =>
  explanations.map((explanation, i) => ({ subject: `pair ${i}`, explanation }));

/** The subjects that stand together. */
const grouped = (...explanations: Explanation[]): readonly (readonly string[])[] =>
  groupAlike(answers(...explanations)).map(({ subjects }) => subjects);

test('names of both ends make no difference; the most common answer comes first', () => {
  const same = [dropped('10.0.0.1', '10.0.0.9'), dropped('10.0.0.2', '10.0.0.11')];
  const other = dropped('10.0.0.3', '10.0.0.9', {
    cause: 'no-rules',
    reason: 'sg-db has no rules',
  });
  const alike = groupAlike(answers(other, ...same));
  expect(alike).toEqual([
    { explanation: same[0], subjects: ['pair 1', 'pair 2'] },
    { explanation: other, subjects: ['pair 0'] },
  ]);
});

test.each<[string, Partial<Explanation>]>([
  ['verdict and code', { verdict: 'allow', code: 'rule' }],
  ['cause', { cause: 'nothing-near' }],
  ['direction', { at: { eni: 'eni-a', direction: 'egress', filter: 1, filters: 1 } }],
  ['reason', { reason: '10.0.0.2 is in sg-other, and the rules of 10.0.0.9 name sg-web' }],
  [
    'deciding rule',
    {
      rules: {
        direction: 'ingress',
        groupIds: ['sg-a'],
        matched: [matched('tcp/443 from 10.0.0.0/8', 'sg-a')],
        nearest: [],
        others: 0,
      },
    },
  ],
])('another %s is another answer', (_, more) => {
  const first = dropped('10.0.0.1', '10.0.0.9');
  expect(grouped(first, dropped('10.0.0.2', '10.0.0.9', more))).toHaveLength(2);
});

test('rules of several groups that say the same are one', () => {
  const rules = (groupId: string): Partial<Explanation> => ({
    rules: {
      direction: 'ingress',
      groupIds: [groupId],
      matched: [matched('tcp/443 from 10.0.0.0/8', groupId)],
      nearest: [],
      others: 0,
    },
  });
  const [one, other] = [rules('sg-a'), rules('sg-b')];
  expect(
    grouped(dropped('10.0.0.1', '10.0.0.9', one), dropped('10.0.0.1', '10.0.0.8', other)),
  ).toEqual([['pair 0', 'pair 1']]);
});

test('ids stand with and without a name; parts of words are no names', () => {
  const named = (name: string | undefined, reason: string): Explanation =>
    dropped('10.0.0.1', '10.0.0.9', {
      reason,
      at: { eni: 'eni-a', ...(name && { name }), direction: 'ingress', filter: 1, filters: 1 },
    });
  expect(
    grouped(
      named('a', 'eni-a (a) has no rules at all: 10.0.0.1:443 is out'),
      named(undefined, 'eni-a has no rules at all: 10.0.0.1:443 is out'),
      named('c.*(', 'eni-a (c.*() has no rules at all: 10.0.0.1:443 is out'),
      named('a', 'eni-a (a) has no rules at all: 10.0.0.11:443 is out'),
    ),
  ).toEqual([['pair 0', 'pair 1', 'pair 2'], ['pair 3']]);
});

test('no answers are no groups', () => expect(groupAlike([])).toEqual([]));
