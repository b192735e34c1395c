import { type Address, addressWidth, formatAddress, formatPrefix } from '../model/address.js';
import { protocolName } from '../model/protocol.js';
import type { Traffic } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';
import { indexPeers, resolvePeer } from '../policy/peers.js';
import type { ResolvedRule } from '../policy/resolve.js';
import type { Unmatched } from '../policy/rule-problem.js';
import { type HeldRule, icmpFamily } from './held-rule.js';
import { membershipOf } from './membership.js';
import { identifyPeer } from './peer-identity.js';
import type { PacketFields } from './reference-rules.js';

/** Why the fields of a rule that fail do, the peer last: `port 5433 is not 5432; 10.0.9.9 is outside 10.0.1.0/24`. */
export function missOf(
  { resolved, protocol, ports, peer, outOfReach }: HeldRule,
  packet: PacketFields,
  remote: Address,
  description: VpcDescription,
): string {
  const { traffic } = resolved.rule;
  const parts: string[] = [];
  if (!protocol) parts.push(protocolMiss(traffic, packet));
  // That icmp has no port follows from what it is.
  const { transport } = packet;
  const haveBothPorts =
    traffic.kind === 'ports' && transport !== undefined && transport.kind !== 'icmp';
  if (!ports && (protocol || haveBothPorts)) parts.push(portsMiss(traffic, packet));
  if (!peer) parts.push(peerMiss(resolved, outOfReach === true, remote, description));
  return parts.join('; ');
}

/** Why a rule matches nothing whatever arrives, as the warnings of the VPC tell it; undefined for one that may. */
export function problemOf(
  { rule, problem }: ResolvedRule,
  description: VpcDescription,
): Unmatched | undefined {
  if (problem === undefined) return undefined;
  const meaning = resolvePeer(rule, indexPeers(description));
  return 'problem' in meaning ? meaning : undefined;
}

/** The peering that a rule's reference to a group would need; undefined when no document has it. */
export function peeringOf(
  { rule }: ResolvedRule,
  { peerings, groups, interfaces }: VpcDescription,
): string | undefined {
  const { peer } = rule;
  if (peer.kind !== 'group') return undefined;
  if (peer.peeringId !== undefined) return peer.peeringId;
  const vpcOf = (groupId: string): string | undefined =>
    groups.find(({ id }) => id === groupId)?.vpcId ??
    interfaces.find(({ groupIds }) => groupIds.includes(groupId))?.vpcId;
  const pair = [vpcOf(rule.groupId), vpcOf(peer.groupId) ?? peer.vpcId];
  return peerings.find(
    ({ requester, accepter }) => pair.includes(requester.vpcId) && pair.includes(accepter.vpcId),
  )?.id;
}

function protocolMiss(traffic: Traffic, packet: PacketFields): string {
  const { protocol, source } = packet;
  if (traffic.kind === 'all') return '';
  const own = protocolName(protocol);
  const named = protocolName(traffic.protocol);
  if (traffic.kind === 'icmp' && protocol === traffic.protocol) {
    return `${named} rules are for IPv${icmpFamily(traffic.protocol)} only, not IPv${source.family}`;
  }
  return `${own} is not ${named}`;
}

function portsMiss(traffic: Traffic, { transport, protocol }: PacketFields): string {
  if (traffic.kind === 'ports') {
    if (transport?.kind !== 'tcp' && transport?.kind !== 'udp') return LATER_FRAGMENT;
    const { from, to } = traffic;
    const { destinationPort: port } = transport;
    return from === to ? `port ${port} is not ${from}` : `port ${port} is outside ${from}-${to}`;
  }
  if (traffic.kind !== 'icmp') return '';
  if (transport?.kind !== 'icmp') return LATER_FRAGMENT;
  const name = protocolName(protocol);
  return traffic.type === -1 || traffic.type === transport.type
    ? `${name} code ${transport.code} is not ${traffic.code}`
    : `${name} type ${transport.type} is not ${traffic.type}`;
}

const LATER_FRAGMENT = 'a later fragment tells no port';

function peerMiss(
  resolved: ResolvedRule,
  isOutOfReach: boolean,
  remote: Address,
  description: VpcDescription,
): string {
  const { rule, prefixes } = resolved;
  const { peer } = rule;
  const address = formatAddress(remote);
  switch (peer.kind) {
    case 'cidr': {
      const { prefix } = peer;
      if (prefix.family !== remote.family) {
        return `${formatPrefix(prefix)} is IPv${prefix.family} only`;
      }
      return prefix.length === addressWidth(prefix.family)
        ? `${address} is not ${formatAddress(prefix)}`
        : `${address} is outside ${formatPrefix(prefix)}`;
    }
    case 'prefix-list': {
      const { prefixListId: id } = peer;
      if (resolved.problem !== undefined) return `peer ${id}: its entries are not loaded`;
      if (prefixes.length === 0) return `peer ${id} has no entries`;
      if (prefixes.every(({ family }) => family !== remote.family)) {
        return `peer ${id} is IPv${prefixes[0]!.family} only`;
      }
      return `peer ${address} is in no entry of ${id}`;
    }
    case 'group': {
      const problem = problemOf(resolved, description);
      if (problem !== undefined) {
        const peering = problem.overPeering ? peeringOf(resolved, description) : undefined;
        return peering === undefined
          ? `peer ${peer.groupId}: ${problem.fact}`
          : `peering ${peering} to ${peer.groupId} is not active`;
      }
      if (isOutOfReach) {
        return `peer ${peer.groupId}: references over a transit gateway do not hold at an endpoint of PrivateLink`;
      }
      return groupMiss(peer.groupId, remote, description);
    }
  }
}

/** SG-10, SG-15, SG-17, SG-18. */
function groupMiss(groupId: string, remote: Address, description: VpcDescription): string {
  const address = formatAddress(remote);
  const membership = membershipOf(description, groupId, remote);
  switch (membership.kind) {
    case 'public':
      return `peer ${address} is the public address of ${membership.eni.id}: ${groupId} covers private addresses only`;
    case 'hidden':
      return `peer ${address} is ${membership.eni.id} in ${groupId}, which the ${membership.path.via} on the way hides`;
    case 'member':
      return `peer ${address} is ${membership.eni.id}, and ${groupId} is not associated with its ${membership.eni.vpcId}`;
    case 'unknown':
    case 'stranger': {
      const { text } = identifyPeer(description, remote);
      const isEmpty = membership.kind === 'unknown' || membership.memberless;
      const named = isEmpty ? `${groupId}, of which no member is loaded` : groupId;
      return `peer ${address} is not in ${named}: it is ${text}`;
    }
  }
}
