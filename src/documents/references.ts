import type { Rule, SecurityGroup } from '../model/security-group.js';
import type { NetworkInterface, PrefixList, VpcDescription } from '../model/vpc.js';
import { addFault, cut, type Faults } from './faults.js';

/** Checks that what groups and interfaces name is there. */
export function checkReferences(description: VpcDescription, faults: Faults): void {
  const groups = new Set(description.groups.map((group) => group.id));
  for (const eni of description.interfaces) checkInterface(eni, groups, faults);
  const lists = new Map(description.prefixLists.map((list) => [list.id, list]));
  for (const group of description.groups) checkRules(group, groups, lists, faults);
  checkRuleIds(description.groups, faults);
}

function checkInterface(eni: NetworkInterface, groups: ReadonlySet<string>, faults: Faults): void {
  const add = (severity: 'error' | 'warning', code: string, fact: string, fix: string): void =>
    addFault(faults, severity, code, eni.place, fact, fix);
  const id = cut(eni.id);
  for (const groupId of eni.groupIds) {
    if (groups.has(groupId)) continue;
    const fact = `${id} carries ${cut(groupId)}, which no document describes`;
    add('error', 'unknown-group', fact, 'add the describe-security-groups output that holds it');
  }
  if (eni.type === 'interface' && eni.groupIds.length === 0) {
    add('error', 'no-groups', `${id} has no security group`, 'name its groups (SG-7)');
  }
  if (eni.addresses.length === 0) {
    add('warning', 'no-address', `${id} has no address`, 'no packet can be judged at it');
  }
}

/** A group may be another account's or another VPC's; a rule that names an absent one matches nothing. */
function checkRules(
  group: SecurityGroup,
  groups: ReadonlySet<string>,
  lists: ReadonlyMap<string, PrefixList>,
  faults: Faults,
): void {
  for (const rule of group.rules) {
    const { peer } = rule;
    if (peer.kind === 'group' && !peer.stale && !groups.has(peer.groupId)) {
      const fact = `rule names ${cut(peer.groupId)}, which no document describes: it matches nothing`;
      warnAt(rule, 'unknown-group', fact, 'add the group and its interfaces', faults);
    }
    if (peer.kind !== 'prefix-list') continue;
    const id = cut(peer.prefixListId);
    const list = lists.get(peer.prefixListId);
    if (list === undefined) {
      const fact = `rule names ${id}, which no document describes: it matches nothing`;
      warnAt(rule, 'unknown-prefix-list', fact, 'add the prefix list and its entries', faults);
    } else if (list.entries === undefined) {
      const fact = `rule names ${id}, whose entries no document holds: it matches nothing`;
      const fix = 'add the output of `aws ec2 get-managed-prefix-list-entries`';
      warnAt(rule, 'no-entries', fact, fix, faults);
    }
  }
}

/** Hits are counted by rule id. */
function checkRuleIds(groups: readonly SecurityGroup[], faults: Faults): void {
  const known = new Map<string, Rule>();
  for (const rule of groups.flatMap((group) => group.rules)) {
    const other = known.get(rule.id);
    if (other === undefined) known.set(rule.id, rule);
    else {
      const fact = `${cut(rule.id)} is also the rule at ${other.place}`;
      addFault(faults, 'error', 'duplicate-id', rule.place, fact, 'give each rule its own id');
    }
  }
}

function warnAt(rule: Rule, code: string, fact: string, fix: string, faults: Faults): void {
  addFault(faults, 'warning', code, rule.place, fact, fix);
}
