import { prefixContains } from '../model/address.js';
import type { IpPacket } from '../model/packet.js';
import { ICMP } from '../model/protocol.js';
import type { Direction, Traffic } from '../model/security-group.js';
import type { AutoTrackedEdition } from '../model/tracking.js';
import type { ResolvedPolicy, ResolvedRule } from '../policy/resolve.js';
import { isBareSyn } from './reference-connection.js';
import { remoteAddress } from './reference-exempt.js';
import { isAutoTracked } from './reference-paths.js';

/**
 * What rules test of a packet. Without `transport`, TCP, UDP and ICMP are taken for a later fragment, which
 * only rules that ask for no port can match (CT-18).
 */
export type PacketFields = Pick<IpPacket, 'source' | 'destination' | 'protocol' | 'transport'>;

/** Every rule of `policy.sets[set]` that matches the packet in its direction, in document order (SG-1..SG-3). */
export function matchingRules(
  policy: ResolvedPolicy,
  set: number,
  direction: Direction,
  packet: PacketFields,
): ResolvedRule[] {
  return policy.sets[set]![direction].filter(
    (resolved) => matchesTraffic(resolved.rule.traffic, packet) && matchesPeer(resolved, packet),
  );
}

/**
 * Whether the packet belongs to a flow that needs no tracking (CT-4, CT-6): as its first packet or, unless it
 * opens a TCP connection, as an answer to its first packet.
 */
export function isUntracked(
  policy: ResolvedPolicy,
  set: number,
  direction: Direction,
  packet: PacketFields,
  edition: AutoTrackedEdition,
): boolean {
  if (packet.transport?.kind !== 'tcp' && packet.transport?.kind !== 'udp') return false;
  if (isAutoTracked(policy, remoteAddress(packet, direction), edition)) return false;
  return (
    isUntrackedInitiator(policy, set, direction, packet) ||
    (!isBareSyn(packet) && isUntrackedInitiator(policy, set, opposite(direction), swapped(packet)))
  );
}

/** CT-10: whether the flow of a packet that was opened in a direction needs no tracking now. */
export function isUntrackedFlow(
  policy: ResolvedPolicy,
  set: number,
  direction: Direction,
  packet: PacketFields,
  original: Direction,
  edition: AutoTrackedEdition,
): boolean {
  if (packet.transport?.kind !== 'tcp' && packet.transport?.kind !== 'udp') return false;
  if (isAutoTracked(policy, remoteAddress(packet, direction), edition)) return false;
  const opener = direction === original ? packet : swapped(packet);
  return isUntrackedInitiator(policy, set, original, opener);
}

/** The packet that would answer this one: addresses and ports exchanged. */
export function swapped(packet: PacketFields): PacketFields {
  const { source, destination, transport } = packet;
  const mirror = { ...packet, source: destination, destination: source };
  if (transport?.kind !== 'tcp' && transport?.kind !== 'udp') return mirror;
  const { sourcePort, destinationPort } = transport;
  return {
    ...mirror,
    transport: { ...transport, sourcePort: destinationPort, destinationPort: sourcePort },
  };
}

export function opposite(direction: Direction): Direction {
  return direction === 'ingress' ? 'egress' : 'ingress';
}

/** CT-4 (a) and (b). */
function isUntrackedInitiator(
  policy: ResolvedPolicy,
  set: number,
  direction: Direction,
  packet: PacketFields,
): boolean {
  const { family } = packet.source;
  const anyPeer = (resolved: ResolvedRule): boolean => resolved.anyPeer === family;
  return (
    matchingRules(policy, set, direction, packet).some(anyPeer) &&
    policy.sets[set]![opposite(direction)].some(
      (resolved) => anyPeer(resolved) && coversAllPorts(resolved.rule.traffic, packet.protocol),
    )
  );
}

function coversAllPorts(traffic: Traffic, protocol: number): boolean {
  if (traffic.kind === 'all') return true;
  return traffic.kind === 'ports' && traffic.protocol === protocol && isEveryPort(traffic);
}

/** SG-3, SG-8: the remote address is in the peer; a prefix holds addresses of its own family only. */
function matchesPeer({ rule, prefixes }: ResolvedRule, packet: PacketFields): boolean {
  const remote = remoteAddress(packet, rule.direction);
  return prefixes.some((prefix) => prefixContains(prefix, remote));
}

/** PR-1..PR-3. */
function matchesTraffic(traffic: Traffic, { source, protocol, transport }: PacketFields): boolean {
  switch (traffic.kind) {
    case 'all':
      return true;
    case 'protocol':
      return protocol === traffic.protocol;
    case 'ports':
      if (protocol !== traffic.protocol) return false;
      if (transport?.kind !== 'tcp' && transport?.kind !== 'udp') return isEveryPort(traffic);
      return traffic.from <= transport.destinationPort && transport.destinationPort <= traffic.to;
    case 'icmp':
      if (protocol !== traffic.protocol) return false;
      if (source.family !== (traffic.protocol === ICMP ? 4 : 6)) return false;
      if (transport?.kind !== 'icmp') return traffic.type === -1 && traffic.code === -1;
      return isAnyOr(traffic.type, transport.type) && isAnyOr(traffic.code, transport.code);
  }
}

function isEveryPort({ from, to }: { from: number; to: number }): boolean {
  return from === 0 && to === 65_535;
}

function isAnyOr(wanted: number, found: number): boolean {
  return wanted === -1 || wanted === found;
}
