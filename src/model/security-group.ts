import type { Prefix } from './address.js';

/** Relative to the ENI: ingress packets come to it, egress packets leave it. */
export type Direction = 'ingress' | 'egress';

/** What a rule matches besides its peer (PR-1..PR-3). */
export type Traffic =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'ports';
      readonly protocol: 6 | 17;
      readonly from: number;
      readonly to: number;
    }
  /** `type` and `code` are -1 for any. Protocol 1 is IPv4 only, 58 IPv6 only. */
  | {
      readonly kind: 'icmp';
      readonly protocol: 1 | 58;
      readonly type: number;
      readonly code: number;
    }
  | { readonly kind: 'protocol'; readonly protocol: number };

/** What a rule's source (ingress) or destination (egress) names: exactly one of these (SG-8). */
export type Peer =
  | { readonly kind: 'cidr'; readonly prefix: Prefix }
  | { readonly kind: 'prefix-list'; readonly prefixListId: string }
  | {
      readonly kind: 'group';
      readonly groupId: string;
      /** Owner account, VPC and peering as the document names them, when it does. */
      readonly ownerId?: string;
      readonly vpcId?: string;
      readonly peeringId?: string;
      readonly peeringStatus?: string;
      /** Set when AWS lists the rule as stale (SG-19). */
      readonly stale?: boolean;
    };

export interface Rule {
  /** `sgr-...` when the documents tell it, else `GROUP:DIRECTION:POSITION`, position from 1. */
  readonly id: string;
  readonly groupId: string;
  readonly direction: Direction;
  readonly traffic: Traffic;
  readonly peer: Peer;
  readonly description?: string;
  /** File and path inside it. */
  readonly place: string;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly vpcId: string;
  readonly ownerId?: string;
  readonly description?: string;
  /** Both directions, in document order. */
  readonly rules: readonly Rule[];
  readonly place: string;
}
