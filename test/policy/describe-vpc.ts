import { parseAddress, parsePrefix } from '../../src/model/address.js';
import type { Prefix } from '../../src/model/address.js';
import type { Peer, Rule, SecurityGroup, Traffic } from '../../src/model/security-group.js';
import type { NetworkInterface, Peering, VpcDescription } from '../../src/model/vpc.js';

/** A description from its parts; what is left out is empty. */
export function describeVpc(parts: Partial<VpcDescription>): VpcDescription {
  return {
    vpcs: [],
    subnets: [],
    groups: [],
    interfaces: [],
    prefixLists: [],
    peerings: [],
    associations: [],
    transitAttachments: [],
    paths: [],
    ...parts,
  };
}

/**
 * A group with rules such as `in tcp/443 0.0.0.0/0`, `out udp/0-65535 pl-dns`, `in icmp/8/-1 sg-web`, `in 50 ::/0`
 * or `out all 10.0.0.0/8`. Rule ids are the group and the position, from 1: `sg-web:1`.
 */
export function group(
  id: string,
  rules: readonly string[] = [],
  { vpcId = 'vpc-1', peer = {} }: { vpcId?: string; peer?: Partial<Peer> } = {},
): SecurityGroup {
  return {
    id,
    name: id,
    vpcId,
    place: id,
    rules: rules.map((text, at) => ruleOf(id, at + 1, text, peer)),
  };
}

/** An interface with plain addresses, in `vpc-1` unless told otherwise. */
export function eni(
  id: string,
  addresses: readonly string[],
  groupIds: readonly string[],
  more: Partial<NetworkInterface> = {},
): NetworkInterface {
  return {
    id,
    vpcId: 'vpc-1',
    type: 'interface',
    addresses: addresses.map((text) => parseAddress(text)!),
    delegated: [],
    groupIds,
    sourceDestCheck: true,
    requesterManaged: false,
    idleSeconds: {},
    place: id,
    ...more,
  };
}

export function prefixes(...texts: string[]): Prefix[] {
  return texts.map((text) => parsePrefix(text)!.prefix);
}

/** `regions`: of the requester and the accepter. */
export function peering(
  id: string,
  status: string,
  [requester, accepter]: readonly [string, string],
  regions?: readonly [string, string],
): Peering {
  return {
    id,
    status,
    requester: { vpcId: requester, ...(regions && { region: regions[0] }) },
    accepter: { vpcId: accepter, ...(regions && { region: regions[1] }) },
    place: id,
  };
}

function ruleOf(groupId: string, position: number, text: string, more: Partial<Peer>): Rule {
  const [direction, traffic, peer] = text.split(' ') as [string, string, string];
  return {
    id: `${groupId}:${position}`,
    groupId,
    direction: direction === 'in' ? 'ingress' : 'egress',
    traffic: trafficOf(traffic),
    peer: peerOf(peer, more),
    place: `${groupId}:${position}`,
  };
}

function trafficOf(text: string): Traffic {
  const [name, first, second] = text.split('/') as [string, string?, string?];
  switch (name) {
    case 'all':
      return { kind: 'all' };
    case 'tcp':
    case 'udp': {
      const [from, to = from] = first!.split('-').map(Number);
      return { kind: 'ports', protocol: name === 'tcp' ? 6 : 17, from: from!, to: to! };
    }
    case 'icmp':
    case 'icmpv6':
      return {
        kind: 'icmp',
        protocol: name === 'icmp' ? 1 : 58,
        type: Number(first),
        code: Number(second),
      };
    default:
      return { kind: 'protocol', protocol: Number(name) };
  }
}

function peerOf(text: string, more: Partial<Peer>): Peer {
  if (text.startsWith('pl-')) return { kind: 'prefix-list', prefixListId: text };
  if (text.startsWith('sg-')) return { ...more, kind: 'group', groupId: text };
  return { kind: 'cidr', prefix: parsePrefix(text)!.prefix };
}
