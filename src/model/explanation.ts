import type { CauseCode } from './cause.js';
import type { Edit } from './edit.js';
import type { Assumption } from './outcome.js';
import type { Tally } from './tally.js';
import type { Packet } from './packet.js';
import type { Remembered } from './remembered.js';
import type { Direction } from './security-group.js';
import type { Verdict, VerdictCode } from './verdict.js';

/** Why a packet got its verdict. Texts are lowercase, without full stop, of any spelling that the documents have. */
export interface Explanation {
  readonly verdict: Verdict;
  readonly code: VerdictCode;
  readonly cause: CauseCode;
  /** The cause in words, about this packet: one or two sentences. */
  readonly reason: string;
  readonly packet: ExplainedPacket;
  /** The interface that decided; absent when none was asked. */
  readonly at?: DecidingPlace;
  /** In the order in which they were asked. */
  readonly steps: readonly Step[];
  /** What the deciding interface remembered of the flow; absent where it was not asked. */
  readonly connection?: ConnectionFinding;
  /** Rules of the deciding interface that were looked at; absent where they were not asked. */
  readonly rules?: ConsideredRules;
  /** What the other end is. */
  readonly peer?: PeerIdentity;
  /** Smallest first. */
  readonly fixes: readonly Fix[];
  /** Packets with the same cause, this one among them; absent for a packet that was never captured. */
  readonly share?: CauseShare;
  readonly assumptions: readonly Assumption[];
  /** Kernel and reference do not agree about this packet: a fault of sgsim, told in words. */
  readonly disagreement?: string;
}

export interface ExplainedPacket {
  readonly packet: Packet;
  /** Absent for a packet that was never captured. */
  readonly captured?: {
    readonly capture: string;
    /** Position in the capture, or in all of them merged by time. */
    readonly frame: number;
    /** With several captures: position in its own. */
    readonly ownFrame?: number;
    readonly timeNs: bigint;
    /** Since the first packet of the captures. */
    readonly offsetNs: bigint;
  };
}

export interface DecidingPlace {
  readonly eni: string;
  readonly name?: string;
  readonly direction: Direction;
  /** Of the interfaces that the packet meets in this VPC: first or second, of one or two. */
  readonly filter: 1 | 2;
  readonly filters: 1 | 2;
}

/** What is asked at an interface, in the order of section 0 of the specification; `interface` is asked once, before all. */
export type Question =
  | 'interface'
  | 'source-dest-check'
  | 'exempt'
  | 'multicast'
  | 'groups'
  | 'fragment'
  | 'connection'
  | 'related'
  | 'denied-opening'
  | 'tracking'
  | 'mid-stream'
  | 'rules';

/** One question and its answer. */
export interface Step {
  readonly question: Question;
  readonly eni?: string;
  readonly direction?: Direction;
  /** `next`: it did not decide, and the next question was asked. `skip`: it was not asked. */
  readonly result: 'pass' | 'drop' | 'next' | 'skip';
  readonly text: string;
  readonly rule?: RuleReference;
}

/** A rule as a document has it. */
export interface RuleReference {
  readonly id: string;
  readonly groupId: string;
  readonly groupName?: string;
  readonly direction: Direction;
  /** In the short notation, e.g. `tcp/443 from 0.0.0.0/0`. */
  readonly text: string;
  readonly description?: string;
  /** File and path inside it. */
  readonly place: string;
  readonly source?: DocumentSource;
}

/** Where something stands in a file. */
export interface DocumentSource {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What stands there, on one line. */
  readonly text: string;
}

export interface ConnectionFinding {
  /** `hit`: it was live. `expired`: it had been silent for too long. `closed`: it had ended. `untracked`: none is kept. */
  readonly result: 'hit' | 'miss' | 'expired' | 'closed' | 'untracked' | 'denied';
  readonly text: string;
  readonly remembered?: Remembered;
  /** The rule that opened it, where one is known. */
  readonly rule?: RuleReference;
}

export interface ConsideredRules {
  readonly direction: Direction;
  readonly groupIds: readonly string[];
  /** Every rule that matches, in document order; the first one is named in reports. */
  readonly matched: readonly ConsideredRule[];
  /** Nearest first, at most NEAREST_MAX. */
  readonly nearest: readonly ConsideredRule[];
  /** Those that match nothing in common, or do not fit in `nearest`. */
  readonly others: number;
}

export const NEAREST_MAX = 5;

/** A rule held against a packet, field by field (SG-3). */
export interface ConsideredRule {
  readonly rule: RuleReference;
  readonly protocol: boolean;
  /** Destination port, or ICMP type and code; true where the protocol has none. */
  readonly ports: boolean;
  /** Source on ingress, destination on egress. */
  readonly peer: boolean;
  /** Why the fields that fail do: empty for a rule that matches. */
  readonly miss: string;
}

/** What stands behind an address. */
export interface PeerIdentity {
  readonly address: string;
  readonly kind: 'interface' | 'public-address' | 'subnet' | 'vpc' | 'prefix-list' | 'outside';
  readonly eni?: string;
  readonly name?: string;
  /** Of the interface. */
  readonly groupIds?: readonly string[];
  /** e.g. `eni-0app (app-1) in sg-app`. */
  readonly text: string;
}

/** What would let the packet pass. */
export interface Fix {
  /** `likely`: what a rule was meant to say. `possible`: it works, and whether it is wanted nobody but the user knows. */
  readonly certainty: 'likely' | 'possible';
  /** An imperative, e.g. `add tcp/5432 from sg-app to the ingress rules of sg-db`. */
  readonly text: string;
  /** Made in this order; empty where the remedy is not a change of the VPC. */
  readonly edits: readonly FixEdit[];
  /** The same in the AWS CLI's words, a command each. */
  readonly commands: readonly string[];
  /** What it would change in the captures; absent without captures or edits. */
  readonly effect?: FixEffect;
}

/** An edit of AWS's API, or one of the settings that no edit of a timeline has. */
export type FixEdit =
  | Edit
  | { readonly kind: 'source-dest-check-off'; readonly eni: string }
  | {
      readonly kind: 'idle-limit';
      readonly eni: string;
      readonly limit: 'tcpEstablished' | 'udp' | 'udpStream';
      readonly seconds: number;
    };

/** Packets whose verdict would change to allow. Few changes of rules change any to drop, see `cuts`. */
export interface FixEffect {
  /** The packet itself is among them. */
  readonly admits: Tally;
  readonly flows: number;
  /** Of those, flows of other causes. */
  readonly otherFlows: number;
  /** One of those, as `10.0.1.5:4000 > 10.0.2.9:443 tcp`; absent without. */
  readonly otherExample?: string;
  /**
   * Packets that pass now and would be dropped: what is let in further is remembered further on, as denied at its other end
   * (CT-25) or as a connection that has ended (CT-14). Absent without any.
   */
  readonly cuts?: Tally;
  /** False when more packets were dropped than are kept to look at, or more would have to be known: then there may be more. */
  readonly complete: boolean;
}

export interface CauseShare extends Tally {
  readonly flows: number;
  /** Interfaces that decided and destination ports of the openers, where there are several. */
  readonly interfaces?: number;
  readonly ports?: number;
  /** There are more ports than `ports`. */
  readonly hasMorePorts?: true;
  readonly firstFrame: number;
  readonly firstTimeNs: bigint;
  readonly lastTimeNs: bigint;
}
