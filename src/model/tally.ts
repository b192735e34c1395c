import type { Direction } from './security-group.js';

export interface Tally {
  readonly packets: number;
  /** Lengths on the wire, summed. */
  readonly bytes: number;
}

/**
 * Flows are counted once, under the verdict of the packet that began them. A flow silent for longer than its
 * idle limit counts anew when it comes back.
 */
export interface FlowTally extends Tally {
  readonly flows: number;
}

/** Sums over so many entries. */
export interface CountedTally extends FlowTally {
  readonly count: number;
}

export interface RuleTally extends FlowTally {
  readonly rule: string;
  readonly groupId: string;
  readonly direction: Direction;
  /** The rule in the short notation, e.g. `tcp/443 from 0.0.0.0/0`. */
  readonly text: string;
}
