import { prefixContains } from '../model/address.js';
import { ICMP, TCP, UDP } from '../model/protocol.js';
import type { Direction, Traffic } from '../model/security-group.js';
import type { ResolvedPolicy, ResolvedRule } from '../policy/resolve.js';
import { remoteAddress } from './reference-exempt.js';
import type { PacketFields } from './reference-rules.js';

/** A rule held against a packet, field by field. It matches when all three are true. */
export interface HeldRule {
  readonly resolved: ResolvedRule;
  readonly protocol: boolean;
  /** Destination port, or ICMP type and code; true where the rule names none. */
  readonly ports: boolean;
  readonly peer: boolean;
  /** Set where a reference over a transit gateway does not hold: at an endpoint of PrivateLink (SG-14). */
  readonly outOfReach?: true;
}

/** Every rule of the groups of `policy.sets[set]` in a direction, in document order (SG-2, SG-3, PR-1..PR-3). */
export function holdRules(
  policy: ResolvedPolicy,
  set: number,
  direction: Direction,
  packet: PacketFields,
): HeldRule[] {
  const { groupIds, [direction]: inReach } = policy.sets[set]!;
  const reached = new Set(inReach);
  const remote = remoteAddress(packet, direction);
  return policy.rules
    .filter(({ rule }) => rule.direction === direction && groupIds.includes(rule.groupId))
    .map((resolved): HeldRule => {
      const { traffic } = resolved.rule;
      const isReached = reached.has(resolved);
      return {
        resolved,
        protocol: namesProtocol(traffic, packet),
        ports: namesPorts(traffic, packet),
        peer: isReached && resolved.prefixes.some((prefix) => prefixContains(prefix, remote)),
        ...(isReached ? {} : { outOfReach: true }),
      };
    });
}

export function matches({ protocol, ports, peer }: HeldRule): boolean {
  return protocol && ports && peer;
}

/** Whether a rule that names no port is all the same: it asks for the whole range. */
export function isEveryPort({ from, to }: { from: number; to: number }): boolean {
  return from === 0 && to === 65_535;
}

/** ICMP is a protocol of one family, which its rules are for (PR-3). */
export function icmpFamily(protocol: 1 | 58): 4 | 6 {
  return protocol === ICMP ? 4 : 6;
}

function namesProtocol(traffic: Traffic, { source, protocol }: PacketFields): boolean {
  if (traffic.kind === 'all') return true;
  if (traffic.kind === 'icmp' && source.family !== icmpFamily(traffic.protocol)) return false;
  return traffic.protocol === protocol;
}

/** Ports of another protocol compare where it has ports too; types and codes of ICMP never do. */
function namesPorts(traffic: Traffic, { source, protocol, transport }: PacketFields): boolean {
  switch (traffic.kind) {
    case 'all':
    case 'protocol':
      return true;
    case 'ports': {
      const { from, to } = traffic;
      if (transport?.kind !== 'tcp' && transport?.kind !== 'udp') return isEveryPort(traffic);
      return from <= transport.destinationPort && transport.destinationPort <= to;
    }
    case 'icmp': {
      const { type, code } = traffic;
      const isItsOwn =
        protocol === traffic.protocol && source.family === icmpFamily(traffic.protocol);
      if (transport?.kind !== 'icmp' || !isItsOwn) return type === -1 && code === -1;
      return isAnyOr(type, transport.type) && isAnyOr(code, transport.code);
    }
  }
}

function isAnyOr(wanted: number, found: number): boolean {
  return wanted === -1 || wanted === found;
}

/** Protocols whose rules name ports. */
export function hasPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP;
}
