import type { Prefix } from '../model/address.js';
import type { Rule } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';
import { indexLinks, linkGroups, type GroupPeer, type VpcLinks } from './group-link.js';
import { indexGroupVpcs } from './group-vpcs.js';
import { groupMembers } from './members.js';
import type { Unmatched } from './rule-problem.js';

/** The prefixes that a rule's peer stands for now, or why it stands for none. */
export type PeerMeaning =
  | {
      readonly prefixes: readonly Prefix[];
      /** Set when the reference is good only over a transit gateway (SG-14). */
      readonly overTransit?: true;
    }
  | Unmatched;

/** What peers are looked up in: the documents, indexed once. */
export interface PeerIndex {
  /** By group (SG-10). */
  readonly members: ReadonlyMap<string, readonly Prefix[]>;
  /** Undefined entries: the list is known, its entries are not (SG-9). */
  readonly entries: ReadonlyMap<string, readonly Prefix[] | undefined>;
  readonly links: VpcLinks;
}

/** Indexes the documents for `resolvePeer`. The first of several things with one id counts. */
export function indexPeers(description: VpcDescription): PeerIndex {
  const groupVpcs = indexGroupVpcs(description);
  const entries = new Map<string, readonly Prefix[] | undefined>();
  for (const list of description.prefixLists) {
    if (!entries.has(list.id)) entries.set(list.id, list.entries);
  }
  return {
    members: groupMembers(description, groupVpcs),
    entries,
    links: indexLinks(description, groupVpcs),
  };
}

/** Whether a group is described, or at least carried. */
export function isKnownGroup(groupId: string, { links }: PeerIndex): boolean {
  return links.groupVpcs.vpcs.has(groupId);
}

/** What the peer of a rule stands for (SG-8..SG-19). */
export function resolvePeer(rule: Rule, index: PeerIndex): PeerMeaning {
  const { peer } = rule;
  switch (peer.kind) {
    case 'cidr':
      return { prefixes: [peer.prefix] };
    case 'prefix-list':
      return resolvePrefixList(peer.prefixListId, index);
    case 'group':
      return resolveGroup(rule, peer, index);
  }
}

/** SG-9. A list that is loaded and empty is no problem: it matches nothing by its own wish. */
function resolvePrefixList(id: string, index: PeerIndex): PeerMeaning {
  const prefixes = index.entries.get(id);
  if (prefixes !== undefined) return { prefixes };
  return {
    problem: 'unresolved',
    fact: `entries of prefix list ${id} are not loaded`,
    fix: `add the output of get-managed-prefix-list-entries for ${id}`,
  };
}

/** SG-10, SG-19. Rules of the referenced group play no part (SG-11). Its id is enough to know it (SG-16). */
function resolveGroup(rule: Rule, peer: GroupPeer, index: PeerIndex): PeerMeaning {
  const { groupId, stale } = peer;
  if (stale) {
    return {
      problem: 'stale',
      fact: `AWS lists the reference to group ${groupId} as stale`,
      fix: 'remove the rule, or fetch describe-stale-security-groups again',
    };
  }
  if (!isKnownGroup(groupId, index)) {
    return {
      problem: 'unknown-group',
      fact: `group ${groupId} is in no document`,
      fix: `add ${groupId} and its interfaces to the VPC description`,
    };
  }
  const link = linkGroups(rule, peer, index.links);
  if (typeof link === 'object') return link;
  const prefixes = index.members.get(groupId) ?? [];
  return link === 'transit' ? { prefixes, overTransit: true } : { prefixes };
}
