import type { Edit, Refusal } from '../model/edit.js';
import { ruleIdentity } from '../model/rule-identity.js';
import { listWeights, RULES_PER_GROUP, rulesWeight } from '../model/rule-weight.js';
import type { Rule, SecurityGroup } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';
import { indexPeers, isKnownGroup, resolvePeer, type PeerIndex } from '../policy/peers.js';
import { findGroup, noSuchGroup, withGroup } from './group.js';
import { peerText, trafficText } from './permission-text.js';
import type { Applied } from './refusal.js';
import { requestFault } from './request.js';

/** Adds rules at the end of a group's, all or none. */
export function authorize(
  description: VpcDescription,
  { groupId, direction, rules }: Extract<Edit, { kind: 'authorize' }>,
  nextRuleId: () => string,
): Applied {
  const found = findGroup(description, groupId);
  if (found.group === undefined) return found;
  const { group } = found;
  const malformed = requestFault(groupId, direction, rules);
  if (malformed !== undefined) return { refusal: malformed };
  const added = rules.map((request): Rule => ({
    id: nextRuleId(),
    groupId,
    direction,
    ...request,
    place: '',
  }));
  const changed = { ...group, rules: [...group.rules, ...added] };
  const refusal =
    unknownPeer(description, added) ??
    duplicate(group, added) ??
    overQuota(description, group, changed);
  return refusal === undefined ? { description: withGroup(description, changed) } : { refusal };
}

/** Peers have to exist and be in reach (SG-13 to SG-16); of a prefix list the entries need not be loaded. */
function unknownPeer(description: VpcDescription, added: readonly Rule[]): Refusal | undefined {
  const index = indexPeers(description);
  for (const rule of added) {
    const refusal = ownerFault(rule, description) ?? peerFault(rule, index);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** SG-16: AWS looks for a group with its account. */
function ownerFault({ peer }: Rule, { groups }: VpcDescription): Refusal | undefined {
  if (peer.kind !== 'group' || peer.ownerId === undefined) return undefined;
  const { ownerId = peer.ownerId } = groups.find(({ id }) => id === peer.groupId) ?? {};
  return ownerId === peer.ownerId ? undefined : noSuchGroup(peer.groupId);
}

function peerFault(rule: Rule, index: PeerIndex): Refusal | undefined {
  const { peer } = rule;
  switch (peer.kind) {
    case 'cidr':
      return undefined;
    case 'prefix-list': {
      const { prefixListId } = peer;
      if (index.entries.has(prefixListId)) return undefined;
      if (!prefixListId.startsWith('pl-')) {
        const message = `Invalid id: "${prefixListId}" (expecting "pl-...")`;
        return { code: 'InvalidPrefixListId.Malformed', message };
      }
      const message = `The prefix list ID '${prefixListId}' does not exist`;
      return { code: 'InvalidPrefixListID.NotFound', message };
    }
    case 'group': {
      if (!isKnownGroup(peer.groupId, index)) return noSuchGroup(peer.groupId);
      if (!('problem' in resolvePeer(rule, index))) return undefined;
      const message = 'You have specified two resources that belong to different networks.';
      return { code: 'InvalidGroup.NotFound', message };
    }
  }
}

/** PR-4, PR-5. */
function duplicate({ rules }: SecurityGroup, added: readonly Rule[]): Refusal | undefined {
  const known = new Set(rules.map(ruleIdentity));
  const again = added.find((rule) => known.has(ruleIdentity(rule)));
  if (again === undefined) return undefined;
  const what = `peer: ${peerText(again.peer)}, ${trafficText(again.traffic)}, ALLOW`;
  return {
    code: 'InvalidPermission.Duplicate',
    message: `the specified rule "${what}" already exists`,
  };
}

/** PR-7. A group that was over the quota when it was loaded (PR-9) may not grow where it is. */
function overQuota(
  { prefixLists }: VpcDescription,
  before: SecurityGroup,
  after: SecurityGroup,
): Refusal | undefined {
  const lists = listWeights(prefixLists);
  for (const direction of ['ingress', 'egress'] as const) {
    const old = rulesWeight(before, direction, lists);
    const now = rulesWeight(after, direction, lists);
    for (const family of [4, 6] as const) {
      if (now[family] <= RULES_PER_GROUP || now[family] === old[family]) continue;
      const message = 'The maximum number of rules per security group has been reached.';
      return { code: 'RulesPerSecurityGroupLimitExceeded', message };
    }
  }
  return undefined;
}
