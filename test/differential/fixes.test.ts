import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changedBy, weighFixes } from '../../src/explain/effect.js';
import { fixedTimeline } from '../../src/explain/fixed-timeline.js';
import { proposeFixes } from '../../src/explain/fixes.js';
import type { CauseCode } from '../../src/model/cause.js';
import type { Evidence } from '../../src/model/evidence.js';
import type { VerdictCode } from '../../src/model/verdict.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { changes, momentsOf } from './changes.js';
import { docketOf, evidenceOf } from './evidence.js';
import { createTracingJudge } from './judge-with-kernel.js';
import { judgeWithReference } from './judge-with-reference.js';
import { trace } from './trace.js';
import { tracking, world } from './world.js';

const WORLDS = Number(process.env.WORLDS ?? 300);
const SEED = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) };
/** CT-19: what other flows take of an allowance a docket does not tell, so that nothing certain is predicted. */
const unlimited = tracking.map(({ maxTracked: _, ...options }) => options);
/** Dropped packets of one world that are looked into. */
const DROPS = 4;

it(
  `fixes of ${WORLDS} random worlds let the packet pass and change what is predicted`,
  { timeout: 300_000 },
  () => {
    const judge = createTracingJudge();
    const seen = new Map<string, number>();
    const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
    fc.assert(
      fc.property(world, changes, trace, unlimited, (description, changed, packets, options) => {
        const timeline = resolveTimeline(description, momentsOf(description, changed, packets));
        const explained = { timeline, tracking: options, sourceOf: () => undefined };
        const all = evidenceOf(timeline, judge(timeline, options, packets));
        const docket = docketOf(all);
        for (const evidence of someOf(all.filter(({ verdict }) => verdict.verdict === 'drop'))) {
          const fixes = proposeFixes(explained, evidence, causeOf(evidence), undefined);
          count(`${evidence.verdict.code}: ${fixes.filter(({ edits }) => edits.length > 0).length > 0 ? 'fix' : 'no fix'}`);
          const useful = weighFixes(explained, fixes, docket, evidence);
          if (useful.length < fixes.length) count(`${evidence.verdict.code}: useless`);
          for (const { edits, effect } of useful) {
            if (edits.length === 0) continue;
            const after = judgeWithReference(fixedTimeline(timeline, edits), options, packets);
            const now = after.map(({ verdict }) => verdict === 'drop');
            const differs = all.filter(({ verdict }, i) => (verdict.verdict === 'drop') !== now[i]);
            const frames = differs.map(({ verdict }) => verdict.frame);
            const predicted = changedBy(explained, edits, docket);
            const { admitted, cut } = predicted;
            const told = [...admitted, ...cut].map(({ evidence: it }) => it.verdict.frame);
            count(`effect: ${effect!.complete ? 'complete' : 'incomplete'}`);
            if (effect!.cuts !== undefined) count('effect: cuts');
            if (!effect!.complete) continue;
            expect(told.sort((a, b) => a - b)).toEqual(frames);
            expect(now[evidence.verdict.frame - 1]).toBe(false);
          }
        }
      }),
      { numRuns: WORLDS, ...SEED },
    );
    if (process.env.COUNTS !== undefined) console.log(Object.fromEntries([...seen].sort()));
  },
);

/** Spread over the trace. */
function someOf(drops: readonly Evidence[]): Evidence[] {
  return drops.filter((_, i) => i % Math.ceil(drops.length / DROPS) === 0);
}

function causeOf({ verdict, memories }: Evidence): CauseCode {
  const memory = memories[verdict.at.findIndex(({ verdict: answer }) => answer === 'drop')];
  const causes: Partial<Record<VerdictCode, CauseCode>> = {
    'no-state': memory?.state === 'ESTABLISHED' ? 'idle-too-long' : 'connection-closed',
    'not-opened': 'request-denied',
    'source-dest-check': 'foreign-address',
    'unsupported-by-vpc': 'multicast',
    'allowance-exceeded': 'allowance-full',
  };
  return causes[verdict.code] ?? 'nothing-near';
}
