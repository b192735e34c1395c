import type { Evidence } from './evidence.js';
import type { CauseShare, Explanation } from './explanation.js';
import type { Outcome } from './outcome.js';
import type { CountedTally, FlowTally } from './tally.js';
import type { Packet } from './packet.js';
import type { Verdict } from './verdict.js';
import type { VpcChange } from './vpc-change.js';

/** How the verdicts of two VPCs on one packet differ; `otherwise`: one of them is neither allow nor drop. */
export const VERDICT_CHANGES = ['newly-dropped', 'newly-allowed', 'otherwise'] as const;

export type VerdictChange = (typeof VERDICT_CHANGES)[number];

/** Undefined when the verdicts are the same. */
export function verdictChange(before: Verdict, after: Verdict): VerdictChange | undefined {
  if (before === after) return undefined;
  if (before === 'allow' && after === 'drop') return 'newly-dropped';
  return before === 'drop' && after === 'allow' ? 'newly-allowed' : 'otherwise';
}

/** Packets whose verdict changed and, as far as rows can tell, for one reason. What follows in their flows counts with them. */
export interface ChangedCase {
  readonly change: VerdictChange;
  /** The first of them, as each VPC judged it. */
  readonly before: Evidence;
  readonly after: Evidence;
  readonly share: CauseShare;
  /** Interface where the answers part; absent where none was asked. */
  readonly eni?: string;
  /** IP protocol number; absent of what is not IP. */
  readonly protocol?: number;
  /** Destination port of the flow's opener, or ICMP type * 256 + code; absent where the packets have none. */
  readonly port?: number;
  /** It stands for all ports that are not told apart. */
  readonly isRest: boolean;
  /** Position of an earlier case with a change of another kind in the same flow: what is remembered of it may differ for that. */
  readonly follows?: number;
}

/** What two replays of the same packets differ in. */
export interface ChangeFindings {
  /** In order of their first packets. */
  readonly cases: readonly ChangedCase[];
  /** All packets that changed; a flow counts once, however long it pauses. */
  readonly totals: Readonly<Record<VerdictChange, FlowTally>>;
  /** Of those, packets of cases beyond those that are told apart. */
  readonly unlisted: Readonly<Record<VerdictChange, FlowTally>>;
  /** False when more flows changed than are told apart: then the counts of flows are those of flows that begin with a change. */
  readonly hasEveryFlow: boolean;
}

/**
 * What a change of the VPC did to packets. `rule`: a rule that allows them is on one side only. `membership`: the interface is in
 * that rule's group on one side only. `peer`: the rule's group or prefix list stands for other addresses. `tracking`: their flow is
 * tracked on one side only. `interface`: another interface is asked. `memory`: flows are remembered for another time. `history`: an
 * earlier packet of their flow was judged otherwise, so that something else is remembered of it.
 */
export const CHANGE_WAYS = [
  ...([
    'rule',
    'membership',
    'peer',
    'tracking',
    'interface',
    'memory',
    'history',
    'unknown',
  ] as const),
] as const;

export type ChangeWay = (typeof CHANGE_WAYS)[number];

/** Packets whose verdict changed by one change of the VPC. */
export interface ChangeGroup {
  readonly change: VerdictChange;
  /** Position among the changes of the VPC; absent when none of them was found to be behind it. */
  readonly behind?: number;
  readonly way: ChangeWay;
  /** What that change did to these packets, or why none is named: a sentence without full stop. */
  readonly reason: string;
  readonly share: CauseShare;
  /** Where the answers part, in the order in which they were met. */
  readonly interfaces: readonly NamedInterface[];
  /** Most packets first. */
  readonly services: readonly ChangedService[];
  /** The first packet, explained by each VPC. */
  readonly before: Explanation;
  readonly after: Explanation;
}

export interface NamedInterface {
  readonly eni: string;
  readonly name?: string;
}

/** Packets by what the opener addressed. */
export interface ChangedService extends FlowTally {
  /** Its first packet. */
  readonly first: { readonly frame: number; readonly packet: Packet };
  readonly protocol?: number;
  readonly port?: number;
  /** It stands for all ports that are not told apart. */
  readonly isRest: boolean;
}

/** A change of the VPC, and the packets whose verdict it changed. */
export interface WeighedChange {
  readonly change: VpcChange;
  readonly effect: Readonly<Record<VerdictChange, FlowTally>>;
}

/** What a change of a VPC does to captured packets. */
export interface Difference {
  readonly before: Outcome;
  readonly after: Outcome;
  readonly changes: readonly WeighedChange[];
  /** Newly dropped first, then newly allowed; of each the largest first. */
  readonly groups: readonly ChangeGroup[];
  /** Groups behind those that are told. */
  readonly omitted: CountedTally;
  readonly totals: ChangeFindings['totals'];
  readonly unlisted: ChangeFindings['unlisted'];
  readonly hasEveryFlow: boolean;
}
