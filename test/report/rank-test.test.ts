import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSamples, tailRank } from '../../src/report/rank-test.js';

describe('the rank sum test of Mann and Whitney', () => {
  // Critical values of U, two-sided, as printed in tables since Mann and Whitney (1947); -1: there is none.
  it.each([
    [3, 3, -1, -1],
    [4, 4, 0, -1],
    [5, 5, 2, 0],
    [6, 6, 5, 2],
    [7, 7, 8, 4],
    [8, 8, 13, 7],
    [9, 9, 17, 11],
    [10, 10, 23, 16],
    [5, 10, 8, 4],
    [20, 20, 127, 105],
  ])('of %i and %i values rejects up to %i at 5 %%, %i at 1 %%', (m, n, at5, at1) => {
    expect([tailRank(m, n, 0.025) - 1, tailRank(m, n, 0.005) - 1]).toEqual([at5, at1]);
    expect(tailRank(n, m, 0.025)).toBe(tailRank(m, n, 0.025));
  });

  it('counts orders as counting them one by one does', () => {
    for (const [m, n] of [
      [1, 1],
      [2, 3],
      [4, 3],
      [5, 4],
    ] as const) {
      const us = orders(m, n).map((order) => uOf(order));
      const least = (u: number): number => us.filter((each) => each <= u).length / us.length;
      for (let u = 0; u < (m * n) / 2; u++) {
        expect(tailRank(m, n, least(u) + 1e-9)).toBe(u + 1);
        expect(tailRank(m, n, least(u) - 1e-9)).toBe(u);
      }
    }
  });
});

/** Every order of m and n values, as which of the two stands where. */
function orders(m: number, n: number): readonly (readonly boolean[])[] {
  if (m === 0 || n === 0)
    return [[...Array<boolean>(m).fill(true), ...Array<boolean>(n).fill(false)]];
  return [
    ...orders(m - 1, n).map((order) => [true, ...order]),
    ...orders(m, n - 1).map((order) => [false, ...order]),
  ];
}

const uOf = (order: readonly boolean[]): number =>
  order.reduce(
    (u, own, at) => u + (own ? 0 : order.slice(at + 1).filter((other) => other).length),
    0,
  );

describe('the ratio of two samples', () => {
  // Hollander and Wolfe (1973), table 4.1: permeability of the chorioamnion at term, and at 12 to 26 weeks. Their estimate is
  // of a difference, 0.305, and R's `wilcox.test(x, y, conf.int = TRUE)` gives -0.15 to 0.76; exponentials make it a ratio.
  const AT_TERM = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const EARLY = [1.15, 0.88, 0.9, 0.74, 1.21];

  it('is that of Hodges and Lehmann', () => {
    const shift = compareSamples(EARLY.map(Math.exp), AT_TERM.map(Math.exp), 0.95);
    const [ratio, low, high] = [shift.ratio, shift.low, shift.high].map(Math.log);
    expect(ratio).toBeCloseTo(0.305, 12);
    expect(low).toBeCloseTo(-0.15, 12);
    expect(high).toBeCloseTo(0.76, 12);
  });

  it('is told by five values each at 99 %, and not by four', () => {
    const before = [100, 101, 102, 103, 104];
    const after = before.map((value) => value * 2);
    expect(compareSamples(before, after, 0.99)).toEqual({
      ...{ ratio: 2, low: 200 / 104, high: 208 / 100 },
    });
    expect(compareSamples(before.slice(1), after.slice(1), 0.99)).toMatchObject({
      ...{ low: 0, high: Infinity },
    });
  });

  const sample = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), {
    ...{ minLength: 5, maxLength: 12 },
  });
  it('lies in its interval, turns round with the samples, and grows with one of them', () => {
    fc.assert(
      fc.property(sample, sample, fc.double({ min: 0.1, max: 10, noNaN: true }), (a, b, factor) => {
        const shift = compareSamples(a, b, 0.99);
        expect(shift.low).toBeLessThanOrEqual(shift.ratio);
        expect(shift.high).toBeGreaterThanOrEqual(shift.ratio);
        const back = compareSamples(b, a, 0.99);
        expect(back.ratio).toBeCloseTo(1 / shift.ratio, 9);
        expect(back.low).toBeCloseTo(1 / shift.high, 9);
        const grown = compareSamples(
          a,
          b.map((value) => value * factor),
          0.99,
        );
        expect(grown.ratio / shift.ratio).toBeCloseTo(factor, 9);
        expect(grown.high / shift.high).toBeCloseTo(factor, 9);
      }),
    );
  });

  it('of samples of one kind has an interval around 1 in 99 of 100 cases', () => {
    // All ways to part ten ranks into five and five: as many as the test rejects at 1 % it rejects here.
    const ranks = Array.from({ length: 10 }, (_, i) => i + 1);
    const rejected = orders(5, 5).filter((order) => {
      const { low, high } = compareSamples(
        ranks.filter((_, i) => order[i]),
        ranks.filter((_, i) => !order[i]),
        0.99,
      );
      return low > 1 || high < 1;
    });
    expect([rejected.length, orders(5, 5).length]).toEqual([2, 252]);
  });
});
