import type { Edit, Refusal } from '../model/edit.js';
import { ruleIdentity } from '../model/rule-identity.js';
import type { Rule } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';
import { findGroup, withGroup } from './group.js';
import { refuse, type Applied } from './refusal.js';
import { requestFault } from './request.js';

type Revoke = Extract<Edit, { kind: 'revoke' }>;

/** Removes rules by content or by id, all or none. Connections that are tracked live on (CT-8). */
export function revoke(description: VpcDescription, edit: Revoke): Applied {
  const found = findGroup(description, edit.groupId);
  if (found.group === undefined) return found;
  const { groupId, direction, rules, ruleIds } = edit;
  const malformed = requestFault(groupId, direction, rules, ruleIds);
  if (malformed !== undefined) return { refusal: malformed };
  const candidates = found.group.rules.filter(
    (rule) => direction === 'either' || rule.direction === direction,
  );
  const gone = new Set<Rule>();
  for (const request of rules) {
    const same = candidates.filter(
      (rule) => ruleIdentity(rule) === ruleIdentity({ ...rule, ...request }),
    );
    if (same.length === 0) {
      const message = 'The specified rule does not exist in this security group.';
      return refuse('InvalidPermission.NotFound', message);
    }
    for (const rule of same) gone.add(rule);
  }
  for (const ruleId of ruleIds) {
    const named = candidates.find(({ id }) => id === ruleId);
    if (named === undefined) return { refusal: noSuchRule(ruleId) };
    gone.add(named);
  }
  const left = found.group.rules.filter((rule) => !gone.has(rule));
  return { description: withGroup(description, { ...found.group, rules: left }) };
}

/** Ids that the documents' loader made up do not begin like AWS's, but name rules all the same. */
function noSuchRule(ruleId: string): Refusal {
  return ruleId.startsWith('sgr-')
    ? {
        code: 'InvalidSecurityGroupRuleId.NotFound',
        message: `The security group rule ID '${ruleId}' does not exist`,
      }
    : {
        code: 'InvalidSecurityGroupRuleId.Malformed',
        message: `Invalid id: "${ruleId}" (expecting "sgr-...")`,
      };
}
