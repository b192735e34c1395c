import type { Address, Prefix } from './address.js';
import type { Direction, Peer, Traffic } from './security-group.js';

/** A rule as a request names it. */
export interface RuleRequest {
  readonly traffic: Traffic;
  readonly peer: Peer;
  readonly description?: string;
}

/**
 * One change to a VPC, as AWS's API has it. The same edits serve events during a replay and `sgsim ec2`. An interface is
 * named by its id, or by an instance's id, which means its primary interface (NI-1).
 */
export type Edit =
  | {
      readonly kind: 'authorize';
      readonly groupId: string;
      readonly direction: Direction;
      readonly rules: readonly RuleRequest[];
    }
  | {
      readonly kind: 'revoke';
      readonly groupId: string;
      /** `either` when rules are named by id alone, which does not tell. */
      readonly direction: Direction | 'either';
      /** Rules by content (PR-5: the description plays no part), and rules by id. */
      readonly rules: readonly RuleRequest[];
      readonly ruleIds: readonly string[];
    }
  | {
      readonly kind: 'create-group';
      readonly groupId: string;
      readonly name: string;
      readonly description: string;
      readonly vpcId: string;
    }
  | { readonly kind: 'delete-group'; readonly groupId: string }
  | {
      readonly kind: 'set-groups';
      readonly target: string;
      readonly groupIds: readonly string[];
    }
  | { readonly kind: 'attach-address'; readonly target: string; readonly address: Address }
  | { readonly kind: 'detach-address'; readonly target: string; readonly address: Address }
  /** From whichever interface of the VPC holds it. */
  | { readonly kind: 'move-address'; readonly target: string; readonly address: Address }
  | { readonly kind: 'set-peering'; readonly peeringId: string; readonly status: string }
  | {
      readonly kind: 'set-prefix-list';
      readonly prefixListId: string;
      readonly entries: readonly Prefix[];
    };

/** What AWS refuses, with its error code and message. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Packet time in nanoseconds: absolute, or after the first packet of the captures. */
export type Instant =
  | { readonly kind: 'time'; readonly timeNs: bigint }
  | { readonly kind: 'offset'; readonly offsetNs: bigint };

export function timeOfInstant(instant: Instant, firstTimeNs: bigint): bigint {
  return instant.kind === 'time' ? instant.timeNs : firstTimeNs + instant.offsetNs;
}

/** An edit at a moment of the replay. */
export interface TimedEvent {
  readonly at: Instant;
  /** Made together. */
  readonly edits: readonly Edit[];
  /** The event as the user wrote it, on one line. */
  readonly text: string;
  readonly place: string;
}
