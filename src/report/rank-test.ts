/** By which factor the values of one sample are larger than those of another. */
export interface Shift {
  /** Median of the ratios of all pairs, `after` by `before` (Hodges and Lehmann 1963, on a scale of ratios). */
  readonly ratio: number;
  /** Where the ratio lies with the confidence that was asked for; 0 and Infinity when there are too few values to tell. */
  readonly low: number;
  readonly high: number;
}

/**
 * Compares two samples of positive numbers without assuming how they are distributed. The interval is that of the rank sum
 * test of Mann and Whitney (1947), exact: 1 is outside of it just if that test, two-sided, rejects that both are alike at
 * the level 1 - `confidence`. Five values each are the fewest that can tell at 0.99.
 */
export function compareSamples(
  before: readonly number[],
  after: readonly number[],
  confidence: number,
): Shift {
  const ratios = after.flatMap((value) => before.map((other) => value / other));
  ratios.sort((a, b) => a - b);
  const tail = tailRank(before.length, after.length, (1 - confidence) / 2);
  return {
    ratio: middle(ratios),
    low: tail === 0 ? 0 : ratios[tail - 1]!,
    high: tail === 0 ? Infinity : ratios[ratios.length - tail]!,
  };
}

/** How many of U's least values have, together, a probability of no more than `share`. */
export function tailRank(m: number, n: number, share: number): number {
  const ways = waysToU(m, n);
  const all = ways.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  let u = 0;
  while ((sum += ways[u]!) <= share * all) u++;
  return u;
}

/**
 * In how many of the orders of `m` and `n` values the statistic U, the number of pairs that stand the other way round, is 0,
 * 1, ... m * n: the coefficients of the Gaussian binomial. A value more of the first kind multiplies by (1 - q^(n + i)) and
 * divides by (1 - q^i).
 */
function waysToU(m: number, n: number): Float64Array {
  const ways = new Float64Array(m * n + 1);
  ways[0] = 1;
  for (let i = 1; i <= m; i++) {
    for (let u = m * n; u >= n + i; u--) ways[u]! -= ways[u - n - i]!;
    for (let u = i; u <= m * n; u++) ways[u]! += ways[u - i]!;
  }
  return ways;
}

/** The middle one of ascending numbers; of two, the mean of their logarithms. */
function middle(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  const upper = sorted[half]!;
  return sorted.length % 2 === 1 ? upper : Math.sqrt(sorted[half - 1]! * upper);
}
