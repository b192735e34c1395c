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

/** Whether a flow is tracked, and why. */
export type Tracking =
  | { readonly tracked: true; readonly because: 'protocol' | 'path' }
  /** No rule that matches the opener is open to any peer, or none the other way is open to any peer and port. */
  | { readonly tracked: true; readonly because: 'peer' | 'way-back'; readonly opening: Direction }
  | { readonly tracked: false; readonly opener: ResolvedRule; readonly wayBack: ResolvedRule };

/**
 * Whether the packet belongs to a flow that needs no tracking (CT-4, CT-6): as its first packet or, unless it
 * opens a TCP connection, as an answer to its first packet.
 */
export function trackingOf(
  policy: ResolvedPolicy,
  set: number,
  direction: Direction,
  packet: PacketFields,
  edition: AutoTrackedEdition,
): Tracking {
  if (!hasPorts(packet)) return { tracked: true, because: 'protocol' };
  if (isAutoTracked(policy, remoteAddress(packet, direction), edition)) {
    return { tracked: true, because: 'path' };
  }
  const asOpener = trackingOfOpener(policy, set, direction, packet);
  if (!asOpener.tracked || isBareSyn(packet)) return asOpener;
  const asAnswer = trackingOfOpener(policy, set, opposite(direction), swapped(packet));
  return asAnswer.tracked ? asOpener : asAnswer;
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
  if (!hasPorts(packet)) return false;
  if (isAutoTracked(policy, remoteAddress(packet, direction), edition)) return false;
  const opener = direction === original ? packet : swapped(packet);
  return !trackingOfOpener(policy, set, original, opener).tracked;
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

function hasPorts({ transport }: PacketFields): boolean {
  return transport?.kind === 'tcp' || transport?.kind === 'udp';
}

/** CT-4 (a) and (b). */
function trackingOfOpener(
  policy: ResolvedPolicy,
  set: number,
  opening: Direction,
  packet: PacketFields,
): Tracking {
  const { family } = packet.source;
  const anyPeer = (resolved: ResolvedRule): boolean => resolved.anyPeer === family;
  const opener = matchingRules(policy, set, opening, packet).find(anyPeer);
  if (opener === undefined) return { tracked: true, because: 'peer', opening };
  const wayBack = policy.sets[set]![opposite(opening)].find(
    (resolved) => anyPeer(resolved) && coversAllPorts(resolved.rule.traffic, packet.protocol),
  );
  return wayBack === undefined
    ? { tracked: true, because: 'way-back', opening }
    : { tracked: false, opener, wayBack };
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
