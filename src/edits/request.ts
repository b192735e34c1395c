import type { Edit, Refusal, RuleRequest } from '../model/edit.js';
import { ruleIdentity } from '../model/rule-identity.js';
import type { Direction } from '../model/security-group.js';

type Revoke = Extract<Edit, { kind: 'revoke' }>;

/** What is wrong with the rules of a request by itself: none at all, or one twice (PR-5). */
export function requestFault(
  groupId: string,
  direction: Revoke['direction'],
  rules: readonly RuleRequest[],
  ruleIds: readonly string[] = [],
): Refusal | undefined {
  if (rules.length + ruleIds.length === 0) {
    const message = "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.";
    return { code: 'MissingParameter', message };
  }
  const identities = rules.map((rule) =>
    ruleIdentity({ groupId, direction: direction as Direction, ...rule }),
  );
  if (new Set(identities).size === rules.length && new Set(ruleIds).size === ruleIds.length) {
    return undefined;
  }
  const message = 'The same permission must not appear multiple times';
  return { code: 'InvalidParameterValue', message };
}
