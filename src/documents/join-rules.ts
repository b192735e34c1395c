import { ruleIdentity } from '../model/rule-identity.js';
import type { Rule, SecurityGroup } from '../model/security-group.js';
import type { Collected } from './collected.js';
import { dropCopies } from './duplicates.js';
import { addFault, cut, type Faults } from './faults.js';

/**
 * Groups with the rule ids and descriptions that describe-security-group-rules knows, joined by what makes a rule
 * the same (PR-5). Groups known by their rules only are built from them and come last.
 */
export function joinRules(collected: Collected, faults: Faults): readonly SecurityGroup[] {
  const completed = collected.groups.map((group) =>
    collected.defaultEgress.has(group) ? withDefaultEgress(group, collected) : group,
  );
  const groups = dropCopies(completed, faults);
  const rules = new Map<string, Rule[]>();
  for (const rule of dropCopies(collected.rules, faults)) {
    const ofGroup = rules.get(rule.groupId);
    if (ofGroup === undefined) rules.set(rule.groupId, [rule]);
    else ofGroup.push(rule);
  }
  const joined = groups.map((group) => withIds(group, rules.get(group.id) ?? [], faults));
  const known = new Set(groups.map((group) => group.id));
  const built = [...rules].filter(([id]) => !known.has(id));
  const vpcOf = vpcsOfCarriers(collected);
  return [
    ...joined,
    ...built.map(([id, ofGroup]) => builtGroup(id, ofGroup, vpcOf(id), collected)),
  ];
}

function withIds(group: SecurityGroup, known: readonly Rule[], faults: Faults): SecurityGroup {
  if (known.length === 0) return group;
  const byIdentity = new Map(known.map((rule) => [ruleIdentity(rule), rule]));
  const rules = group.rules.map((rule) => {
    const identity = ruleIdentity(rule);
    const named = byIdentity.get(identity);
    if (named === undefined) return rule;
    byIdentity.delete(identity);
    const description = rule.description ?? named.description;
    return { ...rule, id: named.id, ...(description === undefined ? {} : { description }) };
  });
  for (const rule of byIdentity.values()) {
    const fact = `${cut(rule.id)} is no rule of ${cut(group.id)} at ${group.place}`;
    const fix = 'fetch both documents again; until then it is ignored';
    addFault(faults, 'warning', 'rule-mismatch', rule.place, fact, fix);
  }
  return { ...group, rules };
}

function builtGroup(
  id: string,
  rules: readonly Rule[],
  vpcId: string,
  collected: Collected,
): SecurityGroup {
  const ownerId = collected.groupOwners.get(id);
  return {
    id,
    name: id,
    vpcId,
    ...(ownerId === undefined ? {} : { ownerId }),
    rules,
    place: rules[0]?.place ?? '',
  };
}

/**
 * Rules do not name their VPC: it is that of an interface with the group, else the only VPC of the documents, else
 * empty, which no verdict can notice, since then nothing carries the group.
 */
function vpcsOfCarriers(collected: Collected): (groupId: string) => string {
  const interfaces = [...collected.interfaces, ...collected.instanceInterfaces];
  const carriers = new Map<string, string>();
  for (const eni of interfaces) {
    for (const id of eni.groupIds) if (!carriers.has(id)) carriers.set(id, eni.vpcId);
  }
  const all = new Set([
    ...collected.vpcs.map((vpc) => vpc.id),
    ...[...collected.groups, ...interfaces].map((noun) => noun.vpcId),
  ]);
  const only = all.size === 1 ? [...all][0] : undefined;
  return (groupId) => carriers.get(groupId) ?? only ?? '';
}

/** SG-5: everything to 0.0.0.0/0, and to ::/0 when the VPC has an IPv6 block. */
function withDefaultEgress(group: SecurityGroup, { vpcs }: Collected): SecurityGroup {
  const blocks = vpcs.filter((vpc) => vpc.id === group.vpcId).flatMap((vpc) => vpc.prefixes);
  const ipv6 = blocks.some((block) => block.family === 6);
  const families: readonly (4 | 6)[] = ipv6 ? [4, 6] : [4];
  const rules = families.map((family, index): Rule => ({
    id: `${group.id}:egress:${index + 1}`,
    groupId: group.id,
    direction: 'egress',
    traffic: { kind: 'all' },
    peer: { kind: 'cidr', prefix: { family, value: 0n, length: 0 } },
    place: group.place,
  }));
  return { ...group, rules: [...group.rules, ...rules] };
}
