import * as z from 'zod/mini';
import type { Peer } from '../model/security-group.js';
import { groupPeer, GROUP_PAIR } from './aws-security-groups.js';
import { readPrefix } from './cidr.js';
import type { Collected } from './collected.js';
import { fail, inside, placeText, type Place } from './place.js';
import { optionalNumber, optionalText, readShape } from './shape.js';
import { AWS_LABELS, readTraffic } from './traffic.js';

/** Reads one entry of describe-security-group-rules. */
export function readSecurityGroupRule(value: unknown, place: Place, into: Collected): void {
  const rule = readShape(RULE, value, place);
  if (rule === undefined) return;
  const { IpProtocol: protocol, FromPort: from, ToPort: to } = rule;
  const traffic = readTraffic({ protocol, from, to }, AWS_LABELS, place);
  const peer = readPeer(rule, place);
  if (traffic === undefined || peer === undefined) return;
  into.rules.push({
    id: rule.SecurityGroupRuleId,
    groupId: rule.GroupId,
    direction: rule.IsEgress ? 'egress' : 'ingress',
    traffic,
    peer,
    ...(typeof rule.Description === 'string' ? { description: rule.Description } : {}),
    place: placeText(place),
  });
  if (typeof rule.GroupOwnerId === 'string') {
    into.groupOwners.set(rule.GroupId, rule.GroupOwnerId);
  }
}

const RULE = z.object({
  SecurityGroupRuleId: z.string(),
  GroupId: z.string(),
  GroupOwnerId: optionalText,
  IsEgress: z.boolean(),
  IpProtocol: z.string(),
  FromPort: optionalNumber,
  ToPort: optionalNumber,
  CidrIpv4: optionalText,
  CidrIpv6: optionalText,
  PrefixListId: optionalText,
  ReferencedGroupInfo: z.nullish(GROUP_PAIR),
  Description: optionalText,
});

const PEER_KEYS = ['CidrIpv4', 'CidrIpv6', 'PrefixListId', 'ReferencedGroupInfo'] as const;

function readPeer(rule: z.output<typeof RULE>, place: Place): Peer | undefined {
  const named = PEER_KEYS.filter((key) => (rule[key] ?? undefined) !== undefined);
  if (named.length !== 1) {
    const fact = named.length === 0 ? 'rule names no peer' : `rule names ${named.join(' and ')}`;
    fail(place, 'peer', fact, `write exactly one of ${PEER_KEYS.join(', ')}`);
    return undefined;
  }
  if (typeof rule.PrefixListId === 'string') {
    return { kind: 'prefix-list', prefixListId: rule.PrefixListId };
  }
  if (rule.ReferencedGroupInfo) return groupPeer(rule.ReferencedGroupInfo);
  const prefix =
    typeof rule.CidrIpv4 === 'string'
      ? readPrefix(rule.CidrIpv4, inside(place, 'CidrIpv4'), 4)
      : readPrefix(rule.CidrIpv6 ?? '', inside(place, 'CidrIpv6'), 6);
  return prefix && { kind: 'cidr', prefix };
}
