import type { SecurityGroup } from '../model/security-group.js';
import type { RuleChange, VpcChange } from '../model/vpc-change.js';
import { changedRules } from './rule-changes.js';
import { type ResolvedVpc, settingChanges } from './setting-changes.js';

/**
 * What differs between two VPCs and can change a verdict, in normal form: rules by group and direction, in document order, then
 * everything else. Swapping the VPCs swaps the sides of every change.
 */
export function vpcChanges(before: ResolvedVpc, after: ResolvedVpc): VpcChange[] {
  return [
    ...ruleChanges(before.description.groups, after.description.groups),
    ...settingChanges(before, after),
  ];
}

function ruleChanges(
  before: readonly SecurityGroup[],
  after: readonly SecurityGroup[],
): RuleChange[] {
  const [old, fresh] = [byId(before), byId(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((id) => {
    const [one, other] = [old.get(id), fresh.get(id)];
    const { name } = (other ?? one)!;
    return (['ingress', 'egress'] as const).flatMap((direction) => {
      const rulesOf = (group: SecurityGroup | undefined) =>
        (group?.rules ?? []).filter((rule) => rule.direction === direction);
      return changedRules(rulesOf(one), rulesOf(other)).map((changed): RuleChange => ({
        ...{ kind: 'rules', groupId: id, direction },
        ...(name === id || name === '' ? {} : { groupName: name }),
        before: changed.before,
        after: changed.after,
        narrows: changed.lost.length > 0,
        widens: changed.gained.length > 0,
      }));
    });
  });
}

/** All rules with one group id are its rules, as in resolving. */
function byId(groups: readonly SecurityGroup[]): Map<string, SecurityGroup> {
  const known = new Map<string, SecurityGroup>();
  for (const group of groups) {
    const first = known.get(group.id);
    known.set(
      group.id,
      first === undefined ? group : { ...first, rules: [...first.rules, ...group.rules] },
    );
  }
  return known;
}
