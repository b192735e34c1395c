import type { Verdict } from './verdict.js';

/** Packets over time, in buckets of one width. */
export interface TimeSeries {
  /** Begin of the first bucket. */
  readonly startNs: bigint;
  /** Of a bucket: one of 1, 2, 10, 20, 100 ... of a unit that people count in. */
  readonly widthNs: bigint;
  /** One number for each bucket; the sums are the report's. */
  readonly packets: Readonly<Record<Verdict, readonly number[]>>;
}
