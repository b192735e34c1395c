/**
 * x to the power y, x above 0, to twelve digits. `Math.pow` may differ in its last bits from one build of a runtime to the
 * next, and one bit makes another capture; sums, products and quotients are exact to the bit everywhere (IEEE 754).
 */
export function power(x: number, y: number): number {
  return exponential(y * logarithm(x));
}

const LN2 = 0.693_147_180_559_945_3;

/** ln(m * 2^e) = 2 artanh((m - 1) / (m + 1)) + e ln 2, with m near 1. */
function logarithm(x: number): number {
  let m = x;
  let e = 0;
  for (; m > 1.5; m /= 2) e++;
  for (; m < 0.75; m *= 2) e--;
  const t = (m - 1) / (m + 1);
  const square = t * t;
  let sum = 0;
  for (let n = 25; n > 0; n -= 2) sum = sum * square + 1 / n;
  return 2 * t * sum + e * LN2;
}

/** Taylor's series within ln 2 of 0, doubled or halved as often as it takes. */
function exponential(x: number): number {
  const e = Math.floor(x / LN2);
  const rest = x - e * LN2;
  let sum = 1;
  for (let n = 20; n > 0; n--) sum = 1 + (sum * rest) / n;
  for (let n = e; n > 0; n--) sum *= 2;
  for (let n = e; n < 0; n++) sum /= 2;
  return sum;
}
