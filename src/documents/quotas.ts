import { listWeights, RULES_PER_GROUP, rulesWeight } from '../model/rule-weight.js';
import type { VpcDescription } from '../model/vpc.js';
import { addFault, cut, type Faults } from './faults.js';

/** Warns of groups and interfaces beyond AWS's default quotas (PR-7); they are judged all the same (PR-9). */
export function checkQuotas(
  { groups, interfaces, prefixLists }: VpcDescription,
  faults: Faults,
): void {
  const lists = listWeights(prefixLists);
  for (const group of groups) {
    for (const direction of ['ingress', 'egress'] as const) {
      const weight = rulesWeight(group, direction, lists);
      for (const family of [4, 6] as const) {
        if (weight[family] <= RULES_PER_GROUP) continue;
        const fact = `${cut(group.id)} has ${weight[family]} IPv${family} ${direction} rules, above the default quota of ${RULES_PER_GROUP}`;
        addFault(faults, 'warning', 'quota', group.place, fact);
      }
    }
  }
  for (const { id, groupIds, place } of interfaces) {
    if (groupIds.length <= GROUPS) continue;
    const fact = `${cut(id)} has ${groupIds.length} security groups, above the default quota of ${GROUPS}`;
    addFault(faults, 'warning', 'quota', place, fact);
  }
}

/** Security groups of an interface. */
const GROUPS = 5;
