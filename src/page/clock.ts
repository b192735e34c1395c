import { exactInstant, instant } from '../model/instant-text.js';

const SECOND = 1_000_000_000n;
const DAY = 86_400n * SECOND;

/** Midnight (UTC) before a time. */
export function midnightBefore(ns: bigint): bigint {
  return ns - (((ns % DAY) + DAY) % DAY);
}

/** Time of day to the digits that a step of so many seconds needs: `21:48`, `21:48:05`, `21:48:05.250`; the day for days. */
export function clockText(ns: bigint, stepSeconds: number): string {
  const text = exactInstant(ns);
  if (!text.endsWith('Z')) return instant(ns);
  const [day, time] = text.slice(0, -1).split('T');
  if (stepSeconds >= 86_400) return day!;
  if (stepSeconds >= 60) return time!.slice(0, 5);
  if (stepSeconds >= 1) return time!.slice(0, 8);
  const digits = Math.min(6, Math.ceil(-Math.log10(stepSeconds) - 1e-9));
  return time!.slice(0, 9 + digits);
}

/** Time of day to the millisecond; on another day than that of `start` the day and the second. */
export function beganText(ns: bigint, start: bigint): string {
  const day = midnightBefore(ns);
  if (day === midnightBefore(start)) return clockText(ns, 0.001);
  return `${clockText(day, 86_400).slice(-5)} ${clockText(ns, 1)}`;
}
