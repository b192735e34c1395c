import type { CauseCode } from '../model/cause.js';
import type { ConsideredRules, FixEdit } from '../model/explanation.js';
import type { IpPacket } from '../model/packet.js';
import type { Rule, Traffic } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';

/**
 * The nearest rule changed so that it matches the packet: an ICMP rule to every code of its type, or to every type if its
 * fields look like a range of types (PR-2); a rule that names the source port to the destination port (SG-3). Rules for any
 * peer are left alone: a fix opens nothing to the world.
 */
export function changedRule(
  { groups }: VpcDescription,
  cause: CauseCode,
  considered: ConsideredRules | undefined,
  packet: IpPacket,
): FixEdit[] | undefined {
  const near = considered?.nearest.find(({ protocol, ports, peer }) => protocol && peer && !ports);
  const rule = groups
    .find(({ id }) => id === near?.rule.groupId)
    ?.rules.find(({ id }) => id === near?.rule.id);
  if (rule === undefined || isForAnyPeer(rule)) return undefined;
  const traffic = CHANGES[cause]?.(rule.traffic, packet);
  if (traffic === undefined) return undefined;
  const { groupId, direction, peer, description } = rule;
  const again = description === undefined ? { peer } : { peer, description };
  return [
    {
      ...{ kind: 'revoke', groupId, direction, ruleIds: [] },
      rules: [{ traffic: rule.traffic, peer }],
    },
    { kind: 'authorize', groupId, direction, rules: [{ traffic, ...again }] },
  ];
}

/** Whether all that rules which are removed allow is allowed by those that take their place. */
export function losesNothing(edits: readonly FixEdit[]): boolean {
  return edits.every((edit, i) => {
    if (edit.kind !== 'revoke') return true;
    const next = edits[i + 1];
    return next?.kind === 'authorize' && next.rules.every(({ traffic }) => isEveryCode(traffic));
  });
}

const CHANGES: Readonly<
  Partial<Record<CauseCode, (traffic: Traffic, packet: IpPacket) => Traffic | undefined>>
> = {
  'icmp-type-or-code': widened,
  'source-port': atDestinationPort,
};

function isForAnyPeer({ peer }: Rule): boolean {
  return peer.kind === 'cidr' && peer.prefix.length === 0;
}

function isEveryCode(traffic: Traffic): boolean {
  return traffic.kind === 'icmp' && traffic.code === -1;
}

function widened(traffic: Traffic, { transport }: IpPacket): Traffic | undefined {
  if (traffic.kind !== 'icmp' || transport?.kind !== 'icmp') return undefined;
  const { type, code } = traffic;
  if (type === transport.type) return { ...traffic, code: -1 };
  const looksLikeRange = type < transport.type && transport.type <= code;
  return looksLikeRange ? { ...traffic, type: -1, code: -1 } : undefined;
}

function atDestinationPort(traffic: Traffic, { transport }: IpPacket): Traffic | undefined {
  if (traffic.kind !== 'ports' || transport === undefined || transport.kind === 'icmp') {
    return undefined;
  }
  const { sourcePort, destinationPort: port } = transport;
  const namesSource = traffic.from <= sourcePort && sourcePort <= traffic.to;
  return namesSource ? { ...traffic, from: port, to: port } : undefined;
}
