const SECOND = 1_000_000_000n;

/**
 * A span of packet time, exact: in seconds with as many decimals as it takes, from an hour on in larger units too:
 * `0.000001 s`, `1.25 s`, `350 s`, `1 h 30 min`, `5 d`.
 */
export function duration(ns: bigint): string {
  let rest = ns;
  const parts: string[] = [];
  for (const [unit, size] of ns < HOUR ? [] : UNITS) {
    if (rest >= size) parts.push(`${rest / size} ${unit}`);
    rest %= size;
  }
  if (rest > 0n || parts.length === 0) parts.push(`${decimalSeconds(rest)} s`);
  return parts.join(' ');
}

export function durationOfSeconds(seconds: number): string {
  return duration(BigInt(seconds) * SECOND);
}

const HOUR = 3600n * SECOND;
const UNITS = [
  ['d', 24n * HOUR],
  ['h', HOUR],
  ['min', 60n * SECOND],
] as const;

function decimalSeconds(ns: bigint): string {
  const decimals = String(ns % SECOND)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${ns / SECOND}${decimals === '' ? '' : '.'}${decimals}`;
}
