import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changedBy, weighFixes } from '../../src/explain/effect.js';
import { fixedTimeline } from '../../src/explain/fixed-timeline.js';
import { proposeFixes } from '../../src/explain/fixes.js';
import type { Evidence } from '../../src/model/evidence.js';
import type { Fix } from '../../src/model/explanation.js';
import type { TrackingOptions } from '../../src/model/tracking.js';
import { type Timeline, resolveTimeline } from '../../src/policy/timeline.js';
import { causeOf } from '../explain/proposed.js';
import { changes, momentsOf } from './changes.js';
import { docketOf, evidenceOf } from './evidence.js';
import { createTracingJudge } from './judge-with-kernel.js';
import { judgeWithReference } from './judge-with-reference.js';
import { trace } from './trace.js';
import { tracking, world } from './world.js';

const WORLDS = Number(process.env.WORLDS ?? 400);
const SEED = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) };
/** Dropped packets of one world that are looked into. */
const DROPS = 4;
/** CT-19: what other flows take of an allowance a docket does not tell, so that nothing certain is predicted. */
const unlimited = tracking.filter(({ maxTracked }) => maxTracked === undefined);

// On failure fast-check prints the seed: SEED=... repeats the run.
it(
  `fixes of ${WORLDS} random worlds let the packet pass and change just what is predicted`,
  { timeout: 600_000 },
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
        const replayed = (fix: Fix) => replayFixed(timeline, options, all, fix);
        for (const evidence of someDropped(all)) {
          const { code, frame } = evidence.verdict;
          const { cause, considered } = causeOf(explained, evidence);
          const proposed = proposeFixes(explained, evidence, cause, considered);
          expect(proposed.length).toBeLessThanOrEqual(3);
          const fixes = proposed.filter(({ edits }) => edits.length > 0);
          const weighed = weighFixes(explained, fixes, docket, evidence);
          for (const fix of weighed) {
            const { effect, edits } = fix;
            const kinds = new Set(edits.map(({ kind }) => kind));
            const isRule = kinds.size === 1 && kinds.has('authorize');
            const isChange = kinds.has('revoke');
            count(`${code} ${isRule ? 'rule' : isChange ? 'change' : 'setting'}`);
            if (isRule) count(effect!.complete ? 'sure' : 'unsure');
            if (!effect!.complete) continue;
            const { changed: frames, dropped } = replayed(fix);
            const { admitted, cut } = changedBy(explained, edits, docket);
            const predicted = [...admitted, ...cut].map((it) => it.evidence.verdict.frame);
            expect(predicted.sort((one, other) => one - other)).toEqual(frames);
            expect(dropped.has(frame)).toBe(false);
            expect(effect!.admits.packets).toBe(admitted.length);
            expect(effect!.cuts?.packets ?? 0).toBe(cut.length);
          }
        }
      }),
      { numRuns: WORLDS, ...SEED },
    );
    // A property that is never put to the test says nothing.
    for (const often of ['no-rule rule', 'not-opened rule', 'source-dest-check setting']) {
      expect(seen.get(often) ?? 0, often).toBeGreaterThan(WORLDS / 40);
    }
    const unsure = seen.get('unsure') ?? 0;
    expect(unsure).toBeLessThan(seen.get('sure') ?? 0);
  },
);

/** The whole trace under the fix, by a reference that knows nothing yet. */
function replayFixed(
  timeline: Timeline,
  options: TrackingOptions,
  all: readonly Evidence[],
  { edits }: Fix,
): { readonly changed: readonly number[]; readonly dropped: ReadonlySet<number> } {
  const packets = all.map(({ packet }) => packet);
  const after = judgeWithReference(fixedTimeline(timeline, edits), options, packets);
  const drops = after.filter(({ verdict }) => verdict === 'drop').map(({ frame }) => frame);
  const dropped = new Set(drops);
  const changed = all
    .map(({ verdict }) => verdict)
    .filter(({ verdict, frame }) => (verdict === 'drop') !== dropped.has(frame))
    .map(({ frame }) => frame);
  return { changed, dropped };
}

/** Spread over the trace. */
function someDropped(all: readonly Evidence[]): Evidence[] {
  const drops = all.filter(({ verdict }) => verdict.verdict === 'drop');
  return drops.filter((_, i) => i % Math.ceil(drops.length / DROPS) === 0);
}
