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
  /** VPCs that a group may be used in besides its own (SG-15). */
  readonly associations: readonly GroupAssociation[];
  /** VPCs on transit gateways (SG-14). */
  readonly transitAttachments: readonly TransitAttachment[];
  /** What stands between the VPC and remote prefixes (CT-7, CT-23, SG-17). */
  readonly paths: readonly Path[];
}

export interface Vpc {
  readonly id: string;
  /** IPv4 and IPv6 blocks; the first IPv4 block is the primary one. */
  readonly prefixes: readonly Prefix[];
  /** Set for the VPC that AWS makes in every Region; no group of another VPC can be used in it (SG-15). */
  readonly isDefault?: true;
  readonly place: string;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly prefixes: readonly Prefix[];
  readonly zone?: Zone;
  readonly place: string;
}

/** An Availability Zone: its name, e.g. `us-east-1a`, and its id, e.g. `use1-az4`, whichever a document tells. */
export interface Zone {
  readonly name?: string;
  readonly id?: string;
}

/** An elastic network interface (ENI). */
export interface NetworkInterface {
  readonly id: string;
  readonly vpcId: string;
  readonly subnetId?: string;
  /** `interface`, `natGateway`, `transit_gateway` ... as describe-network-interfaces spells it. */
  readonly type: string;
  readonly name?: string;
  /** Account; in a shared VPC it may be another than that of the VPC's owner (SG-16). */
  readonly ownerId?: string;
  readonly instanceId?: string;
  /** Type of the instance, e.g. `m8g.large`; default idle limits hang on it (CT-22). */
  readonly instanceType?: string;
  /** Position on the instance; 0 is the primary interface (NI-1). */
  readonly deviceIndex?: number;
  readonly zone?: Zone;
  /** Six bytes as twelve lowercase hex digits. */
  readonly mac?: string;
  /** Primary IPv4 first, then secondary IPv4, then IPv6 (NI-2). */
  readonly addresses: readonly Address[];
  /** Elastic and other public IPv4 addresses that stand for its private ones: no group reference covers them (SG-10, SG-18). */
  readonly publicAddresses?: readonly Address[];
  /** Delegated prefixes, /28 and /80 (NI-2). */
  readonly delegated: readonly Prefix[];
  readonly groupIds: readonly string[];
  readonly sourceDestCheck: boolean;
  readonly requesterManaged: boolean;
  /** ConnectionTrackingConfiguration, what of it is set: by the interface, else by its instance's type (CT-21, CT-22). */
  readonly idleSeconds: Partial<IdleSeconds>;
  readonly place: string;
}

export interface PrefixList {
  readonly id: string;
  readonly name: string;
  /** Undefined when no document holds the entries (SG-9). */
  readonly entries?: readonly Prefix[];
  /** Size of a customer's list, which counts against the rule quota (PR-8), when a document tells it. */
  readonly maxEntries?: number;
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

export interface GroupAssociation {
  readonly groupId: string;
  readonly vpcId: string;
  /** `associated` when the group can be used. */
  readonly state: string;
  readonly place: string;
}

export interface TransitAttachment {
  readonly transitGatewayId: string;
  readonly vpcId: string;
  /** `available` when it carries traffic. */
  readonly state: string;
  /** Whether the attachment passes group references on (default: it does). */
  readonly groupReferences: boolean;
  /** Whether the gateway itself does (default: it does not). Undefined when no document tells. */
  readonly gatewayGroupReferences?: boolean;
  /** Of the gateway: `available` when it carries traffic. Undefined when no document tells. */
  readonly gatewayState?: string;
  readonly place: string;
}

/** Kinds of middlebox that matter to tracking and group references (CT-7, SG-17). */
export const PATH_KINDS = [
  'egress-only-internet-gateway',
  'global-accelerator',
  'nat-gateway',
  'network-firewall',
  'network-load-balancer',
  'privatelink',
  'lambda',
  'dynamodb',
  'gateway-load-balancer',
  'transit-gateway',
  'appliance',
] as const;

export type PathKind = (typeof PATH_KINDS)[number];

/** Traffic with the addresses of a prefix goes through something. */
export interface Path {
  readonly prefix: Prefix;
  readonly via: PathKind;
  readonly place: string;
}
