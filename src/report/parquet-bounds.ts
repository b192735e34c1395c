import type { Statistics } from 'hyparquet';
import { distancesFrom, EXACT } from './parquet-values.js';

/** Least and largest value of a page, by which readers pass over row groups; none of an empty one. */
interface Bounds {
  readonly bounds?: Statistics;
}

export function boundsOfCounts(counts: Float64Array): Bounds {
  if (counts.length === 0) return {};
  let least = counts[0]!;
  let most = least;
  for (let i = 1; i < counts.length; i++) {
    const value = counts[i]!;
    if (value < least) least = value;
    else if (value > most) most = value;
  }
  return { bounds: { min_value: BigInt(least), max_value: BigInt(most) } };
}

export function boundsOfLongs(longs: BigInt64Array<ArrayBuffer>): Bounds {
  if (longs.length === 0) return {};
  const distanceOf = distancesFrom(longs);
  let [least, most] = [0, 0];
  for (let i = 1; i < longs.length; i++) {
    const distance = distanceOf(i);
    if (distance < least) least = distance;
    else if (distance > most) most = distance;
  }
  // Beyond what a distance tells exactly, nothing is told.
  if (most - least >= EXACT) return {};
  const first = longs[0]!;
  return { bounds: { min_value: first + BigInt(least), max_value: first + BigInt(most) } };
}
