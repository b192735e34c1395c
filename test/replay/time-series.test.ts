// Packets over time are held against buckets that a map makes.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allocate, createMemory, viewAt } from '../../src/engine/memory.js';
import type { RecordNames } from '../../src/engine/remembered.js';
import { FRAME_SIZE, FRAME_TIME, VERDICT_CODE, VERDICT_SIZE } from '../../src/kernel/layout.js';
import type { TimeSeries } from '../../src/model/time-series.js';
import { VERDICT_CODES, type Verdict } from '../../src/model/verdict.js';
import { createTimeSeries } from '../../src/replay/time-series.js';

interface Frame {
  readonly timeNs: bigint;
  readonly code: (typeof VERDICT_CODES)[number];
}

const MOST = 64;
const memory = createMemory();
const [table, rows, verdicts] = [FRAME_SIZE, 1, VERDICT_SIZE].map((size) =>
  allocate(memory, size * MOST),
) as [number, number, number];

/** The series of these frames, shown in runs of so many. */
async function seriesOf(frames: readonly Frame[], run: number): Promise<TimeSeries | undefined> {
  const observer = createTimeSeries();
  const names = {} as RecordNames;
  const times = viewAt(memory, table, MOST * FRAME_SIZE);
  const codes = viewAt(memory, verdicts, MOST * VERDICT_SIZE);
  for (let from = 0; from < frames.length; from += run) {
    const shown = frames.slice(from, from + run);
    shown.forEach(({ timeNs, code }, i) => {
      times.setBigInt64(i * FRAME_SIZE + FRAME_TIME, timeNs, true);
      codes.setUint8(i * VERDICT_SIZE + VERDICT_CODE, code.number);
    });
    const bytesOf = (): Uint8Array => new Uint8Array();
    await observer.onSettled({
      memory,
      names,
      count: shown.length,
      table,
      rows,
      verdicts,
      bytesOf,
    });
  }
  return observer.series();
}

const SECOND = 10n ** 9n;
const START = 1_795_470_477n * SECOND;
/** Up to ten days after the start or before it, at every scale. */
const near = fc
  .tuple(fc.bigInt({ min: -9n, max: 9n }), fc.integer({ min: 0, max: 14 }))
  .map(([digit, power]) => START + digit * 10n ** BigInt(power));
const frames = (time: fc.Arbitrary<bigint>): fc.Arbitrary<Frame[]> =>
  fc.array(fc.record({ timeNs: time, code: fc.constantFrom(...VERDICT_CODES) }), {
    minLength: 1,
    maxLength: 150,
  });
const VERDICTS: readonly Verdict[] = ['allow', 'drop', 'not-filtered', 'not-judged'];

it('counts each packet in the bucket of its time', async () => {
  await fc.assert(
    fc.asyncProperty(frames(near), fc.integer({ min: 1, max: MOST }), async (all, run) => {
      const { startNs, widthNs, packets } = (await seriesOf(all, run))!;
      const counted = VERDICTS.map((verdict) => packets[verdict].map(() => 0));
      for (const { timeNs, code } of all) {
        const bucket = Number((timeNs - startNs) / widthNs);
        counted[VERDICTS.indexOf(code.verdict)]![bucket]! += 1;
      }
      expect(VERDICTS.map((verdict) => packets[verdict])).toEqual(counted);
      expect(packets.allow.length).toBeLessThanOrEqual(720);
      expect(startNs % widthNs).toBe(0n);
    }),
  );
});

it('has buckets as narrow as 720 of them allow, whatever the order of packets', async () => {
  await fc.assert(
    fc.asyncProperty(frames(near), async (all) => {
      const inOrder = all.toSorted((a, b) => Number(a.timeNs - b.timeNs));
      expect(await seriesOf(inOrder, MOST)).toEqual(await seriesOf(all, 7));
      const { widthNs } = (await seriesOf(all, MOST))!;
      const span = inOrder.at(-1)!.timeNs - inOrder[0]!.timeNs;
      // One step down is at least a fifth.
      expect(widthNs === 1000n || span >= (widthNs / 5n) * 719n).toBe(true);
    }),
  );
});

it('loses no packet of times as far apart as they can be', async () => {
  const any = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  await fc.assert(
    fc.asyncProperty(frames(any), async (all) => {
      const { packets } = (await seriesOf(all, MOST))!;
      const sum = VERDICTS.flatMap((verdict) => packets[verdict]).reduce((a, b) => a + b, 0);
      expect(sum).toBe(all.length);
      expect(packets.allow.length).toBeLessThanOrEqual(720);
    }),
  );
});

it('is nothing without packets', async () => {
  expect(await seriesOf([], 1)).toBeUndefined();
});
