import type { Tally } from '../model/outcome.js';

/** One case, counted. */
export interface NotedCase extends Tally {
  readonly kind: string;
  /** -1 without one. */
  readonly port: number;
  /** It stands for the ports of its kind that are not told apart. */
  readonly isRest: boolean;
  /** Where its first packet is kept. */
  readonly row: number;
  /** Positions of the interfaces that decided. */
  readonly enis: Set<number>;
  packets: number;
  bytes: number;
  flows: number;
  firstFrame: number;
  readonly first: Time;
  readonly last: Time;
}

/** Nanoseconds since 1970 in two words: a bigint for each packet would cost more than all the rest. */
export interface Time {
  high: number;
  low: number;
}
