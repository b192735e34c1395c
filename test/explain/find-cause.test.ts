import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { findCause } from '../../src/explain/find-cause.js';
import { CAUSES } from '../../src/model/cause.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { changes, momentsOf } from '../differential/changes.js';
import { trace } from '../differential/trace.js';
import { tracking, world } from '../differential/world.js';
import { describeVpc } from '../policy/describe-vpc.js';
import { FLOW_CASES } from './cases-flows.js';
import { OTHER_CASES } from './cases-others.js';
import { PEER_CASES } from './cases-peers.js';
import { RULE_CASES } from './cases-rules.js';
import { type CauseCase, causeOf } from './cause-case.js';
import { evidenceOf, worldOf } from './kernel-evidence.js';
import { frame } from './packets.js';

const CASES: readonly CauseCase[] = [...RULE_CASES, ...PEER_CASES, ...FLOW_CASES, ...OTHER_CASES];

describe('the cause of a verdict, in words', () => {
  test.each(CASES.map((one) => [`${one.cause}: ${one.title}`, one] as const))('%s', (_, one) => {
    expect(causeOf(one)).toBe(`${one.cause}: ${one.reason}`);
  });

  test.each(CAUSES.map(({ name }) => name))('%s has two cases', (name) => {
    expect(CASES.filter(({ cause }) => cause === name).length).toBeGreaterThanOrEqual(2);
  });
});

test('of a frame that nobody can read, the code says all', () => {
  const packet = frame({ kind: 'unread', code: 'malformed' });
  const verdict = {
    frame: 1,
    timeNs: 0n,
    verdict: 'not-judged',
    code: 'malformed',
    at: [],
  } as const;
  const evidence = { packet, verdict, clockNs: 0n, phase: 0, memories: [] };
  expect(findCause(worldOf(resolveTimeline(describeVpc({}))), evidence)).toEqual({
    cause: 'not-judged',
    reason: 'headers contradict each other',
  });
});

test('CT-20: of a sender that could not be judged nobody says that it lets the packet out', () => {
  const { vpc, packets, reason } = PEER_CASES[0]!;
  const explained = worldOf(resolveTimeline(vpc));
  const [evidence] = evidenceOf(explained, packets);
  const [sender, receiver] = evidence!.verdict.at;
  const unjudged = { ...sender!, verdict: 'not-judged', code: 'state-full' } as const;
  const verdict = { ...evidence!.verdict, at: [unjudged, receiver!] };
  const told = findCause(explained, { ...evidence!, verdict }).reason;
  expect(`eni-app lets it out; eni-db, the other end, drops it: ${told}`).toBe(reason);
});

const WORLDS = 300;

it(`finds a cause of every verdict of ${WORLDS} random worlds`, { timeout: 120_000 }, () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(world, changes, trace, tracking, (description, changed, packets, options) => {
      const timeline = resolveTimeline(description, momentsOf(description, changed, packets));
      const explained = { timeline, tracking: options, sourceOf: () => undefined };
      for (const evidence of evidenceOf(explained, packets)) {
        const { cause, reason } = findCause(explained, evidence);
        seen.add(cause);
        const position = CAUSES.findIndex(({ name }) => name === cause);
        expect(SECTIONS[evidence.verdict.verdict](position), cause).toBe(true);
        expect(reason).toMatch(/^\S.*[^.\s]$/s);
        expect(reason).not.toMatch(/undefined|NaN|\[object/);
      }
    }),
    { numRuns: WORLDS },
  );
  // The others need peerings, public addresses or chance.
  expect(seen.size).toBeGreaterThan(22);
});

const positionOf = (wanted: string): number => CAUSES.findIndex(({ name }) => name === wanted);

/** Causes of drops come first, then those of what passes. */
const SECTIONS = {
  drop: (position: number) => position < positionOf('rule-matches'),
  allow: (position: number) =>
    position >= positionOf('rule-matches') && position < positionOf('not-filtered'),
  'not-filtered': (position: number) => position === positionOf('not-filtered'),
  'not-judged': (position: number) => position === positionOf('not-judged'),
};
