import { FRAME_NUMBER, FRAME_SIZE, FRAME_TIME } from '../kernel/layout.js';
import type { CauseShare } from '../model/explanation.js';
import type { Tally } from '../model/tally.js';
import type { Words } from './kept-rows.js';

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

type Numbers = Omit<NotedCase, 'kind' | 'port' | 'isRest' | 'row' | 'enis'>;

/** A case's numbers. */
export function shareOf({ packets, bytes, flows, firstFrame, first, last }: Numbers): CauseShare {
  const ns = ({ high, low }: Time): bigint => (BigInt(high) << 32n) | BigInt(low);
  return { packets, bytes, flows, firstFrame, firstTimeNs: ns(first), lastTimeNs: ns(last) };
}

/** Position of a frame in the captures, from 1. */
export function frameNumber({ words }: Words, index: number): number {
  const at = (index * FRAME_SIZE + FRAME_NUMBER) >> 2;
  return words[at]! + words[at + 1]! * 2 ** 32;
}

/** When a frame was captured. */
export function timeOf({ words }: Words, index: number): Time {
  const at = (index * FRAME_SIZE + FRAME_TIME) >> 2;
  return { high: words[at + 1]! | 0, low: words[at]! };
}

/** Takes a frame's time into a case's. */
export function widen(
  { first, last }: Pick<NotedCase, 'first' | 'last'>,
  { words }: Words,
  index: number,
): void {
  const at = (index * FRAME_SIZE + FRAME_TIME) >> 2;
  const high = words[at + 1]! | 0;
  const low = words[at]!;
  if (high < first.high || (high === first.high && low < first.low)) {
    first.high = high;
    first.low = low;
  }
  if (high > last.high || (high === last.high && low > last.low)) {
    last.high = high;
    last.low = low;
  }
}
