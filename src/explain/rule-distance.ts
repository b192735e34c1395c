import { type Address, type Prefix, addressWidth } from '../model/address.js';
import { ICMP, ICMPV6 } from '../model/protocol.js';
import type { Traffic } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';
import type { ResolvedRule } from '../policy/resolve.js';
import { type HeldRule, hasPorts } from './held-rule.js';
import { type Membership, membershipOf } from './membership.js';
import { identifyPeer } from './peer-identity.js';
import type { PacketFields } from './reference-rules.js';

/** How far a rule is from a packet: fields that fail, then how far ports, peer and protocol are; 0 for what matches. */
export type Distance = readonly [fields: number, ports: number, peer: number, protocol: number];

/**
 * The measure of what is nearest. Compare with `compareDistances`: what counts first is how many fields fail; a wrong peer is
 * nearer than a wrong port, because the port says what a rule is meant for.
 */
export function measureFrom(
  description: VpcDescription,
  packet: PacketFields,
  remote: Address,
): (held: HeldRule) => Distance {
  const { eni } = identifyPeer(description, remote);
  const vpcId = description.interfaces.find(({ id }) => id === eni)?.vpcId;
  return ({ resolved, protocol, ports, peer }) => {
    const { traffic } = resolved.rule;
    return [
      [protocol, ports, peer].filter((isTrue) => !isTrue).length,
      portsDistance(traffic, packet, protocol, ports),
      peer ? 0 : peerDistance(resolved, description, remote, vpcId),
      protocol ? 0 : protocolDistance(traffic, packet.protocol),
    ];
  };
}

export function compareDistances(one: Distance, other: Distance): number {
  const at = one.findIndex((part, i) => part !== other[i]);
  return at < 0 ? 0 : one[at]! - other[at]!;
}

/** Farther than any port. */
const INCOMPARABLE = 65_536;

/** In ports; for ICMP 1 for another code, 2 for another type. */
function portsDistance(
  traffic: Traffic,
  { protocol, transport }: PacketFields,
  isItsProtocol: boolean,
  isWithin: boolean,
): number {
  if (traffic.kind === 'ports' && (transport?.kind === 'tcp' || transport?.kind === 'udp')) {
    const { destinationPort: port } = transport;
    return Math.max(0, traffic.from - port, port - traffic.to);
  }
  if (traffic.kind === 'icmp' && isItsProtocol && transport?.kind === 'icmp') {
    if (isWithin) return 0;
    return traffic.type === transport.type || traffic.type === -1 ? 1 : 2;
  }
  // That a rule names no port brings it no nearer to a packet of another protocol.
  const isAlike = isItsProtocol || (isIcmpRule(traffic) && isIcmp(protocol));
  return isAlike && isWithin ? 0 : INCOMPARABLE;
}

/** In bits behind the longest common prefix, of 32; a peer that the rule means and does not match counts as next door. */
function peerDistance(
  { rule, prefixes }: ResolvedRule,
  description: VpcDescription,
  remote: Address,
  vpcId: string | undefined,
): number {
  const { peer } = rule;
  switch (peer.kind) {
    case 'cidr':
      return prefixDistance(peer.prefix, remote);
    case 'prefix-list':
      return prefixes.length === 0
        ? UNKNOWN_PEER
        : Math.min(...prefixes.map((prefix) => prefixDistance(prefix, remote)));
    case 'group': {
      const distance = MEMBERSHIP_DISTANCE[membershipOf(description, peer.groupId, remote).kind];
      const group = description.groups.find(({ id }) => id === peer.groupId);
      return distance === STRANGER && vpcId !== undefined && vpcId === group?.vpcId
        ? NEIGHBOUR
        : distance;
    }
  }
}

const UNKNOWN_PEER = 16;
/** A group in the other end's own VPC: as near as a neighbour in a /24. */
const NEIGHBOUR = 8;
const STRANGER = 32;
const OTHER_FAMILY = 64;

const MEMBERSHIP_DISTANCE: Readonly<Record<Membership['kind'], number>> = {
  member: 1,
  hidden: 1,
  public: 1,
  unknown: UNKNOWN_PEER,
  stranger: STRANGER,
};

function prefixDistance(prefix: Prefix, remote: Address): number {
  // A rule for everything is for this one too, but for its family (SG-8).
  if (prefix.family !== remote.family) return prefix.length === 0 ? 1 : OTHER_FAMILY;
  const width = addressWidth(remote.family);
  const shift = BigInt(width - prefix.length);
  const difference = (prefix.value ^ remote.value) >> shift;
  const common = prefix.length - (difference === 0n ? 0 : difference.toString(2).length);
  return ((width - common) * 32) / width;
}

/** TCP and UDP are near each other, and so are both kinds of ICMP. */
function protocolDistance(traffic: Traffic, protocol: number): number {
  const isNear =
    (traffic.kind === 'ports' && hasPorts(protocol)) || (isIcmpRule(traffic) && isIcmp(protocol));
  return isNear ? 1 : 2;
}

const isIcmpRule = (traffic: Traffic): boolean => traffic.kind === 'icmp';

const isIcmp = (protocol: number): boolean => protocol === ICMP || protocol === ICMPV6;
