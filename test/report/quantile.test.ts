import { expect, it } from 'vitest';
import { median, quantile } from '../../src/report/quantile.js';

const HUNDRED = Array.from({ length: 100 }, (_, i) => i + 1);

it.each([
  [0, 1],
  [0.5, 50],
  [0.501, 51],
  [0.99, 99],
  [0.999, 100],
  [1, 100],
])('the quantile of 1 to 100 at %d is %d: so many do not exceed it', (share, expected) => {
  expect(quantile(HUNDRED, share)).toBe(expected);
});

it('is not told by too few', () => {
  expect(quantile(HUNDRED, 0.99, 1)).toBe(99);
  expect(quantile(HUNDRED, 0.999, 1)).toBeUndefined();
  expect(quantile([], 0.5)).toBeUndefined();
});

it('the median is the middle one, or between two', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});
