import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Flow } from '../../../src/model/flow.js';
import { createFlowPick } from '../../../src/report/html/flow-pick.js';
import { anyFlow } from './flow-sample.js';

const sums = (flows: readonly Flow[]) => ({
  entries: flows.length,
  flows: flows.filter(({ counted }) => counted).length,
  packets: flows.reduce((sum, { original, reply }) => sum + original.packets + reply.packets, 0),
  bytes: flows.reduce((sum, { original, reply }) => sum + original.bytes + reply.bytes, 0),
  dropped: flows.reduce((sum, { byVerdict }) => sum + byVerdict.drop.packets, 0),
});

it('shows as many as it may, and sums up the others', () => {
  fc.assert(
    fc.property(
      fc.array(anyFlow, { maxLength: 60 }),
      fc.integer({ min: 1, max: 40 }),
      (all, most) => {
        const pick = createFlowPick(most);
        for (const flow of all) pick.add(flow);
        const { shown, leftOut } = pick.picked();
        expect(shown).toHaveLength(Math.min(most, all.length));
        expect(leftOut).toEqual(sums(all.filter((flow) => !shown.includes(flow))));
        const frames = shown.map(({ firstFrame }) => firstFrame);
        expect(frames).toEqual(frames.toSorted((a, b) => a - b));
      },
    ),
  );
});

it('leaves out no flow that has more drops than one that it shows, nor all that pass', () => {
  fc.assert(
    fc.property(
      fc.array(anyFlow, { maxLength: 60 }),
      fc.integer({ min: 4, max: 40 }),
      (all, most) => {
        const pick = createFlowPick(most);
        for (const flow of all) pick.add(flow);
        const { shown } = pick.picked();
        const isDropping = ({ byVerdict }: Flow): boolean => byVerdict.drop.packets > 0;
        const drops = ({ byVerdict }: Flow): number => byVerdict.drop.packets;
        const gone = all.filter((flow) => isDropping(flow) && !shown.includes(flow));
        const least = Math.min(Infinity, ...shown.filter(isDropping).map(drops));
        for (const flow of gone) expect(drops(flow)).toBeLessThanOrEqual(least);
        const passing = all.filter((flow) => !isDropping(flow)).length;
        expect(shown.filter((flow) => !isDropping(flow)).length).toBeGreaterThanOrEqual(
          Math.min(passing, Math.floor(most / 4)),
        );
      },
    ),
  );
});
