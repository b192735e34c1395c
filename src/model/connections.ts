import type { Remembered } from './remembered.js';

/** What interfaces remember at an instant. */
export interface ConnectionTable {
  readonly at: TableInstant;
  /** In document order: those that remember something, and the one that was asked for. */
  readonly interfaces: readonly InterfaceConnections[];
}

export interface TableInstant {
  readonly timeNs: bigint;
  /** After the first packet of the captures; negative before it. */
  readonly offsetNs: bigint;
  /** Number of the last frame until then; 0 before the first packet. */
  readonly frame: number;
}

export interface InterfaceConnections {
  readonly eni: string;
  readonly name?: string;
  /** In order of creation. */
  readonly live: readonly LiveConnection[];
  /** How much else it remembers. */
  readonly besides: RememberedBesides;
}

/** A connection that was not over, and how long it had been as it was, in nanoseconds. */
export interface LiveConnection {
  readonly remembered: Remembered;
  readonly ageNs: bigint;
  /** Since its last packet. */
  readonly silentNs: bigint;
  /** Until it is over, if it stays silent. */
  readonly expiresInNs: bigint;
  /** Whether the rule that opened it still is one of the interface: events may have taken it away (CT-8). */
  readonly ruleHolds: boolean;
}

/** Numbers of what still may decide about a packet, besides live connections. */
export interface RememberedBesides {
  /** Ended connections (CT-14). */
  readonly ended: number;
  /** Denied openings (CT-25). */
  readonly denied: number;
  /** Flows that are not tracked (CT-6). */
  readonly untracked: number;
  /** First fragments, whose verdict covers the later ones (CT-18). */
  readonly firstFragments: number;
}
