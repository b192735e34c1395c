import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PortRange, cutIntoIntervals } from '../../src/compile/port-intervals.js';

const port = fc.oneof(
  fc.constantFrom(0, 1, 79, 80, 81, 255, 256, 1023, 1024, 65_534, 65_535),
  fc.integer({ min: 0, max: 65_535 }),
);

const ranges: fc.Arbitrary<PortRange[]> = fc.array(
  fc.tuple(port, port, fc.nat(9)).map(([one, other, rule]) => ({
    from: Math.min(one, other),
    to: Math.max(one, other),
    rule,
  })),
  { maxLength: 25, size: 'max' },
);

describe('port intervals', () => {
  it('cover every port once, and neighbours differ', () => {
    fc.assert(
      fc.property(ranges, (list) => {
        const { starts, rules } = cutIntoIntervals(list);
        expect(rules).toHaveLength(starts.length);
        if (list.length > 0) expect(starts[0]).toBe(0);
        for (let i = 1; i < starts.length; i++) {
          expect(starts[i]).toBeGreaterThan(starts[i - 1]!);
          expect(rules[i]).not.toEqual(rules[i - 1]);
        }
        expect(starts.at(-1) ?? 0).toBeLessThanOrEqual(65_535);
      }),
      { numRuns: 1000 },
    );
  });

  it('hold at every edge the rules whose ranges hold the port, each once, in order', () => {
    fc.assert(
      fc.property(ranges, (list) => {
        const { starts, rules } = cutIntoIntervals(list);
        const edges = [...starts, ...list.flatMap(({ from, to }) => [from, to])];
        for (const at of edges.flatMap((edge) => [edge - 1, edge, edge + 1])) {
          if (at < 0 || at > 65_535) continue;
          const interval = starts.findLastIndex((start) => start <= at);
          expect({ at, rules: rules[interval] ?? [] }).toEqual({ at, rules: holding(list, at) });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('by hand', () => {
    expect(
      cutIntoIntervals([
        { from: 80, to: 80, rule: 3 },
        { from: 0, to: 1023, rule: 7 },
        { from: 443, to: 65_535, rule: 1 },
      ]),
    ).toEqual({
      starts: [0, 80, 81, 443, 1024],
      rules: [[7], [3, 7], [7], [1, 7], [1]],
    });
    expect(cutIntoIntervals([{ from: 22, to: 22, rule: 0 }])).toEqual({
      starts: [0, 22, 23],
      rules: [[], [0], []],
    });
    expect(cutIntoIntervals([])).toEqual({ starts: [], rules: [] });
  });
});

function holding(list: readonly PortRange[], at: number): number[] {
  const rules = list.filter(({ from, to }) => from <= at && at <= to).map(({ rule }) => rule);
  return [...new Set(rules)].sort((a, b) => a - b);
}
