/** What the page tells of packets over time; see report/html/section-time.ts. */
export interface TimeData {
  readonly startNs: string;
  readonly widthNs: string;
  readonly allowed: readonly number[];
  readonly dropped: readonly number[];
  /** When the VPC changed. */
  readonly eventsNs: readonly string[];
}

/** Bars of one width: begin of the first, and counts. */
export interface Bins {
  readonly startNs: bigint;
  readonly widthNs: bigint;
  readonly allowed: readonly number[];
  readonly dropped: readonly number[];
}

const FACTORS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Puts buckets together so that there are at most `most` bars; where bars begin is a matter of the clock. */
export function binsOf(data: TimeData, most: number): Bins {
  const start = BigInt(data.startNs);
  const width = BigInt(data.widthNs);
  const count = data.allowed.length;
  const factor = FACTORS.find((each) => count / each + 1 <= Math.max(2, most)) ?? count;
  const wide = width * BigInt(factor);
  const startNs = start - (((start % wide) + wide) % wide);
  const skipped = Number((start - startNs) / width);
  const bars = Math.ceil((skipped + count) / factor);
  const sum = (counts: readonly number[]): number[] => {
    const sums = new Array<number>(bars).fill(0);
    counts.forEach((each, i) => (sums[Math.floor((skipped + i) / factor)]! += each));
    return sums;
  };
  return { startNs, widthNs: wide, allowed: sum(data.allowed), dropped: sum(data.dropped) };
}
