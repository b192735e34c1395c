import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judgeAgain } from '../../src/explain/judge-again.js';
import type { Evidence } from '../../src/model/evidence.js';
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
        for (const evidence of evidencesOf(timeline, judge(timeline, options, packets))) {
          const { verdict, disagreement } = judgeAgain(explained, evidence);
          expect([disagreement, verdict]).toEqual([undefined, evidence.verdict]);
          for (const { code } of verdict.at) seen.set(code, (seen.get(code) ?? 0) + 1);
        }
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
];

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
