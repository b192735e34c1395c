import { ruleIdentity } from '../model/rule-identity.js';
import type { SecurityGroup } from '../model/security-group.js';
import type { CollectedStaleRule } from './collected.js';
import { addFault, cut, type Faults } from './faults.js';

/** Marks the rules that AWS lists as stale (SG-19). A listed rule that its group does not have is older or newer. */
export function markStale(
  groups: readonly SecurityGroup[],
  stale: readonly CollectedStaleRule[],
  faults: Faults,
): readonly SecurityGroup[] {
  if (stale.length === 0) return groups;
  const listed = new Map(stale.map((rule) => [ruleIdentity(rule), rule]));
  const found = new Set<string>();
  const marked = groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => {
      const identity = ruleIdentity(rule);
      if (rule.peer.kind !== 'group' || !listed.has(identity)) return rule;
      found.add(identity);
      return { ...rule, peer: { ...rule.peer, stale: true } };
    }),
  }));
  for (const [identity, { groupId, place }] of listed) {
    if (found.has(identity)) continue;
    const fact = `${cut(groupId)} has no such rule as is listed as stale`;
    const fix = 'fetch both documents again; until then it is ignored';
    addFault(faults, 'warning', 'rule-mismatch', place, fact, fix);
  }
  return marked;
}
