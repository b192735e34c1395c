import { expect, test } from 'vitest';
import { createReference } from '../../src/explain/reference.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { remember } from './evidence.js';
import { tcp, udp } from './packets.js';
import { answerText, host } from './story.js';

const SSH_IN = '203.0.113.7:51000 > 10.0.1.20:22';
const SSH_OUT = '10.0.1.20:22 > 203.0.113.7:51000';
const DNS_IN = '203.0.113.7:5353 > 10.0.1.20:53';
const DNS_OUT = '10.0.1.20:53 > 203.0.113.7:5353';
const CLOSED = host([]);

test('a recalled connection goes on like one that was seen (CT-13)', () => {
  const reference = createReference(resolvePolicy(CLOSED), DEFAULT_TRACKING);
  const judge = (...packet: Parameters<typeof tcp>) => answerText(reference.judge(tcp(...packet)));
  expect(judge(SSH_IN, 'A', 1)).toBe('drop no-rule');
  const half = { state: 'SYN_RECV', rule: 'sg-1', idleSeconds: 60 } as const;
  reference.recall(remember('connection', tcp(SSH_IN, 'S', 1), 'ingress', half));
  // The acknowledgement of its opener makes it ESTABLISHED: silent for more than SYN_RECV's 60 s, it lives.
  expect(judge(SSH_IN, 'A', 2)).toBe('allow tracked sg-1');
  expect(judge(SSH_OUT, 'PA', 2000)).toBe('allow tracked sg-1');
  expect(judge(SSH_IN, 'R', 2001)).toBe('allow tracked sg-1');
  expect(judge(SSH_IN, 'A', 2011)).toBe('drop no-state');
});

test('idle limits are those of the policy at hand, not those that were remembered', () => {
  const patient = host([], { idleSeconds: { udp: 60 } });
  const memory = remember('connection', udp(DNS_IN, 0), 'ingress', {
    ...{ state: 'UDP', rule: 'sg-1', idleSeconds: 30 },
  });
  const answers = [CLOSED, patient].map((vpc) => {
    const reference = createReference(resolvePolicy(vpc), DEFAULT_TRACKING);
    reference.recall(memory);
    return answerText(reference.judge(udp(DNS_OUT, 40)));
  });
  expect(answers).toEqual(['drop no-rule', 'allow tracked sg-1']);
});

test('what is recalled takes the place of what was known', () => {
  const reference = createReference(resolvePolicy(host(['out all 0.0.0.0/0'])), DEFAULT_TRACKING);
  expect(answerText(reference.judge(tcp(SSH_IN, 'S', 1)))).toBe('drop no-rule');
  expect(answerText(reference.judge(tcp(SSH_OUT, 'SA', 2)))).toBe('drop not-opened');
  reference.recall(remember('noted', tcp(SSH_IN, 'S', 1), 'ingress'));
  expect(answerText(reference.judge(tcp(SSH_OUT, 'SA', 3)))).toBe('allow inferred sg-web:1');
});

test('interfaces that are not there, or have no groups, recall nothing', () => {
  const reference = createReference(resolvePolicy(CLOSED), DEFAULT_TRACKING);
  reference.recall({ ...remember('denied', tcp(SSH_IN, 'S', 1), 'ingress'), eni: 'eni-x' });
  expect(answerText(reference.judge(tcp(SSH_IN, 'A', 2)))).toBe('drop no-rule');
});
