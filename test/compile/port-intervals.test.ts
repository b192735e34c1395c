import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PortRange, cutIntoIntervals } from '../../src/compile/port-intervals.js';

/** Where the port of a packet stands whose ports are unknown. */
const UNKNOWN = 65_536;

const port = fc.oneof(
  fc.constantFrom(0, 1, 79, 80, 81, 255, 256, 1023, 1024, 65_534, 65_535),
  fc.integer({ min: 0, max: 65_535 }),
);

const range = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(port, port).map((ends) => ends.sort((a, b) => a - b)) },
  { weight: 1, arbitrary: fc.constant([0, UNKNOWN]) },
);

const ranges: fc.Arbitrary<PortRange[]> = fc
  .array(fc.tuple(range, fc.nat(9)), { maxLength: 25, size: 'max' })
  .map((list) =>
    list
      .map(([ends, rule]) => ({ from: ends[0], to: ends[1], rule }))
      .sort((one, other) => one.rule - other.rule),
  );

describe('port intervals', () => {
  it('cover every port once, and neighbours differ', () => {
    fc.assert(
      fc.property(ranges, (list) => {
        const { starts, firsts } = cutIntoIntervals(list);
        expect(firsts).toHaveLength(starts.length);
        expect(starts[0]).toBe(0);
        for (let i = 1; i < starts.length; i++) {
          expect(starts[i]).toBeGreaterThan(starts[i - 1]!);
          expect(firsts[i]).not.toEqual(firsts[i - 1]);
        }
        expect(starts.at(-1)).toBeLessThanOrEqual(UNKNOWN);
      }),
      { numRuns: 1000 },
    );
  });

  it('hold at every edge the first rule whose range holds the port', () => {
    fc.assert(
      fc.property(ranges, (list) => {
        const { starts, firsts } = cutIntoIntervals(list);
        const edges = [UNKNOWN, ...starts, ...list.flatMap(({ from, to }) => [from, to])];
        for (const at of edges.flatMap((edge) => [edge - 1, edge, edge + 1])) {
          if (at < 0 || at > UNKNOWN) continue;
          const interval = starts.findLastIndex((start) => start <= at);
          const wanted = list.find(({ from, to }) => from <= at && at <= to)?.rule;
          expect({ at, first: firsts[interval] }).toEqual({ at, first: wanted });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('by hand', () => {
    expect(
      cutIntoIntervals([
        { from: 443, to: 65_535, rule: 1 },
        { from: 80, to: 80, rule: 3 },
        { from: 0, to: 1023, rule: 7 },
      ]),
    ).toEqual({
      starts: [0, 80, 81, 443, UNKNOWN],
      firsts: [7, 3, 7, 1, undefined],
    });
    expect(
      cutIntoIntervals([
        { from: 22, to: 22, rule: 0 },
        { from: 0, to: UNKNOWN, rule: 4 },
      ]),
    ).toEqual({ starts: [0, 22, 23], firsts: [4, 0, 4] });
    expect(cutIntoIntervals([])).toEqual({ starts: [0], firsts: [undefined] });
  });
});
