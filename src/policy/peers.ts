import { addressWidth, prefixContains, prefixOf } from '../model/address.js';
import type { Prefix } from '../model/address.js';
import type { Peer, Rule } from '../model/security-group.js';
import type { PathKind, Peering, VpcDescription } from '../model/vpc.js';

/** Why a rule matches nothing whatever arrives (SG-9, SG-13, SG-19). */
export type RuleProblem = 'unresolved' | 'stale' | 'unknown-group' | 'not-peered';

/** The prefixes that a rule's peer stands for now, or why it stands for none. */
export type PeerMeaning =
  | { readonly prefixes: readonly Prefix[] }
  | { readonly problem: RuleProblem; readonly fact: string; readonly fix: string };

type GroupPeer = Extract<Peer, { kind: 'group' }>;

/** What peers are looked up in: the documents, indexed once. */
export interface PeerIndex {
  /** Private addresses and delegated prefixes of the interfaces that carry a group, by group (SG-10). */
  readonly members: ReadonlyMap<string, readonly Prefix[]>;
  /** VPC of every group described or carried; empty when no document tells. */
  readonly vpcOfGroup: ReadonlyMap<string, string>;
  /** Undefined entries: the list is known, its entries are not (SG-9). */
  readonly entries: ReadonlyMap<string, readonly Prefix[] | undefined>;
  readonly peeringById: ReadonlyMap<string, Peering>;
  /** By `pairKey` of the two VPCs; a deleted peering may stand beside its successor. */
  readonly peeringsByPair: ReadonlyMap<string, readonly Peering[]>;
}

/** Indexes the documents for `resolvePeer`. The first of several things with one id counts. */
export function indexPeers(description: VpcDescription): PeerIndex {
  return {
    members: groupMembers(description),
    vpcOfGroup: groupVpcs(description),
    entries: firstById(description.prefixLists, (list) => list.entries),
    peeringById: firstById(description.peerings, (peering) => peering),
    peeringsByPair: pairPeerings(description.peerings),
  };
}

/** What the peer of a rule stands for (SG-8..SG-13, SG-18, SG-19). */
export function resolvePeer(rule: Rule, index: PeerIndex): PeerMeaning {
  const { peer } = rule;
  switch (peer.kind) {
    case 'cidr':
      return { prefixes: [peer.prefix] };
    case 'prefix-list':
      return resolvePrefixList(peer.prefixListId, index);
    case 'group':
      return resolveGroup(rule.groupId, peer, index);
  }
}

/** SG-9. A list that is loaded and empty is no problem: it matches nothing by its own wish. */
function resolvePrefixList(id: string, index: PeerIndex): PeerMeaning {
  const prefixes = index.entries.get(id);
  if (prefixes !== undefined) return { prefixes };
  return {
    problem: 'unresolved',
    fact: `entries of prefix list ${id} are not loaded, so the rule matches nothing`,
    fix: `add the output of get-managed-prefix-list-entries for ${id}`,
  };
}

/** SG-10, SG-13, SG-19. Rules of the referenced group play no part (SG-11). */
function resolveGroup(owner: string, peer: GroupPeer, index: PeerIndex): PeerMeaning {
  const { groupId } = peer;
  const theirVpc = index.vpcOfGroup.get(groupId);
  if (theirVpc === undefined) {
    return {
      problem: 'unknown-group',
      fact: `group ${groupId} is in no document, so the rule matches nothing`,
      fix: `add ${groupId} and its interfaces to the VPC description`,
    };
  }
  const link = linkBetween(
    index.vpcOfGroup.get(owner) ?? '',
    theirVpc || (peer.vpcId ?? ''),
    peer,
    index,
  );
  if (link === 'stale') {
    return {
      problem: 'stale',
      fact: `the peering to group ${groupId} is not active, so the rule matches nothing`,
      fix: 'remove the rule, or load the active peering',
    };
  }
  if (link === 'not-peered') {
    return {
      problem: 'not-peered',
      fact: `group ${groupId} is in another VPC without a peering in the same Region, so the rule matches nothing`,
      fix: 'add the peering to the VPC description, or name a CIDR',
    };
  }
  return { prefixes: index.members.get(groupId) ?? [] };
}

