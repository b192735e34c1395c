import { formatRule } from '../model/rule-text.js';
import type { Direction, Rule, SecurityGroup } from '../model/security-group.js';

/** Groups with their rules in the short form, as YAML. Every text stands in double quotes, as in JSON, which YAML reads. */
export function writeShortGroups(groups: readonly SecurityGroup[]): string {
  return ['groups:', ...groups.flatMap(groupLines)].map((text) => `${text}\n`).join('');
}

function groupLines(group: SecurityGroup): string[] {
  const { id, name, vpcId, ownerId, description } = group;
  return [
    `  ${quoted(id)}:`,
    ...(name === id ? [] : [`    name: ${quoted(name)}`]),
    ...(vpcId === '' ? [] : [`    vpc: ${quoted(vpcId)}`]),
    ...(ownerId === undefined ? [] : [`    owner: ${quoted(ownerId)}`]),
    ...(description === undefined ? [] : [`    description: ${quoted(description)}`]),
    ...ruleLines(group, 'ingress'),
    ...ruleLines(group, 'egress'),
  ];
}

/** An empty list is none, where a list left out is AWS's default (SG-5). */
function ruleLines({ rules }: SecurityGroup, direction: Direction): string[] {
  const own = rules.filter((rule) => rule.direction === direction);
  if (own.length === 0) return [`    ${direction}: []`];
  return [`    ${direction}:`, ...own.map((rule) => `      - ${ruleItem(rule)}`)];
}

function ruleItem(rule: Rule): string {
  const { peer, description } = rule;
  const text =
    peer.kind === 'group' && peer.ownerId !== undefined
      ? formatRule({ ...rule, peer: { ...peer, groupId: `${peer.ownerId}/${peer.groupId}` } })
      : formatRule(rule);
  if (description === undefined) return quoted(text);
  return `{ rule: ${quoted(text)}, description: ${quoted(description)} }`;
}

/** What YAML would not take as it is, or a terminal as text, is escaped. */
const quoted = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
