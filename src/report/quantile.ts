/**
 * The smallest value that at least this share of all values, 0 to 1, do not exceed (nearest rank). Undefined when fewer than
 * `least` of the values are above it, because it would only tell of those: the 99.9th percentile of ten.
 */
export function quantile(sorted: readonly number[], share: number, least = 0): number | undefined {
  const rank = Math.max(1, Math.ceil(sorted.length * share));
  return sorted.length - rank < least ? undefined : sorted[rank - 1];
}

/** The middle value; of two, their mean. `values` has one at least. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
