/** A whole number with thousands separators: `1,234,567`. */
export function count(value: number | bigint): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A count and its noun: `1 packet`, `2,000 packets`. The plural takes an s. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Bytes in SI units, three digits: `999 B`, `1.00 kB`, `12.3 MB`. */
export function bytes(value: number): string {
  let scaled = value;
  let unit = 0;
  // 999.5 would be rounded to a fourth digit
  while (scaled >= 999.5 && unit < BYTE_UNITS.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${unit === 0 ? count(scaled) : threeDigits(scaled)} ${BYTE_UNITS[unit]!}`;
}

/**
 * Shares of the sum of `parts`, in percent with one decimal, rounded by largest remainder so that they add up to
 * 100. What is neither nothing nor everything is not shown as such: `<0.1 %`, `>99.9 %`. All `0.0 %` when the
 * sum is 0.
 */
export function shares(parts: readonly number[]): readonly string[] {
  const total = parts.reduce((sum, part) => sum + BigInt(part), 0n);
  if (total === 0n) return parts.map(() => '0.0 %');
  const scaled = parts.map((part) => BigInt(part) * 1000n);
  const tenths = scaled.map((part) => Number(part / total));
  const byRemainder = scaled
    .map((part, index) => ({ index, remainder: part % total }))
    .sort((a, b) => Number(b.remainder - a.remainder));
  const missing = 1000 - tenths.reduce((sum, tenth) => sum + tenth, 0);
  for (const { index } of byRemainder.slice(0, missing)) tenths[index]! += 1;
  return tenths.map((tenth, index) => {
    if (tenth === 0 && parts[index]! > 0) return '<0.1 %';
    if (tenth === 1000 && BigInt(parts[index]!) < total) return '>99.9 %';
    return `${(tenth / 10).toFixed(1)} %`;
  });
}

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
  return `${text.slice(0, -1)}${fraction(rest, 6).slice(0, rest % US === 0n ? 3 : 6)}Z`;
}

/** A span of time in seconds to the last digit that counts: `0 s`, `12.004117 s`, `-0.5 s`. */
export function exactSeconds(ns: bigint): string {
  const size = ns < 0n ? -ns : ns;
  const digits = fraction(size % SECOND, 9).replace(/0+$/, '');
  const whole = `${ns < 0n ? '-' : ''}${count(size / SECOND)}`;
  return `${whole}${digits === '' ? '' : `.${digits}`} s`;
}

/** A span of time in its two largest units: `250 ns`, `1.5 ms`, `59.912 s`, `2 min 3 s`, `5 d 0 h`. */
export function duration(ns: bigint): string {
  if (ns < US) return `${ns} ns`;
  if (ns < MS) return `${decimals(ns, US)} µs`;
  if (ns < SECOND) return `${decimals(ns, MS)} ms`;
  if (ns < MINUTE) return `${decimals(ns, SECOND)} s`;
  if (ns < HOUR) return `${ns / MINUTE} min ${(ns % MINUTE) / SECOND} s`;
  if (ns < DAY) return `${ns / HOUR} h ${(ns % HOUR) / MINUTE} min`;
  return `${count(ns / DAY)} d ${(ns % DAY) / HOUR} h`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

const US = 1_000n;
const MS = 1_000_000n;
const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}

function fraction(part: bigint, digits: number): string {
  return String(part).padStart(digits, '0');
}

/** ns in a unit with up to three decimals, cut, trailing zeros left out. */
function decimals(ns: bigint, unit: bigint): string {
  return String(Number((ns * 1000n) / unit) / 1000);
}
