import { addressWidth, prefixContains, prefixOf } from '../model/address.js';
import type { Address } from '../model/address.js';
import type { Edit } from '../model/edit.js';
import type { ConsideredRule, ConsideredRules } from '../model/explanation.js';
import type { IpPacket } from '../model/packet.js';
import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';
import type { Direction, Peer, Traffic } from '../model/security-group.js';
import type { NetworkInterface, VpcDescription } from '../model/vpc.js';
import { type PeerIndex, indexPeers, resolvePeer } from '../policy/peers.js';
import { applyFixEdit } from './fix-edit.js';
import { hasPrivateAddress, hasPublicAddress } from './peer-identity.js';
import { remoteAddress } from './reference-exempt.js';
import { isIcmp } from './reference-connection.js';

export type Authorize = Extract<Edit, { kind: 'authorize' }>;

/** Where a rule is missing, and the packet that it has to match. */
export interface MissingRule {
  readonly eni: string;
  readonly direction: Direction;
  readonly packet: IpPacket;
}

/**
 * The smallest rules that match the packet and that AWS would take, best peer first: a group that the other end carries, then
 * its address alone. `considered`: the rules that were looked at for the same packet, nearest first.
 */
export function smallestRules(
  description: VpcDescription,
  missing: MissingRule,
  considered?: ConsideredRules,
): Authorize[] {
  const { direction, packet } = missing;
  const traffic = trafficOf(packet);
  if (traffic === undefined) return [];
  const targets = targetGroups(description, missing, considered);
  const remote = remoteAddress(packet, direction);
  const index = indexPeers(description);
  const groups = carriedBy(description, remote, index).flatMap((peer) =>
    firstAccepted(description, targets, direction, traffic, peer, (groupId) =>
      contains(groupId, direction, peer, remote, index),
    ),
  );
  const alone: Peer = { kind: 'cidr', prefix: prefixOf(remote, addressWidth(remote.family)) };
  return [
    ...groups.slice(0, 1),
    ...firstAccepted(description, targets, direction, traffic, alone, () => true),
  ];
}

/** The nearest rule that fails in one field alone. */
export function nearestMiss(considered: ConsideredRules | undefined): ConsideredRule | undefined {
  return considered?.nearest.find(
    ({ protocol, ports, peer }) => [protocol, ports, peer].filter((holds) => !holds).length === 1,
  );
}

/** The interface that a public address stands for. */
export function holderOfPublic(
  { interfaces }: VpcDescription,
  address: Address,
): NetworkInterface | undefined {
  return interfaces.find((eni) => hasPublicAddress(eni, address));
}

/** What a rule must name of a packet besides its peer; undefined when its ports are out of sight (CT-18). */
function trafficOf(packet: IpPacket): Traffic | undefined {
  const { protocol, transport } = packet;
  if (isIcmp(packet)) {
    if (transport?.kind !== 'icmp') return undefined;
    const { type, code } = transport;
    return { kind: 'icmp', protocol: protocol === ICMP ? ICMP : ICMPV6, type, code };
  }
  if (protocol !== TCP && protocol !== UDP) return { kind: 'protocol', protocol };
  if (transport?.kind !== 'tcp' && transport?.kind !== 'udp') return undefined;
  const { destinationPort: port } = transport;
  return { kind: 'ports', protocol, from: port, to: port };
}

/** Groups of the interface: that of the nearest miss, then those that the fewest interfaces carry. */
function targetGroups(
  { groups, interfaces }: VpcDescription,
  { eni, direction }: MissingRule,
  considered: ConsideredRules | undefined,
): string[] {
  const carried = interfaces.find(({ id }) => id === eni)?.groupIds ?? [];
  const carriers = (groupId: string): number =>
    interfaces.filter(({ groupIds }) => groupIds.includes(groupId)).length;
  const ranked = groups
    .map(({ id }) => id)
    .filter((id) => carried.includes(id))
    .sort((one, other) => carriers(one) - carriers(other));
  const near =
    considered?.direction === direction ? nearestMiss(considered)?.rule.groupId : undefined;
  return near !== undefined && ranked.includes(near)
    ? [near, ...ranked.filter((id) => id !== near)]
    : ranked;
}

/** Groups of the interfaces that hold a private address, those of the fewest members first. */
function carriedBy(
  { groups, interfaces }: VpcDescription,
  address: Address,
  { members }: PeerIndex,
): Extract<Peer, { kind: 'group' }>[] {
  const carried = new Set(
    interfaces.filter((eni) => hasPrivateAddress(eni, address)).flatMap(({ groupIds }) => groupIds),
  );
  const size = (groupId: string): number => members.get(groupId)?.length ?? 0;
  return groups
    .filter(({ id }) => carried.has(id))
    .sort((one, other) => size(one.id) - size(other.id))
    .map(({ id, ownerId }) => ({
      kind: 'group',
      groupId: id,
      ...(ownerId === undefined ? {} : { ownerId }),
    }));
}

/** Whether a rule of the group that names the peer matches the address (SG-10, SG-13 to SG-17). */
function contains(
  groupId: string,
  direction: Direction,
  peer: Peer,
  address: Address,
  index: PeerIndex,
): boolean {
  const rule = { id: '', groupId, direction, traffic: { kind: 'all' }, peer, place: '' } as const;
  const meaning = resolvePeer(rule, index);
  return (
    'prefixes' in meaning && meaning.prefixes.some((prefix) => prefixContains(prefix, address))
  );
}

/** The rule in the first of the groups where it would match and where AWS takes it (PR-7). */
function firstAccepted(
  description: VpcDescription,
  targets: readonly string[],
  direction: Direction,
  traffic: Traffic,
  peer: Peer,
  matchesIn: (groupId: string) => boolean,
): Authorize[] {
  for (const groupId of targets) {
    const own = withoutOwnOwner(description, groupId, peer);
    const edit: Authorize = {
      ...{ kind: 'authorize', groupId, direction, rules: [{ traffic, peer: own }] },
    };
    if (!matchesIn(groupId)) continue;
    if (applyFixEdit(description, edit, () => '').refusal === undefined) return [edit];
  }
  return [];
}

/** AWS wants the account of a group of another account alone (SG-16). */
function withoutOwnOwner({ groups }: VpcDescription, groupId: string, peer: Peer): Peer {
  if (peer.kind !== 'group' || peer.ownerId === undefined) return peer;
  const target = groups.find(({ id }) => id === groupId);
  if (target?.ownerId !== undefined && target.ownerId !== peer.ownerId) return peer;
  return { kind: 'group', groupId: peer.groupId };
}
