import type { Address, Prefix } from './address.js';
import type { SecurityGroup } from './security-group.js';
import type { IdleSeconds } from './tracking.js';

/** Everything the documents say: one VPC or several with their peerings. Lists are in document order. */
export interface VpcDescription {
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly groups: readonly SecurityGroup[];
  readonly interfaces: readonly NetworkInterface[];
  readonly prefixLists: readonly PrefixList[];
  readonly peerings: readonly Peering[];
}

export interface Vpc {
  readonly id: string;
  /** IPv4 and IPv6 blocks; the first IPv4 block is the primary one. */
  readonly prefixes: readonly Prefix[];
  readonly place: string;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly prefixes: readonly Prefix[];
  readonly place: string;
}

/** An elastic network interface (ENI). */
export interface NetworkInterface {
  readonly id: string;
  readonly vpcId: string;
  readonly subnetId?: string;
  /** `interface`, `natGateway`, `transit_gateway` ... as describe-network-interfaces spells it. */
  readonly type: string;
  readonly name?: string;
  readonly instanceId?: string;
  /** Six bytes as twelve lowercase hex digits. */
  readonly mac?: string;
  /** Primary IPv4 first, then secondary IPv4, then IPv6 (NI-2). */
  readonly addresses: readonly Address[];
  /** Delegated prefixes, /28 and /80 (NI-2). */
  readonly delegated: readonly Prefix[];
  readonly groupIds: readonly string[];
  readonly sourceDestCheck: boolean;
  readonly requesterManaged: boolean;
  /** ConnectionTrackingConfiguration, what of it is set (CT-21). */
  readonly idleSeconds: Partial<IdleSeconds>;
  readonly place: string;
}

export interface PrefixList {
  readonly id: string;
  readonly name: string;
  /** Undefined when no document holds the entries (SG-9). */
  readonly entries?: readonly Prefix[];
  readonly place: string;
}

export interface Peering {
  readonly id: string;
  /** Status code, `active` when the peering carries traffic. */
  readonly status: string;
  readonly requester: PeeringSide;
  readonly accepter: PeeringSide;
  readonly place: string;
}

export interface PeeringSide {
  readonly vpcId: string;
  readonly ownerId?: string;
  readonly region?: string;
}
