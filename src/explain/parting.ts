import type { Evidence } from '../model/evidence.js';
import type { ChangeWay } from '../model/verdict-change.js';
import type { ResolvedInterface } from '../policy/resolve.js';
import type { ChangeIndex } from './change-index.js';
import type { ExplainedWorld } from './world.js';

/** The two VPCs that are compared. */
export type TwoWorlds = Readonly<Record<'before' | 'after', ExplainedWorld>>;

/** What is behind a changed verdict. */
export interface ChangeCause {
  /** Position among the changes; absent when none is known to be behind it. */
  readonly behind?: number;
  readonly way: ChangeWay;
  /** A sentence without full stop. */
  readonly reason: string;
}

/** One VPC's view of the interface where the answers part. */
export interface Place {
  readonly side: 'before' | 'after';
  readonly world: ExplainedWorld;
  readonly evidence: Evidence;
  /** Absent where this VPC has no such interface. */
  readonly at?: ResolvedInterface;
}

/** A changed packet at the interface where the answers part, on the side that allows it and on the one that drops it. */
export interface Parting {
  readonly eni: string;
  readonly changes: ChangeIndex;
  readonly allows: Place;
  readonly drops: Place;
}
