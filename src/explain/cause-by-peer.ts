import { formatAddress } from '../model/address.js';
import { ICMPV6 } from '../model/protocol.js';
import { nameRule } from './cause-words.js';
import type { HeldRule } from './held-rule.js';
import { type Membership, membershipOf } from './membership.js';
import { nameInterface } from './peer-identity.js';
import { missOf, peeringOf, problemOf } from './rule-miss.js';
import { referTo } from './rule-reference.js';
import type { Cause, Situation } from './situation.js';
import type { Unallowed } from './unallowed.js';

/** Of rules that fail by their peer alone, the one that means this peer and still does not match it. */
export function causeByPeer({ situation, nearest }: Unallowed): Cause | undefined {
  const byPeer = nearest.filter(({ protocol, ports, peer }) => protocol && ports && !peer);
  const first = (causeOf: (situation: Situation, held: HeldRule) => Cause | undefined) => {
    for (const held of byPeer) {
      const cause = causeOf(situation, held);
      if (cause !== undefined) return cause;
    }
    return undefined;
  };
  return (
    first(causeOfPublicAddress) ??
    first(causeOfHiddenGroup) ??
    first(causeOfFamily) ??
    causeOfIcmpFamily(situation, nearest) ??
    first(causeOfPeering) ??
    first(causeOfReference) ??
    first(causeOfUnloadedList)
  );
}

/** SG-10, SG-18. */
function causeOfPublicAddress(situation: Situation, held: HeldRule): Cause | undefined {
  const membership = membershipIn(situation, held);
  if (membership?.kind !== 'public') return undefined;
  const { eni } = membership;
  const own = eni.addresses.find(({ family }) => family === 4);
  const instead = own === undefined ? '' : `, such as ${formatAddress(own)}`;
  return {
    cause: 'public-address',
    reason: `${remoteText(situation)} is the public address of ${nameInterface(eni)}; ${name(situation, held)} covers private addresses only${instead}`,
  };
}

/** SG-17. */
function causeOfHiddenGroup(situation: Situation, held: HeldRule): Cause | undefined {
  const membership = membershipIn(situation, held);
  if (membership?.kind !== 'hidden') return undefined;
  const { eni, path } = membership;
  return {
    cause: 'path-hides-group',
    reason: `${remoteText(situation)} is ${nameInterface(eni)}, but the ${path.via} on the way hides that from ${name(situation, held)}`,
  };
}

/** SG-8. */
function causeOfFamily(situation: Situation, held: HeldRule): Cause | undefined {
  const { peer } = held.resolved.rule;
  const { remote } = situation;
  if (peer.kind !== 'cidr' || peer.prefix.length > 0) return undefined;
  if (peer.prefix.family === remote.family) return undefined;
  return {
    cause: 'wrong-family',
    reason: `${name(situation, held)} is for IPv${peer.prefix.family} only, and ${remoteText(situation)} is IPv${remote.family}`,
  };
}

/** PR-3: of echo, or of whatever type, the other family's ICMP. */
function causeOfIcmpFamily(situation: Situation, nearest: readonly HeldRule[]): Cause | undefined {
  const { ip } = situation;
  const { transport } = ip;
  if (transport?.kind !== 'icmp') return undefined;
  const twin = nearest.find(({ resolved, protocol, peer }) => {
    const { traffic, peer: named } = resolved.rule;
    if (protocol || traffic.kind !== 'icmp') return false;
    if (ip.protocol === traffic.protocol) return false;
    const isAnyOfOther = named.kind === 'cidr' && named.prefix.length === 0;
    return (peer || isAnyOfOther) && isSameKind(traffic.type, transport.type);
  });
  if (twin === undefined) return undefined;
  const [own, other] = ip.protocol === ICMPV6 ? ['icmpv6', 'IPv4'] : ['icmp', 'IPv6'];
  return {
    cause: 'wrong-family',
    reason: `${name(situation, twin)} is for ${other} only, and this is ${own}, a protocol of its own`,
  };
}

const ECHO = [
  [8, 128],
  [0, 129],
] as const;

/** Whether a type of a rule means in one family what the packet's type means in the other. */
function isSameKind(ruleType: number, type: number): boolean {
  return (
    ruleType === -1 ||
    ECHO.some((pair) => pair.some((one) => one === ruleType) && pair.some((one) => one === type))
  );
}

/** SG-13, SG-19. */
function causeOfPeering(situation: Situation, held: HeldRule): Cause | undefined {
  const { description } = situation.phase;
  const problem = problemOf(held.resolved, description);
  if (problem?.overPeering !== true || !mayBeMeant(situation, held)) return undefined;
  const id = peeringOf(held.resolved, description);
  const { peer } = held.resolved.rule;
  const told = peer.kind === 'group' ? peer.peeringStatus : undefined;
  const status = description.peerings.find((peering) => peering.id === id)?.status ?? told;
  const which = id === undefined ? 'the peering' : `peering ${id}`;
  const is = status === undefined ? 'is not active' : `is ${status}, not active`;
  return {
    cause: 'peering-not-active',
    reason: `${name(situation, held)} matches nothing while ${which} ${is}`,
  };
}

/** SG-13 to SG-16, SG-19. */
function causeOfReference(situation: Situation, held: HeldRule): Cause | undefined {
  const { resolved, outOfReach } = held;
  if (resolved.rule.peer.kind !== 'group') return undefined;
  const membership = membershipIn(situation, held);
  const isOff = resolved.problem !== undefined || outOfReach || membership?.kind === 'member';
  if (!isOff || !mayBeMeant(situation, held)) return undefined;
  const { description } = situation.phase;
  const fact =
    problemOf(resolved, description)?.fact ??
    missOf(held, situation.ip, situation.remote, description);
  return {
    cause: 'reference-not-followed',
    reason: `${name(situation, held)} does not match here: ${fact}`,
  };
}

/** SG-9. */
function causeOfUnloadedList(situation: Situation, held: HeldRule): Cause | undefined {
  const { resolved } = held;
  const { peer } = resolved.rule;
  if (peer.kind !== 'prefix-list' || resolved.problem === undefined) return undefined;
  return {
    cause: 'prefix-list-not-loaded',
    reason: `${name(situation, held)} would allow it if ${peer.prefixListId} holds ${remoteText(situation)}; the entries of ${peer.prefixListId} are not loaded`,
  };
}

/** Whether the packet's peer is in the group that a rule names, or may be. */
function mayBeMeant(situation: Situation, held: HeldRule): boolean {
  const kind = membershipIn(situation, held)?.kind;
  return kind === 'member' || kind === 'unknown';
}

function membershipIn(
  { phase, remote }: Situation,
  { resolved }: HeldRule,
): Membership | undefined {
  const { peer } = resolved.rule;
  return peer.kind === 'group' ? membershipOf(phase.description, peer.groupId, remote) : undefined;
}

function name({ world, evidence }: Situation, { resolved }: HeldRule): string {
  return nameRule(referTo(world, evidence.phase, resolved.rule));
}

const remoteText = ({ remote }: Situation): string => formatAddress(remote);
