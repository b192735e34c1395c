import type { RecordedFlow } from './recorded-flow.js';
import type { InterfaceVerdict, VerdictCode } from './verdict.js';

/** How the records of flow logs and our verdicts compare: records = agree + differ + those not judged. */
export interface Agreement {
  readonly records: number;
  readonly agree: number;
  readonly differ: number;
  /** By reason, those that occurred. */
  readonly notJudged: readonly NotJudgedTally[];
  /** Records that differ for one reason each, most records first: as many as were asked for. */
  readonly differences: readonly Difference[];
  /** The others. */
  readonly otherDifferences: { readonly differences: number; readonly records: number };
}

export interface NotJudgedTally {
  readonly reason: NotJudgedReason;
  readonly records: number;
}

/** Why a record was not compared: what the log says, or a verdict code that is neither allow nor drop. */
export type NotJudgedReason = keyof typeof NOT_JUDGED | VerdictCode;

/** Reasons that are no verdict codes, in a few words. */
export const NOT_JUDGED = {
  malformed: 'the record cannot be read',
  nodata: 'NODATA: there was no traffic',
  skipdata: 'SKIPDATA: it was not recorded',
  'unknown-interface': 'its interface is not in the VPC',
  'not-at-interface': 'its packets do not begin or end at its interface',
  'no-ports': 'later fragments: the record tells no ports',
  'icmp-type': 'icmp of the same ends was accepted and rejected: records tell no types',
  'same-seconds': 'the same ends were accepted and rejected: records tell no order',
  'left-out': 'a filter or a bound leaves it out',
} as const;

/** What AWS and we say of records that differ in the same way. */
export interface DifferenceKind {
  /** AWS's action. */
  readonly accepted: boolean;
  readonly rejectReason?: string;
  /** Ours, and where it was given: at another interface than the record's when the packets do not come so far. */
  readonly ours: InterfaceVerdict;
  readonly protocol: number;
  /** That the flow's opener addressed; absent for protocols without. */
  readonly port?: number;
}

export interface Difference extends DifferenceKind {
  readonly records: number;
  /** As the records tell. */
  readonly packets: number;
  readonly bytes: number;
  /** The first of them. */
  readonly example: RecordedFlow;
  /** What AWS's answer may mean, and why ours is as it is. */
  readonly reasons: { readonly aws: string; readonly ours: string };
}
