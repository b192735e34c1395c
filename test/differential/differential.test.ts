import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { createKernelJudge } from './judge-with-kernel.js';
import { judgeWithReference } from './judge-with-reference.js';
import { changes, momentsOf } from './changes.js';
import { trace } from './trace.js';
import { tracking, world } from './world.js';

const WORLDS = Number(process.env.WORLDS ?? 4000);
/** Another kernel to judge: `plant-faults.mjs` gives broken ones. */
const KERNEL = process.env.KERNEL;
const SEED = process.env.SEED === undefined ? undefined : Number(process.env.SEED);

// On failure fast-check prints the seed: SEED=... repeats the run.
it(
  `kernel and reference agree on every packet of ${WORLDS} random worlds`,
  { timeout: 300_000 },
  () => {
    const judge = createKernelJudge(
      KERNEL === undefined ? undefined : new WebAssembly.Module(readFileSync(KERNEL)),
    );
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(world, changes, trace, tracking, (description, changed, packets, options) => {
        const timeline = resolveTimeline(description, momentsOf(description, changed, packets));
        const expected = judgeWithReference(timeline, options, packets);
        const actual = judge(timeline, options, packets);
        for (const { code } of actual) seen.set(code, (seen.get(code) ?? 0) + 1);
        expect(actual).toEqual(expected);
      }),
      { numRuns: WORLDS, ...(SEED === undefined ? {} : { seed: SEED }) },
    );
    if (process.env.COUNTS !== undefined) console.log(Object.fromEntries(seen));
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
  'not-applicable',
  'local',
  'no-groups',
  'no-interface',
];
