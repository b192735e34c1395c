import type { Rule, SecurityGroup } from '../model/security-group.js';
import type { NetworkInterface, VpcDescription } from '../model/vpc.js';
import type { DocumentFile } from './files.js';
import { isRecord } from './shape.js';
import { groupEntryOf, withRules } from './write-group.js';
import { ruleEntryOf } from './write-rule.js';

/** What an edit changed, by id. */
interface Changes {
  readonly groups: ReadonlyMap<string, SecurityGroup>;
  readonly created: SecurityGroup[];
  readonly deleted: ReadonlySet<string>;
  readonly newRules: Rule[];
  readonly oldRules: ReadonlySet<string>;
  readonly interfaces: ReadonlyMap<string, NetworkInterface>;
  readonly nameOf: (groupId: string) => string;
}

/**
 * Writes an edit's effect into the JSON documents that describe what it changed; returns the files that differ. Keys that
 * no reader knows stay, and so does the indentation. A group that is new goes into the first list of groups; `newFile`
 * names the file for one where there is none.
 */
export function rewriteDocuments(
  files: readonly DocumentFile[],
  before: VpcDescription,
  after: VpcDescription,
  newFile: string,
): DocumentFile[] {
  const changes = changesBetween(before, after);
  const rewritten: DocumentFile[] = [];
  for (const file of files) {
    const text = file.text.replace(/^\uFEFF/, '');
    const value = parse(text);
    if (value === undefined) continue;
    const changed = rewrite(value, '', changes);
    if (changed === value) continue;
    const end = text.endsWith('\n') ? '\n' : '';
    const indent = /^[ \t]+(?=\S)/m.exec(text)?.[0] ?? 0;
    rewritten.push({ name: file.name, text: `${JSON.stringify(changed, null, indent)}${end}` });
  }
  if (changes.created.length > 0) {
    const entries = changes.created.map(groupEntryOf);
    const text = `${JSON.stringify({ SecurityGroups: entries }, null, 4)}\n`;
    rewritten.push({ name: newFile, text });
  }
  return rewritten;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function changesBetween(before: VpcDescription, after: VpcDescription): Changes {
  const old = new Map(before.groups.map((group) => [group.id, group]));
  const now = new Map(after.groups.map((group) => [group.id, group]));
  const known = new Set(before.groups.flatMap(({ rules }) => rules.map(({ id }) => id)));
  const left = new Set(after.groups.flatMap(({ rules }) => rules.map(({ id }) => id)));
  const interfaces = after.interfaces.filter((eni, i) => before.interfaces[i] !== eni);
  return {
    groups: new Map([...now].filter(([id, group]) => old.has(id) && old.get(id) !== group)),
    created: after.groups.filter(({ id }) => !old.has(id)),
    deleted: new Set([...old.keys()].filter((id) => !now.has(id))),
    newRules: after.groups.flatMap(({ rules }) => rules.filter(({ id }) => !known.has(id))),
    oldRules: new Set([...known].filter((id) => !left.has(id))),
    interfaces: new Map(interfaces.map((eni) => [eni.id, eni])),
    nameOf: (id) => now.get(id)?.name ?? id,
  };
}

/** The value itself when nothing in it changes. The loader has seen that it is not nested too deep. */
function rewrite(value: unknown, key: string, changes: Changes): unknown {
  if (Array.isArray(value)) {
    const items = value
      .map((item: unknown) => rewrite(item, key, changes))
      .filter((item) => item !== undefined);
    const added = additions(value, key, changes);
    const same = added.length === 0 && items.length === value.length;
    return same && items.every((item, i) => item === value[i]) ? value : [...items, ...added];
  }
  if (!isRecord(value)) return value;
  if (isGone(value, changes)) return undefined;
  const members = Object.entries(rewriteSelf(value, changes)).map(
    ([name, member]) => [name, rewrite(member, name, changes)] as const,
  );
  return members.some(([name, member]) => value[name] !== member)
    ? Object.fromEntries(members.filter(([, member]) => member !== undefined))
    : value;
}

/** A description of a group: not a mention of one, an association, or what is stale in one. */
function isGroup(value: Readonly<Record<string, unknown>>): boolean {
  if ('IpPermissions' in value || 'IpPermissionsEgress' in value) return true;
  if ('StaleIpPermissions' in value || 'StaleIpPermissionsEgress' in value) return false;
  return 'GroupName' in value && 'VpcId' in value;
}

function isGone(value: Readonly<Record<string, unknown>>, { deleted, oldRules }: Changes): boolean {
  if (typeof value.SecurityGroupRuleId === 'string') return oldRules.has(value.SecurityGroupRuleId);
  return typeof value.GroupId === 'string' && isGroup(value) && deleted.has(value.GroupId);
}

function rewriteSelf(
  value: Readonly<Record<string, unknown>>,
  { groups, interfaces, nameOf }: Changes,
): Readonly<Record<string, unknown>> {
  const eni =
    typeof value.NetworkInterfaceId === 'string' && interfaces.get(value.NetworkInterfaceId);
  if (eni && 'Groups' in value) {
    return { ...value, Groups: carried(eni, nameOf) };
  }
  if (typeof value.InstanceId === 'string' && Array.isArray(value.SecurityGroups)) {
    const primary = [...interfaces.values()].find(
      ({ instanceId, deviceIndex }) => instanceId === value.InstanceId && deviceIndex === 0,
    );
    return primary === undefined ? value : { ...value, SecurityGroups: carried(primary, nameOf) };
  }
  const group = typeof value.GroupId === 'string' && isGroup(value) && groups.get(value.GroupId);
  return group && !('SecurityGroupRuleId' in value) ? withRules(value, group.rules) : value;
}

const carried = ({ groupIds }: NetworkInterface, nameOf: Changes['nameOf']): unknown[] =>
  groupIds.map((id) => ({ GroupName: nameOf(id), GroupId: id }));

/** New groups and rules go to the end of the first list of their kind. */
function additions(list: readonly unknown[], key: string, changes: Changes): unknown[] {
  const first = list.find(isRecord);
  if (key === 'SecurityGroups' && (first === undefined || isGroup(first))) {
    return changes.created.splice(0).map(groupEntryOf);
  }
  if (key !== 'SecurityGroupRules') return [];
  return changes.newRules.splice(0).map((rule) => ruleEntryOf(rule, ownerOf(list, rule)));
}

function ownerOf(list: readonly unknown[], { groupId }: Rule): string | undefined {
  const mate = list.filter(isRecord).find((entry) => entry.GroupId === groupId);
  return typeof mate?.GroupOwnerId === 'string' ? mate.GroupOwnerId : undefined;
}
