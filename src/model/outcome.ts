import type { Diagnostic } from './diagnostic.js';
import type { Direction } from './security-group.js';
import type { RuleUseReport } from './rule-use.js';
import type { CountedTally, FlowTally, RuleTally, Tally } from './tally.js';
import type { Verdict, VerdictCode } from './verdict.js';

/** What a replay found. Numbers are exact and the same for any number of workers and any chunk size. */
export interface Outcome {
  /** Reading was interrupted: this covers the frames before. */
  readonly interrupted?: true;
  readonly captures: readonly CaptureSummary[];
  readonly reading: Reading;
  readonly totals: FlowTally;
  readonly byVerdict: Readonly<Record<Verdict, FlowTally>>;
  /** Codes that occurred, by number. */
  readonly byCode: readonly CodeTally[];
  /** Interfaces and directions that saw packets, in document order, ingress first. */
  readonly byInterface: readonly InterfaceTally[];
  /** Every rule attached to an interface, most packets first, then in document order. */
  readonly byRule: readonly RuleTally[];
  /** What flows made of these rules, if somebody asked. */
  readonly ruleUse?: RuleUseReport;
  /** Dropped packets grouped by cause, most packets first: as many as were asked for. */
  readonly droppedFlows: readonly DropGroup[];
  /** The groups behind those. */
  readonly otherDroppedFlows: CountedTally;
  /** What held when; one phase without events. */
  readonly phases: readonly PhaseTally[];
  readonly assumptions: readonly Assumption[];
  readonly warnings: readonly Diagnostic[];
}

export interface CaptureSummary {
  /** As the user named it; `-` is standard input. */
  readonly name: string;
  /** Interface that it was taken at, when the user tells. */
  readonly takenAt?: string;
  /** e.g. `pcap, little-endian, microseconds`. */
  readonly format: string;
  readonly linkType: string;
  readonly packets: number;
  readonly bytes: number;
  /** Earliest and latest packet time; absent in an empty capture. */
  readonly firstTimeNs?: bigint;
  readonly lastTimeNs?: bigint;
  /** Packets whose time is before that of an earlier packet. */
  readonly disordered: number;
  /** Records whose captured length is above their length on the wire. */
  readonly overlong: number;
  /** Packets of which the capture tells no time; they count as captured with the one before. */
  readonly untimed: number;
  /**
   * Why reading stopped before the end, when it did; `frame` is the one that could not be read. `amid`: of a flow log, what could
   * not be read stands amid the rest, and `frame` is the one that would be next.
   */
  readonly stopped?: { readonly frame: number; readonly fact: string; readonly amid?: true };
}

/** What became of the frames of all captures before they were judged. */
export interface Reading {
  /** Frames that a filter or bounds left out; those behind the last that was wanted are not counted. */
  readonly leftOut: number;
  /** Frames of which the packet in a tunnel was judged. */
  readonly peeled: number;
  /** Link types of the judged frames, by number. */
  readonly linkTypes: readonly LinkTypeTally[];
  /** Wrong checksums, where they were counted. */
  readonly wrongChecksums?: { readonly ip: number; readonly transport: number };
}

export interface LinkTypeTally extends Tally {
  readonly linkType: string;
  /** Whether sgsim reads frames of it; else they are not judged. */
  readonly read: boolean;
}

export interface CodeTally extends FlowTally {
  readonly code: VerdictCode;
}

export interface InterfaceTally {
  readonly eni: string;
  readonly name?: string;
  readonly direction: Direction;
  readonly allowed: Tally;
  readonly dropped: Tally;
  readonly notFiltered: Tally;
  readonly notJudged: Tally;
}

export interface DropGroup extends FlowTally {
  readonly code: VerdictCode;
  readonly eni: string;
  readonly direction: Direction;
  /** IP protocol number. */
  readonly protocol: number;
  /**
   * Destination port of the flow's opener, inclusive range; ICMP: type * 256 + code; absent for protocols
   * without ports. A range wider than one stands for a scan: see README, limits.
   */
  readonly ports?: { readonly from: number; readonly to: number };
  readonly firstTimeNs: bigint;
  readonly lastTimeNs: bigint;
  /** The group's first packet. */
  readonly example: {
    readonly frame: number;
    readonly source: string;
    readonly destination: string;
    readonly sourcePort?: number;
    readonly destinationPort?: number;
  };
}

/** The packets between one event and the next. */
export interface PhaseTally {
  /** Packet time from which it held; absent in the first phase. */
  readonly fromNs?: bigint;
  /** What happened then, one line each. */
  readonly events: readonly string[];
  readonly byVerdict: Readonly<Record<Verdict, FlowTally>>;
}

/** A modelling choice that the verdicts rest on. */
export interface Assumption {
  /** Rule of the semantics, e.g. `CT-14`. */
  readonly rule: string;
  readonly text: string;
}
