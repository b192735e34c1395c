/** A packet time in UTC, cut to milliseconds: `2023-11-14T22:13:20.000Z`; in ns beyond what a Date can hold. */
export function instant(timeNs: bigint): string {
  const milliseconds = (timeNs - (((timeNs % MS) + MS) % MS)) / MS;
  const last = 8_640_000_000_000_000n; // ECMA-262, time values and time range
  if (milliseconds > last || milliseconds < -last) return `${timeNs} ns`;
  return new Date(Number(milliseconds)).toISOString();
}

/** A packet time in UTC to the last digit that counts, at least microseconds: `2023-11-14T22:13:20.000000Z`. */
export function exactInstant(timeNs: bigint): string {
  const text = instant(timeNs);
  if (!text.endsWith('Z')) return text;
  const rest = ((timeNs % MS) + MS) % MS;
  const digits = String(rest).padStart(6, '0');
  return `${text.slice(0, -1)}${digits.slice(0, rest % US === 0n ? 3 : 6)}Z`;
}

const US = 1_000n;
const MS = 1_000_000n;
