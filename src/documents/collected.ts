import type { Address, Prefix } from '../model/address.js';
import type { Rule, SecurityGroup } from '../model/security-group.js';
import type { IdleSeconds } from '../model/tracking.js';
import type {
  GroupAssociation,
  Path,
  TransitAttachment,
  NetworkInterface,
  Peering,
  PrefixList,
  Subnet,
  Vpc,
} from '../model/vpc.js';

/** What the documents hold, in document order, before anything is joined, checked or left out. */
export interface Collected {
  readonly vpcs: Vpc[];
  readonly subnets: Subnet[];
  readonly groups: SecurityGroup[];
  /** Groups whose document says nothing on egress: AWS's default applies (SG-5). */
  readonly defaultEgress: Set<SecurityGroup>;
  /** Rules of describe-security-group-rules, each with its `sgr-...` id. */
  readonly rules: Rule[];
  /** Group id to owner account, as those rules tell it. */
  readonly groupOwners: Map<string, string>;
  readonly interfaces: NetworkInterface[];
  /** Interfaces as described inside their instance, which knows less of them. */
  readonly instanceInterfaces: NetworkInterface[];
  /** Instance id to the value of its Name tag. */
  readonly instanceNames: Map<string, string>;
  /** Instance id to its type. */
  readonly instanceTypes: Map<string, string>;
  /** Instance id to its public address, which is that of its primary interface. */
  readonly instanceAddresses: Map<string, Address>;
  /** Instance type to the idle limits of its interfaces, as far as the document tells them (CT-22). */
  readonly typeIdleSeconds: Map<string, Partial<IdleSeconds>>;
  readonly prefixLists: PrefixList[];
  /** Prefix list id to the size that counts against the rule quota (PR-8). */
  readonly maxEntries: Map<string, number>;
  readonly entries: CollectedEntries[];
  readonly peerings: Peering[];
  readonly associations: GroupAssociation[];
  readonly transitGateways: CollectedGateway[];
  /** Not yet joined with what is known of their gateways. */
  readonly transitAttachments: TransitAttachment[];
  readonly staleRules: CollectedStaleRule[];
  readonly paths: Path[];
}

/** Entries that AWS returns without saying of which list. */
export interface CollectedEntries {
  /** Named beside the entries. */
  readonly prefixListId?: string;
  readonly file: string;
  readonly entries: readonly Prefix[];
  readonly place: string;
}

/** A transit gateway by itself (SG-14). */
export interface CollectedGateway {
  readonly id: string;
  readonly state: string;
  readonly groupReferences: boolean;
  readonly place: string;
}

/** What AWS lists as stale, without the rule's id (SG-19). */
export type CollectedStaleRule = Pick<Rule, 'groupId' | 'direction' | 'traffic' | 'peer' | 'place'>;

export function nothingCollected(): Collected {
  return {
    vpcs: [],
    subnets: [],
    groups: [],
    defaultEgress: new Set(),
    rules: [],
    groupOwners: new Map(),
    interfaces: [],
    instanceInterfaces: [],
    instanceNames: new Map(),
    instanceTypes: new Map(),
    instanceAddresses: new Map(),
    typeIdleSeconds: new Map(),
    prefixLists: [],
    maxEntries: new Map(),
    entries: [],
    peerings: [],
    associations: [],
    transitGateways: [],
    transitAttachments: [],
    staleRules: [],
    paths: [],
  };
}
