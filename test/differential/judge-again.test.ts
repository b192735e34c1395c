import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type JudgedAgain, judgeAgain } from '../../src/explain/judge-again.js';
import type { Evidence } from '../../src/model/evidence.js';
import type { Question } from '../../src/model/explanation.js';
import type { Fragment } from '../../src/model/packet.js';
import type { VerdictCode } from '../../src/model/verdict.js';
import { type Timeline, resolveTimeline } from '../../src/policy/timeline.js';
import { changes, momentsOf } from './changes.js';
import { type Traced, createTracingJudge } from './judge-with-kernel.js';
import { trace } from './trace.js';
import { tracking, world } from './world.js';

const WORLDS = Number(process.env.WORLDS ?? 1500);
/** Another kernel to judge, see differential.test.ts. */
const { KERNEL } = process.env;
const MODULE = KERNEL === undefined ? undefined : new WebAssembly.Module(readFileSync(KERNEL));

// On failure fast-check prints the seed.
it(
  `each packet of ${WORLDS} random worlds gets its verdict again from its evidence alone`,
  { timeout: 300_000 },
  () => {
    const judge = createTracingJudge(MODULE);
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(world, changes, trace, tracking, (description, changed, packets, options) => {
        const timeline = resolveTimeline(description, momentsOf(description, changed, packets));
        const explained = { timeline, tracking: options, sourceOf: () => undefined };
        const evidences = evidencesOf(timeline, judge(timeline, options, packets));
        evidences.forEach((evidence, i) => {
          const judged = judgeAgain(explained, evidence);
          expect([judged.disagreement, judged.verdict]).toEqual([undefined, evidence.verdict]);
          checkSteps(judged);
          checkFinding(judged, evidence);
          const isCovered = judged.steps.some(({ text }) => text.includes('which came later'));
          if (isCovered) expect(firstFollows(evidences.slice(i))).toBe(true);
          for (const { code } of judged.verdict.at) seen.set(code, (seen.get(code) ?? 0) + 1);
          if (isCovered) seen.set('covered later', (seen.get('covered later') ?? 0) + 1);
        });
      }),
      { numRuns: WORLDS },
    );
    // A comparison that never meets a verdict says nothing about it.
    for (const code of EVERY_CODE) expect(seen.get(code) ?? 0, code).toBeGreaterThan(WORLDS / 100);
  },
);

const EVERY_CODE = [
  'rule',
  'tracked',
  'related',
  'untracked',
  'inferred',
  'no-rule',
  'no-state',
  'not-opened',
  'source-dest-check',
  'unsupported-by-vpc',
  'allowance-exceeded',
  'exempt',
  'no-groups',
  'covered later',
];

/** The order of section 0 of the specification. */
const QUESTIONS: readonly Question[] = [
  'source-dest-check',
  'exempt',
  'multicast',
  'groups',
  'fragment',
  'connection',
  'related',
  'denied-opening',
  'tracking',
  'mid-stream',
  'rules',
];

/** Each interface that was asked has steps in the specification's order, the last one of which decides. */
function checkSteps({ verdict, steps }: JudgedAgain): void {
  const [first, ...others] = steps;
  expect(first!.question).toBe('interface');
  for (const { eni, direction, verdict: answer, rule } of verdict.at) {
    const here = others.filter((step) => step.eni === eni && step.direction === direction);
    const places = here.map(({ question }) => QUESTIONS.indexOf(question));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    const asked = here.filter(({ result }) => result !== 'skip');
    const results = asked.map(({ result }) => result);
    const decided = answer === 'drop' ? 'drop' : 'pass';
    expect(results).toEqual([...results.slice(1).map(() => 'next'), decided]);
    expect(asked.at(-1)!.rule?.id).toBe(rule);
  }
}

/** What is said of the connection is what the verdict of the deciding interface rests on. */
function checkFinding({ at, connection, verdict }: JudgedAgain, { memories }: Evidence): void {
  expect(at === undefined).toBe(verdict.at.length === 0);
  if (at === undefined || connection === undefined) return;
  const i = verdict.at.findIndex(({ direction }) => direction === at.direction);
  const { eni, code } = verdict.at[i]!;
  expect([eni, code]).toEqual([at.eni, verdict.code]);
  const rests: Partial<Record<VerdictCode, string>> = {
    tracked: 'hit',
    related: 'hit',
    'not-opened': 'denied',
  };
  const { result, remembered } = connection;
  if (rests[code] !== undefined) expect(result).toBe(rests[code]);
  else expect(result).not.toBe('hit');
  if (remembered !== undefined) expect(remembered).toBe(memories[i]);
}

/** Whether the first fragment of a packet's datagram comes behind it. */
function firstFollows([early, ...behind]: readonly Evidence[]): boolean {
  const datagram = datagramOf(early!);
  return behind.some(
    (evidence) => datagramOf(evidence) === datagram && fragmentOf(evidence)!.offset === 0,
  );
}

function datagramOf(evidence: Evidence): string | undefined {
  const { content } = evidence.packet;
  const fragment = fragmentOf(evidence);
  if (content.kind !== 'ip' || fragment === undefined) return undefined;
  const { source, destination, protocol } = content.ip;
  return [source.family, source.value, destination.value, protocol, fragment.id].join(' ');
}

function fragmentOf({ packet: { content } }: Evidence): Fragment | undefined {
  return content.kind === 'ip' ? content.ip.fragment : undefined;
}

function evidencesOf(
  { phases }: Timeline,
  { packets, verdicts, memories }: Pick<Traced, 'packets' | 'verdicts' | 'memories'>,
): Evidence[] {
  let clockNs = 0n;
  return packets.map((packet, i) => {
    if (packet.timeNs > clockNs) clockNs = packet.timeNs;
    const later = phases.findLastIndex(({ fromNs }, at) => at > 0 && fromNs <= clockNs);
    const phase = Math.max(0, later);
    return { packet, verdict: verdicts[i]!, clockNs, phase, memories: memories[i]! };
  });
}
