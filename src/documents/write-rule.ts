import { formatPrefix } from '../model/address.js';
import { protocolName } from '../model/protocol.js';
import type { Peer, Rule, Traffic } from '../model/security-group.js';

/** A rule as describe-security-groups prints it: a permission with one peer. */
export function permissionOf({ traffic, peer, description }: Rule): Record<string, unknown> {
  const [list, item] = peerItem(peer);
  const empty = { UserIdGroupPairs: [], IpRanges: [], Ipv6Ranges: [], PrefixListIds: [] };
  return { ...trafficKeys(traffic), ...empty, [list]: [withDescription(item, description)] };
}

/** A rule as describe-security-group-rules prints it. */
export function ruleEntryOf(
  { id, groupId, direction, traffic, peer, description }: Rule,
  ownerId: string | undefined,
): Record<string, unknown> {
  const both = trafficKeys(traffic);
  return {
    SecurityGroupRuleId: id,
    GroupId: groupId,
    ...(ownerId === undefined ? {} : { GroupOwnerId: ownerId }),
    IsEgress: direction === 'egress',
    // AWS tells -1 here where a permission has no ports at all (PR-1).
    ...{ IpProtocol: both.IpProtocol, FromPort: both.FromPort ?? -1, ToPort: both.ToPort ?? -1 },
    ...peerKey(peer),
    ...(description === undefined ? {} : { Description: description }),
  };
}

interface TrafficKeys {
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
}

function trafficKeys(traffic: Traffic): TrafficKeys {
  switch (traffic.kind) {
    case 'all':
      return { IpProtocol: '-1' };
    case 'ports':
      return {
        IpProtocol: protocolName(traffic.protocol),
        FromPort: traffic.from,
        ToPort: traffic.to,
      };
    case 'icmp':
      return {
        IpProtocol: protocolName(traffic.protocol),
        FromPort: traffic.type,
        ToPort: traffic.code,
      };
    case 'protocol':
      return { IpProtocol: String(traffic.protocol) };
  }
}

/** List of a permission that a peer stands in, and how. */
function peerItem(peer: Peer): readonly [list: string, item: Record<string, unknown>] {
  switch (peer.kind) {
    case 'cidr': {
      const text = formatPrefix(peer.prefix);
      return peer.prefix.family === 4
        ? ['IpRanges', { CidrIp: text }]
        : ['Ipv6Ranges', { CidrIpv6: text }];
    }
    case 'prefix-list':
      return ['PrefixListIds', { PrefixListId: peer.prefixListId }];
    case 'group':
      return ['UserIdGroupPairs', groupKeys(peer)];
  }
}

function peerKey(peer: Peer): Record<string, unknown> {
  switch (peer.kind) {
    case 'cidr':
      return { [peer.prefix.family === 4 ? 'CidrIpv4' : 'CidrIpv6']: formatPrefix(peer.prefix) };
    case 'prefix-list':
      return { PrefixListId: peer.prefixListId };
    case 'group':
      return { ReferencedGroupInfo: groupKeys(peer) };
  }
}

function groupKeys(peer: Extract<Peer, { kind: 'group' }>): Record<string, unknown> {
  const { groupId, ownerId, vpcId, peeringId, peeringStatus } = peer;
  return {
    GroupId: groupId,
    ...(ownerId === undefined ? {} : { UserId: ownerId }),
    ...(vpcId === undefined ? {} : { VpcId: vpcId }),
    ...(peeringId === undefined ? {} : { VpcPeeringConnectionId: peeringId }),
    ...(peeringStatus === undefined ? {} : { PeeringStatus: peeringStatus }),
  };
}

const withDescription = (
  item: Record<string, unknown>,
  description: string | undefined,
): Record<string, unknown> =>
  description === undefined ? item : { ...item, Description: description };
