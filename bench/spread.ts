/** Median (least-most), two digits behind the point. */
export function spread(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(2)} (${least.toFixed(2)}-${most.toFixed(2)})`;
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1]!;
}

/** Distance between the quartiles: what half of the rounds lie within, whatever disturbed the others. */
export function interquartile(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.round((sorted.length - 1) * share)]!;
  return at(0.75) - at(0.25);
}
