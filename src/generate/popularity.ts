import { power } from './power.js';
import { type Random, below, fraction } from './random.js';

/** Draws positions of a list: the first is the most popular. */
export type Popularity = (random: Random) => number;

/** Zipf's law: the n-th is drawn in proportion to n^-exponent; exponent 0: all alike. */
export function createPopularity(length: number, exponent: number): Popularity {
  if (exponent === 0) return (random) => below(random, length);
  const sums = new Float64Array(length);
  let sum = 0;
  for (let n = 0; n < length; n++) sums[n] = sum += power(n + 1, -exponent);
  return (random) => firstAbove(sums, fraction(random) * sum);
}

/** Position of the first sum above a value below the last of them. */
function firstAbove(sums: Float64Array, value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
