import type { Prefix } from './address.js';
import type { RuleTally } from './tally.js';

/** What flows made of the rules that were attached to interfaces. */
export interface RuleUseReport {
  /** Those that flows hang on, most of them first, then the others by hits, then in document order. */
  readonly rules: readonly RuleUse[];
  /** Flows that are told apart at a time: with more, some are counted twice. */
  readonly flowsMax: number;
  readonly isFlowsMaxReached: boolean;
}

/** Packets, bytes and flows are those that it decided: of several rules that match, the first in document order does. */
export interface RuleUse extends RuleTally {
  /** Of the packets that it decided. */
  readonly firstTimeNs?: bigint;
  readonly lastTimeNs?: bigint;
  /** Flows of which it let a packet pass, alone or with others. */
  readonly matchedFlows: number;
  /**
   * Flows to which it makes a difference: a packet passed by this rule alone, or the flow would be tracked otherwise without it.
   * The verdicts of a replay without a rule that has none are the same.
   */
  readonly soleFlows: number;
  /** Of these, flows whose packets other rules let pass, so that only tracking would differ. */
  readonly soleByTracking: number;
  /** What of its ports was used and what never; of rules for all protocols and single ports only what was used. */
  readonly usedTraffic: readonly string[];
  readonly unusedTraffic: readonly string[];
  /** The smallest prefixes around the remote addresses that were seen. */
  readonly seenPeers: readonly Prefix[];
  /** They were too many to be told one by one: a prefix may hold some that were not seen. */
  readonly isPeersMerged: boolean;
  /** Of a group or a prefix list: members or entries, how many had packets, and some of those that had none. */
  readonly members: number;
  readonly usedMembers: number;
  readonly unusedMembers: readonly Prefix[];
  /** Ids of rules that together let pass all that it does, at all times and at each interface that has it. */
  readonly coveredBy: readonly string[];
  /** Why it matches nothing at any time. */
  readonly matchesNothing: boolean;
}
