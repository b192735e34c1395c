const NAMES = [
  ['d', 86_400n],
  ['h', 3600n],
] as const;
const SECOND_NS = 1_000_000_000n;

/**
 * A span of packet time, exact and short: days and hours when it is whole ones, else seconds with as many decimals as it
 * takes: `5 d`, `350 s`, `1.25 s`, `0.000001 s`.
 */
export function duration(ns: bigint): string {
  if (ns < 0n) return `-${duration(-ns)}`;
  const seconds = ns / SECOND_NS;
  const rest = ns % SECOND_NS;
  if (rest > 0n) {
    return `${seconds}.${String(rest).padStart(9, '0').replace(/0+$/, '')} s`;
  }
  for (const [name, size] of NAMES) {
    if (seconds >= size && seconds % size === 0n) return `${seconds / size} ${name}`;
  }
  return `${seconds} s`;
}

export function durationOfSeconds(seconds: number): string {
  return duration(BigInt(seconds) * SECOND_NS);
}
