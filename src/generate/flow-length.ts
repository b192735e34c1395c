import { power } from './power.js';
import { type Random, fraction } from './random.js';

/** Pareto's exponent and cut of flow lengths. */
const EXPONENT = 1.2;
const SHORTEST = 4;
const LONGEST = 5000;
/** What the tail adds to the least, on the average: of min(4 u^(-1/1.2), 5000). */
const MEAN_TAIL =
  (SHORTEST * (EXPONENT - power(SHORTEST / LONGEST, EXPONENT - 1))) / (EXPONENT - 1);

/** Packets that flows have at least, by protocol: a TCP handshake and close, a request and its answer. */
export const LEAST = { tcp: 7, udp: 2, icmp: 2 } as const;

/** What is still to be given to flows that have not begun. */
export interface Budget {
  readonly flows: number;
  readonly packets: number;
}

/**
 * Packets of the next flow, at least `least`: so that what is left is enough, on the average, for those behind it, whose
 * least is `meanLeast`. The last flow takes what is left.
 */
export function drawLength(
  random: Random,
  lengths: 'heavy' | 'even',
  least: number,
  { flows, packets }: Budget,
  meanLeast: number,
): number {
  if (flows === 1) return Math.max(least, packets);
  const mean = packets / flows;
  const chance = fraction(random);
  if (lengths === 'even') {
    return Math.max(least, Math.floor(least + mean - meanLeast + chance));
  }
  const tail = Math.min(LONGEST, SHORTEST * power(1 - chance, -1 / EXPONENT));
  const drawn = ((least + tail) * mean) / (meanLeast + MEAN_TAIL);
  // Something must be left for the others.
  return Math.max(least, Math.floor(Math.min(drawn, packets / 4)));
}
