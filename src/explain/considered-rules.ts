import { type ConsideredRule, type ConsideredRules, NEAREST_MAX } from '../model/explanation.js';
import type { IpPacket } from '../model/packet.js';
import { ICMP, ICMPV6 } from '../model/protocol.js';
import type { Direction } from '../model/security-group.js';
import { type HeldRule, holdRules, isEveryPort, matches } from './held-rule.js';
import { remoteAddress } from './reference-exempt.js';
import { compareDistances, measureFrom } from './rule-distance.js';
import { missOf } from './rule-miss.js';
import { referTo } from './rule-reference.js';
import type { ExplainedWorld } from './world.js';

/**
 * Every rule of an interface's groups in a direction, held against a packet: those that match, and of the others the nearest.
 * Empty for an interface without groups.
 */
export function considerRules(
  world: ExplainedWorld,
  phase: number,
  eniId: string,
  direction: Direction,
  packet: IpPacket,
): ConsideredRules {
  const { policy } = world.timeline.phases[phase]!;
  const set = policy.interfaces.find(({ eni }) => eni.id === eniId)?.set;
  if (set === undefined) return { direction, groupIds: [], matched: [], nearest: [], others: 0 };
  const held = holdRules(policy, set, direction, packet);
  const matched = held.filter(matches);
  const nearest = nearestFirst(world, phase, held, direction, packet).slice(0, NEAREST_MAX);
  const considered = (all: readonly HeldRule[]): ConsideredRule[] =>
    all.map((it) => consider(world, phase, it, direction, packet));
  return {
    direction,
    groupIds: policy.sets[set]!.groupIds,
    matched: considered(matched),
    nearest: considered(nearest),
    others: held.length - matched.length - nearest.length,
  };
}

/** Rules that do not match, though they have something in common with the packet: the nearest first. */
export function nearestFirst(
  { timeline }: ExplainedWorld,
  phase: number,
  held: readonly HeldRule[],
  direction: Direction,
  packet: IpPacket,
): HeldRule[] {
  const { description } = timeline.phases[phase]!;
  const distanceOf = measureFrom(description, packet, remoteAddress(packet, direction));
  return held
    .filter((it) => !matches(it) && hasInCommon(it, packet))
    .map((it) => ({ it, distance: distanceOf(it) }))
    .sort((one, other) => compareDistances(one.distance, other.distance))
    .map(({ it }) => it);
}

/** The rule as reports have it, and why it fails if it does. */
export function consider(
  world: ExplainedWorld,
  phase: number,
  held: HeldRule,
  direction: Direction,
  packet: IpPacket,
): ConsideredRule {
  const { resolved, protocol, ports, peer } = held;
  const { description } = world.timeline.phases[phase]!;
  const miss = missOf(held, packet, remoteAddress(packet, direction), description);
  return { rule: referTo(world, phase, resolved.rule), protocol, ports, peer, miss };
}

/** That a rule names no port is nothing in common; that it is for the ICMP of the other family is (PR-3). */
function hasInCommon({ resolved, protocol, ports, peer }: HeldRule, packet: IpPacket): boolean {
  const { traffic } = resolved.rule;
  if (traffic.kind === 'icmp' && (packet.protocol === ICMP || packet.protocol === ICMPV6)) {
    return true;
  }
  return protocol || peer || (ports && traffic.kind === 'ports' && !isEveryPort(traffic));
}
