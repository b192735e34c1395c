import type { Instant } from '../model/edit.js';
import { shown } from './faults.js';

/** Why a text is no instant, and what to do. */
export interface InstantFault {
  readonly fact: string;
  readonly fix: string;
}

/**
 * Reads `+12s` (after the first packet; s, ms, min or h), `2026-11-23T21:48:00Z` or seconds since 1970, each with
 * a fraction if need be. Exact: what is finer than a nanosecond is a fault.
 */
export function parseInstant(text: string): Instant | InstantFault {
  const offset = /^\+(\d{1,9})(?:\.(\d{1,18}))?(ms|s|min|h)$/.exec(text);
  const epoch = /^(\d{1,10})(?:\.(\d{1,18}))?$/.exec(text);
  const date = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,18}))?Z$/.exec(text);
  const seconds = date === null ? epoch?.[1] : secondsOfDate(date[1]!);
  const found = offset ?? date ?? epoch;
  const whole = offset === null ? seconds : offset[1];
  if (found === null || whole === undefined) {
    const fix = 'write it like +12s, 2026-11-23T21:48:00Z or 1700000000.25';
    return { fact: `${shown(text)} is no time`, fix };
  }
  const timeNs = nanoseconds(whole, found[2] ?? '', UNITS.get(offset?.[3] ?? 's')!);
  if (timeNs === undefined) {
    return { fact: `${shown(text)} is finer than a nanosecond`, fix: 'leave out the last digits' };
  }
  if (timeNs > LAST) return { fact: `${shown(text)} is later than any packet`, fix: 'correct it' };
  return offset === null ? { kind: 'time', timeNs } : { kind: 'offset', offsetNs: timeNs };
}

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['min', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

/** Captures count seconds in 32 bits. */
const LAST = 2n ** 32n * 1_000_000_000n;

/** Undefined for a day or an hour that is none, and for times before 1970. */
function secondsOfDate(text: string): string | undefined {
  const ms = Date.parse(`${text}Z`);
  if (!(ms >= 0) || !new Date(ms).toISOString().startsWith(text)) return undefined;
  return String(ms / 1000);
}

function nanoseconds(whole: string, fraction: string, unit: bigint): bigint | undefined {
  const scaled = BigInt(whole + fraction) * unit;
  const scale = 10n ** BigInt(fraction.length);
  return scaled % scale === 0n ? scaled / scale : undefined;
}
