import type { FlowTally } from './tally.js';

/** Traffic that was made up, and what must come of it: exact, and nothing else comes of it. */
export interface ExpectedTraffic extends FlowTally {
  readonly allowed: Omit<FlowTally, 'bytes'>;
  readonly dropped: Omit<FlowTally, 'bytes'>;
}

/** A packet of made-up traffic whose verdict is another than it must be. */
export interface VerdictDifference {
  /** From 1. */
  readonly frame: number;
  /** Its flow as a question asks about it: `tcp 10.0.1.20:40000 > 10.0.2.30:5432`. */
  readonly flow: string;
  readonly expected: 'allow' | 'drop';
  /** Verdict and code, or that there is none. */
  readonly found: string;
}
