import type { Peer, Rule } from '../model/security-group.js';
import type { Peering, VpcDescription } from '../model/vpc.js';
import type { GroupVpcs } from './group-vpcs.js';
import { indexPeerings, peeringLink, type PeeringsByPair } from './peering-link.js';
import type { Unmatched } from './rule-problem.js';
import { indexTransit, transitLink, type TransitGateways } from './transit-link.js';

export type GroupPeer = Extract<Peer, { kind: 'group' }>;

/** What stands between VPCs, indexed once. */
export interface VpcLinks {
  readonly groupVpcs: GroupVpcs;
  readonly peeringById: ReadonlyMap<string, Peering>;
  readonly peerings: PeeringsByPair;
  readonly transitGateways: TransitGateways;
}

export function indexLinks(description: VpcDescription, groupVpcs: GroupVpcs): VpcLinks {
  const peeringById = new Map<string, Peering>();
  for (const peering of description.peerings) {
    if (!peeringById.has(peering.id)) peeringById.set(peering.id, peering);
  }
  return {
    groupVpcs,
    peeringById,
    peerings: indexPeerings(description.peerings),
    transitGateways: indexTransit(description.transitAttachments),
  };
}

/**
 * How a rule's group reaches the group that the rule names: within one VPC, shared or not (SG-15, SG-16), over a
 * peering (SG-13) or over a transit gateway (SG-14); else why it does not (SG-19).
 */
export function linkGroups(
  { groupId, direction }: Pick<Rule, 'groupId' | 'direction'>,
  peer: GroupPeer,
  links: VpcLinks,
): 'near' | 'transit' | Unmatched {
  const named = peer.peeringId === undefined ? undefined : links.peeringById.get(peer.peeringId);
  if (isOff(peer.peeringStatus) || isOff(named?.status)) return stalePeering(peer);
  const ours = links.groupVpcs.vpcs.get(groupId) ?? [];
  const known = links.groupVpcs.vpcs.get(peer.groupId) ?? [];
  const theirs = known.length > 0 || peer.vpcId === undefined ? known : [peer.vpcId];
  // A VPC that no document tells is taken for the same one.
  if (ours.length === 0 || theirs.length === 0) return 'near';
  if (ours.some((vpcId) => theirs.includes(vpcId))) return 'near';

  const pairs = ours.flatMap((one) => theirs.map((other) => [one, other] as const));
  const overPeering = pairs.map(([one, other]) => peeringLink(one, other, links.peerings));
  if (overPeering.includes('linked')) return 'near';
  const overTransit = pairs
    .map(([one, other]) => transitLink(one, other, direction, links.transitGateways))
    .filter((link) => link !== undefined);
  if (overTransit.includes('linked')) return 'transit';
  const transitFault = overTransit.find((link) => link !== 'linked');
  if (transitFault !== undefined) return transitFault;
  const removed =
    removedAssociation(groupId, theirs, links) ?? removedAssociation(peer.groupId, ours, links);
  if (removed !== undefined) return removed;
  if (overPeering.includes('other-region')) return notConnected(peer);
  if (overPeering.includes('stale')) return stalePeering(peer);
  // The document that names the group vouches for a peering of which no other document is loaded.
  return peer.peeringStatus === 'active' && named === undefined ? 'near' : notConnected(peer);
}

const isOff = (status: string | undefined): boolean => status !== undefined && status !== 'active';

const stalePeering = ({ groupId }: GroupPeer): Unmatched => ({
  problem: 'stale',
  fact: `the peering to group ${groupId} is not active`,
  fix: 'remove the rule, or load the active peering',
  overPeering: true,
});

const notConnected = ({ groupId }: GroupPeer): Unmatched => ({
  problem: 'not-peered',
  fact: `group ${groupId} is in another VPC without a peering in the same Region`,
  fix: 'add the peering, transit gateway or association to the VPC description, or name a CIDR',
});

/** SG-19: a group that was in the other's VPC once. */
function removedAssociation(
  groupId: string,
  vpcIds: readonly string[],
  { groupVpcs }: VpcLinks,
): Unmatched | undefined {
  const removed = groupVpcs.removed.get(groupId);
  const vpcId = vpcIds.find((id) => removed?.has(id));
  if (removed === undefined || vpcId === undefined) return undefined;
  return {
    problem: 'stale',
    fact: `the association of group ${groupId} with ${vpcId} is ${removed.get(vpcId)!}`,
    fix: 'remove the rule, or load the association once it is associated',
  };
}
