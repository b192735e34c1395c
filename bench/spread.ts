/** Median (least-most), two digits behind the point. */
export function spread(values: readonly number[]): string {
  const sorted = values.toSorted((one, other) => one - other);
  const [least, middle, most] = [0, sorted.length >> 1, sorted.length - 1].map((i) => sorted[i]!);
  return `${middle!.toFixed(2)} (${least!.toFixed(2)}-${most!.toFixed(2)})`;
}
