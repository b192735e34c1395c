import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTrafficCheck } from '../../src/generate/traffic-check.js';
import { createTrafficSource } from '../../src/generate/traffic-source.js';
import { InputError } from '../../src/model/diagnostic.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { replay } from '../../src/replay/replay.js';
import { world } from '../differential/world.js';
import { timelineOf, trafficOptions } from './traffic-world.js';

const WORLDS = Number(process.env.WORLDS ?? 150);

const TITLE = `the kernel finds what ${WORLDS} random worlds must make of generated traffic`;

it(TITLE, { timeout: 300_000 }, async () => {
  const seen = { allowed: 0, dropped: 0, refused: 0, packets: 0 };
  await fc.assert(
    fc.asyncProperty(world, trafficOptions, async (description, options) => {
      const timeline = timelineOf(description);
      const { policy } = timeline.phases[0]!;
      let source;
      try {
        source = createTrafficSource(policy, options);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        seen.refused++;
        return;
      }
      const check = createTrafficCheck(policy, options);
      const { totals, byVerdict } = await replay(() => timeline, [source], {
        tracking: DEFAULT_TRACKING,
        workers: 1,
        chunkBytes: 1 << 16,
        onVerdicts: (verdicts) => check.take(verdicts),
      });
      const { allowed, dropped, ...all } = source.expected();
      expect(check.finish()).toBeUndefined();
      expect(totals).toEqual(all);
      expect(byVerdict.allow).toMatchObject(allowed);
      expect(byVerdict.drop).toMatchObject(dropped);
      expect(all.flows).toBe(options.flows);
      seen.allowed += allowed.flows;
      seen.dropped += dropped.flows;
      seen.packets += all.packets;
    }),
    { numRuns: WORLDS },
  );
  if (process.env.COUNTS !== undefined) console.log(seen);
  expect(seen.allowed).toBeGreaterThan(WORLDS);
  expect(seen.dropped).toBeGreaterThan(WORLDS);
  expect(seen.refused).toBeLessThan(WORLDS / 2);
});
