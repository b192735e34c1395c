import * as z from 'zod/mini';
import type { Direction, Peer, Rule, Traffic } from '../model/security-group.js';
import { readPrefix } from './cidr.js';
import type { Collected } from './collected.js';
import { inside, placeText, type Place } from './place.js';
import { memberOf, optionalNumber, optionalText, readList, readShape, textOf } from './shape.js';
import { AWS_LABELS, readTraffic } from './traffic.js';

/** Reads one entry of describe-security-groups: every peer of every permission is a rule of its own (SG-8). */
export function readSecurityGroup(value: unknown, place: Place, into: Collected): void {
  const group = readShape(GROUP, value, place);
  const id = textOf(value, 'GroupId');
  const direction = (key: string, name: Direction): Rule[] =>
    readPermissions(memberOf(value, key), inside(place, key), {
      groupId: id ?? '',
      direction: name,
    });
  const ingress = direction('IpPermissions', 'ingress');
  const egress = direction('IpPermissionsEgress', 'egress');
  // A faulty group still counts as known, or every interface that carries it would be reported too.
  if (id === undefined) return;
  into.groups.push({
    id,
    name: group?.GroupName ?? id,
    vpcId: group?.VpcId ?? '',
    ...(typeof group?.OwnerId === 'string' ? { ownerId: group.OwnerId } : {}),
    ...(typeof group?.Description === 'string' ? { description: group.Description } : {}),
    rules: [...ingress, ...egress],
    place: placeText(place),
  });
}

/** Reads the peer of a UserIdGroupPair or ReferencedGroupInfo. */
export function groupPeer(pair: z.output<typeof GROUP_PAIR>): Peer {
  return {
    kind: 'group',
    groupId: pair.GroupId,
    ...(typeof pair.UserId === 'string' ? { ownerId: pair.UserId } : {}),
    ...(typeof pair.VpcId === 'string' ? { vpcId: pair.VpcId } : {}),
    ...(typeof pair.VpcPeeringConnectionId === 'string'
      ? { peeringId: pair.VpcPeeringConnectionId }
      : {}),
    ...(typeof pair.PeeringStatus === 'string' ? { peeringStatus: pair.PeeringStatus } : {}),
  };
}

export const GROUP_PAIR = z.object({
  GroupId: z.string(),
  UserId: optionalText,
  VpcId: optionalText,
  VpcPeeringConnectionId: optionalText,
  PeeringStatus: optionalText,
  Description: optionalText,
});

const GROUP = z.object({
  GroupId: z.string(),
  GroupName: optionalText,
  VpcId: z.string(),
  OwnerId: optionalText,
  Description: optionalText,
});

const PERMISSION = z.object({
  IpProtocol: z.string(),
  FromPort: optionalNumber,
  ToPort: optionalNumber,
});

const IPV4_RANGE = z.object({ CidrIp: z.string(), Description: optionalText });
const IPV6_RANGE = z.object({ CidrIpv6: z.string(), Description: optionalText });
const LIST_PEER = z.object({ PrefixListId: z.string(), Description: optionalText });

interface Owner {
  readonly groupId: string;
  readonly direction: Direction;
}

interface FoundPeer {
  readonly peer: Peer;
  readonly description: string | null | undefined;
  readonly place: Place;
}

/** Reads a list of permissions; every peer is a rule of its own. */
export function readPermissions(value: unknown, place: Place, owner: Owner): Rule[] {
  const rules: Rule[] = [];
  for (const item of readList(value, place)) {
    const peers = readPeers(item.value, item.place);
    const traffic = readPermissionTraffic(item.value, item.place);
    if (traffic === undefined) continue;
    for (const { peer, description, place: at } of peers) {
      rules.push({
        id: `${owner.groupId}:${owner.direction}:${rules.length + 1}`,
        ...owner,
        traffic,
        peer,
        ...(typeof description === 'string' ? { description } : {}),
        place: placeText(at),
      });
    }
  }
  return rules;
}

/** What a permission's rules match besides their peers. */
export function readPermissionTraffic(value: unknown, place: Place): Traffic | undefined {
  const permission = readShape(PERMISSION, value, place);
  if (permission === undefined) return undefined;
  const { IpProtocol: protocol, FromPort: from, ToPort: to } = permission;
  return readTraffic({ protocol, from, to }, AWS_LABELS, place);
}

function readPeers(permission: unknown, place: Place): FoundPeer[] {
  const peers: FoundPeer[] = [];
  const each = (key: string, read: (value: unknown, at: Place) => FoundPeer | undefined): void => {
    for (const item of readList(memberOf(permission, key), inside(place, key))) {
      const peer = read(item.value, item.place);
      if (peer !== undefined) peers.push(peer);
    }
  };
  each('IpRanges', (value, at) => {
    const range = readShape(IPV4_RANGE, value, at);
    return range && cidrPeer(range.CidrIp, 4, range.Description, inside(at, 'CidrIp'));
  });
  each('Ipv6Ranges', (value, at) => {
    const range = readShape(IPV6_RANGE, value, at);
    return range && cidrPeer(range.CidrIpv6, 6, range.Description, inside(at, 'CidrIpv6'));
  });
  each('PrefixListIds', (value, at) => {
    const list = readShape(LIST_PEER, value, at);
    if (list === undefined) return undefined;
    const peer: Peer = { kind: 'prefix-list', prefixListId: list.PrefixListId };
    return { peer, description: list.Description, place: at };
  });
  each('UserIdGroupPairs', (value, at) => {
    const pair = readShape(GROUP_PAIR, value, at);
    return pair && { peer: groupPeer(pair), description: pair.Description, place: at };
  });
  return peers;
}

function cidrPeer(
  text: string,
  family: 4 | 6,
  description: string | null | undefined,
  place: Place,
): FoundPeer | undefined {
  const prefix = readPrefix(text, place, family);
  return prefix && { peer: { kind: 'cidr', prefix }, description, place };
}