/** Whether rules of a group in VPC `ours` may name the peer in VPC `theirs` (SG-13, SG-19). */
function linkBetween(
  ours: string,
  theirs: string,
  { peeringId, peeringStatus }: GroupPeer,
  index: PeerIndex,
): 'linked' | 'stale' | 'not-peered' {
  if (peeringStatus !== undefined && peeringStatus !== 'active') return 'stale';
  const named = peeringId === undefined ? undefined : index.peeringById.get(peeringId);
  if (named !== undefined && named.status !== 'active') return 'stale';
  if (ours === theirs || ours === '' || theirs === '') return 'linked';

  const peerings = index.peeringsByPair.get(pairKey(ours, theirs)) ?? [];
  const active = peerings.filter(({ status }) => status === 'active');
  if (active.some(sameRegion)) return 'linked';
  if (active.length > 0) return 'not-peered';
  if (peerings.length > 0) return 'stale';
  // The document that names the group vouches for a peering of which no other document is loaded.
  return peeringStatus === 'active' && named === undefined ? 'linked' : 'not-peered';
}

/** A Region that no document names is taken for the same one. */
function sameRegion({ requester, accepter }: Peering): boolean {
  return (
    requester.region === undefined ||
    accepter.region === undefined ||
    requester.region === accepter.region
  );
}

function pairPeerings(peerings: readonly Peering[]): Map<string, Peering[]> {
  const pairs = new Map<string, Peering[]>();
  for (const peering of peerings) {
    const key = pairKey(peering.requester.vpcId, peering.accepter.vpcId);
    const pair = pairs.get(key);
    if (pair === undefined) pairs.set(key, [peering]);
    else pair.push(peering);
  }
  return pairs;
}

function pairKey(one: string, other: string): string {
  return JSON.stringify([one, other].sort());
}

/** SG-10, SG-17, SG-18: private addresses only; an Elastic IP never stands in an interface's address list. */
function groupMembers({ interfaces, paths }: VpcDescription): Map<string, Prefix[]> {
  const hidden = paths.filter(({ via }) => HIDING.includes(via)).map(({ prefix }) => prefix);
  const members = new Map<string, Prefix[]>();
  for (const { addresses, delegated, groupIds } of interfaces) {
    const held = [
      ...addresses.map((address) => prefixOf(address, addressWidth(address.family))),
      ...delegated,
    ].filter((prefix) => !hidden.some((path) => isWithin(prefix, path)));
    for (const groupId of new Set(groupIds)) {
      const prefixes = members.get(groupId);
      if (prefixes === undefined) members.set(groupId, [...held]);
      else for (const prefix of held) prefixes.push(prefix);
    }
  }
  return members;
}

/** Middleboxes that rewrite addresses, or on whose way AWS does not follow memberships (SG-17). */
const HIDING: readonly PathKind[] = [
  'nat-gateway',
  'network-firewall',
  'network-load-balancer',
  'gateway-load-balancer',
  'privatelink',
  'appliance',
];

function isWithin(inner: Prefix, outer: Prefix): boolean {
  return inner.length >= outer.length && prefixContains(outer, inner);
}

/** A group that is carried but not described lives where its first carrier does. */
function groupVpcs({ groups, interfaces }: VpcDescription): Map<string, string> {
  const vpcs = firstById(groups, ({ vpcId }) => vpcId);
  for (const { groupIds, vpcId } of interfaces) {
    for (const groupId of groupIds) if (!vpcs.has(groupId)) vpcs.set(groupId, vpcId);
  }
  return vpcs;
}

function firstById<Item extends { readonly id: string }, Value>(
  items: readonly Item[],
  valueOf: (item: Item) => Value,
): Map<string, Value> {
  const byId = new Map<string, Value>();
  for (const item of items) if (!byId.has(item.id)) byId.set(item.id, valueOf(item));
  return byId;
}
