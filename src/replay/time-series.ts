import {
  CODE_VERDICT_SHIFT,
  FRAME_SIZE,
  FRAME_TIME,
  VERDICT_CODE,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import type { TimeSeries } from '../model/time-series.js';
import type { Observer } from './observer.js';
import { createRunViews } from './run-views.js';

/** A page is about so many pixels wide. */
const BUCKETS_MAX = 720;
const VERDICTS = 4;

const MS = 1_000_000;
const SECOND = 1_000 * MS;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Widths in ns, each a multiple of the one before; days double from here on. */
const WIDTHS = [
  ...[1, 2, 10, 20, 100, 200].map((us) => us * 1_000),
  ...[1, 2, 10, 20, 100, 200].map((ms) => ms * MS),
  ...[1, 2, 10, 20].map((seconds) => seconds * SECOND),
  ...[1, 2, 10, 20].map((minutes) => minutes * MINUTE),
  ...[1, 2, 6, 12].map((hours) => hours * HOUR),
];

/** Width of a step, in ns. */
const widthOf = (step: number): number => WIDTHS[step] ?? DAY * 2 ** (step - WIDTHS.length);

/**
 * An observer that counts packets over time by verdict. It begins with buckets of a microsecond and makes them wider as the
 * capture goes on, so that there are never more than 720; where they begin is a matter of the clock, not of the first packet.
 */
export function createTimeSeries(): Observer & { series(): TimeSeries | undefined } {
  const viewsOf = createRunViews();
  let counts = new Float64Array(BUCKETS_MAX * VERDICTS);
  let base: { readonly high: number; readonly low: number; readonly ns: bigint } | undefined;
  let step = 0;
  let width = widthOf(0);
  /** The bucket that `counts` begins with, and the range of those in use, counted from the base. */
  let origin = 0;
  let first = Infinity;
  let last = -Infinity;

  /** Makes room for a bucket, in wider buckets if need be; then tells the bucket of the offset. */
  const makeRoom = (offset: number): number => {
    const before = width;
    const spanOf = (ns: number): readonly [number, number] => {
      const bucket = Math.floor(offset / ns);
      const shrunk = (old: number): number => Math.floor((old * before) / ns);
      return [Math.min(shrunk(first), bucket), Math.max(shrunk(last), bucket)];
    };
    const isTooWide = ([from, to]: readonly [number, number]): boolean => to - from >= BUCKETS_MAX;
    while (first !== Infinity && isTooWide(spanOf(width))) width = widthOf(++step);
    const [from] = first === Infinity ? [Math.floor(offset / width)] : spanOf(width);
    const moved = new Float64Array(counts.length);
    for (let old = first; old <= last; old++) {
      const to = (Math.floor((old * before) / width) - from) * VERDICTS;
      const at = (old - origin) * VERDICTS;
      for (let verdict = 0; verdict < VERDICTS; verdict++) {
        moved[to + verdict]! += counts[at + verdict]!;
      }
    }
    if (first !== Infinity) {
      first = Math.floor((first * before) / width);
      last = Math.floor((last * before) / width);
    }
    counts = moved;
    origin = from!;
    return Math.floor(offset / width);
  };
  return {
    onSettled: (run) => {
      const { frames, verdicts } = viewsOf(run);
      for (let i = 0; i < run.count; i++) {
        const at = (i * FRAME_SIZE + FRAME_TIME) / 4;
        const low = frames.words[at]!;
        const high = frames.words[at + 1]! | 0;
        base ??= baseOf(high, low);
        // Exact within 104 days of the base.
        const offset = (high - base.high) * 2 ** 32 + (low - base.low);
        let bucket = Math.floor(offset / width);
        if (!(bucket >= origin && bucket - origin < BUCKETS_MAX)) bucket = makeRoom(offset);
        if (bucket < first) first = bucket;
        if (bucket > last) last = bucket;
        const verdict = verdicts.bytes[i * VERDICT_SIZE + VERDICT_CODE]! >> CODE_VERDICT_SHIFT;
        counts[(bucket - origin) * VERDICTS + verdict]! += 1;
      }
    },
    series: () => {
      if (base === undefined) return undefined;
      const of = (verdict: number): number[] =>
        Array.from(
          { length: last - first + 1 },
          (_, i) => counts[(first - origin + i) * VERDICTS + verdict]!,
        );
      return {
        startNs: base.ns + BigInt(first) * BigInt(width),
        widthNs: BigInt(width),
        packets: { allow: of(0), drop: of(1), 'not-filtered': of(2), 'not-judged': of(3) },
      };
    },
  };
}

/** Midnight before the first packet: all widths up to a day begin there. */
function baseOf(high: number, low: number): { high: number; low: number; ns: bigint } {
  const time = (BigInt(high) << 32n) | BigInt(low);
  const day = BigInt(DAY);
  const ns = time - (((time % day) + day) % day);
  return { high: Number(ns >> 32n), low: Number(BigInt.asUintN(32, ns)), ns };
}
