import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type DocumentFile, readDocuments } from '../documents/files.js';
import { loadVpc } from '../documents/load.js';
import { rewriteDocuments } from '../documents/write-documents.js';
import { groupEntryOf } from '../documents/write-group.js';
import { ruleEntryOf } from '../documents/write-rule.js';
import { applyEdit } from '../edits/apply.js';
import { inputError } from '../model/diagnostic.js';
import type { Edit, Refusal } from '../model/edit.js';
import { ruleIdentity } from '../model/rule-identity.js';
import type { Direction, Rule, SecurityGroup } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';
import { type RuleArguments, requestedRules } from './ec2-rules.js';
import { openOutput } from './output.js';

/** What a verb of `sgsim ec2` is told; each looks at its own. */
export interface Ec2Arguments extends RuleArguments {
  readonly vpc: readonly string[];
  readonly groupId?: string | undefined;
  readonly groupName?: string | undefined;
  readonly description?: string | undefined;
  readonly vpcId?: string | undefined;
  readonly securityGroupRuleIds?: readonly string[] | undefined;
  readonly networkInterfaceId?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly groupIds?: readonly string[] | undefined;
  readonly groupNames?: readonly string[] | undefined;
}

/** A folder of documents as it is. */
interface Folder {
  readonly files: readonly DocumentFile[];
  readonly description: VpcDescription;
}

/** An edit, and what AWS prints once it is done. */
interface Plan {
  readonly edit: Edit;
  readonly answer: (before: VpcDescription, after: VpcDescription) => unknown;
}

type Verb = (args: Ec2Arguments, folder: Folder) => Plan | { readonly refusal: Refusal };

const VERBS: Readonly<Record<string, Verb>> = {
  'create-security-group': createGroup,
  'delete-security-group': deleteGroup,
  'authorize-security-group-ingress': authorize('ingress'),
  'authorize-security-group-egress': authorize('egress'),
  'revoke-security-group-ingress': revoke('ingress'),
  'revoke-security-group-egress': revoke('egress'),
  'modify-network-interface-attribute': setGroups,
};

/** Edits the documents of a folder as the AWS CLI's verb would edit the VPC; returns the exit code. Throws InputError. */
export async function runEc2(verb: string, args: Ec2Arguments): Promise<number> {
  const [path, ...others] = args.vpc;
  if (path === undefined || others.length > 0) {
    throw inputError('usage', '--vpc', 'is given more than once', 'name one folder');
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw inputError('usage', '--vpc', 'is not a folder', 'name the folder of the documents');
  }
  const files = readDocuments([path]);
  const folder = { files, description: loadVpc(files).description };
  if (verb === 'describe-security-groups') return describe(verb, args, folder);
  const plan = VERBS[verb]!(args, folder);
  if ('refusal' in plan) return refuse(verb, plan.refusal);
  const applied = applyEdit(folder.description, plan.edit, () => newId('sgr'));
  if (applied.refusal !== undefined) return refuse(verb, applied.refusal);
  await save(path, folder, applied.description);
  return print(plan.answer(folder.description, applied.description));
}

/** Writes what differs, after a look whether it will be read as it is meant. Throws InputError. */
async function save(
  path: string,
  { files, description }: Folder,
  after: VpcDescription,
): Promise<void> {
  const changed = rewriteDocuments(files, description, after, join(path, 'security-groups.json'));
  const byName = new Map(changed.map((file) => [file.name, file]));
  const all = [...files.map((file) => byName.get(file.name) ?? file)];
  all.push(...changed.filter(({ name }) => !files.some((file) => file.name === name)));
  if (fingerprint(loadVpc(all).description) !== fingerprint(after)) {
    const fact = 'what is to change is not described in JSON as the AWS CLI prints it';
    throw inputError('not-editable', path, fact, 'edit the other document by hand');
  }
  for (const { name, text } of changed) {
    const output = openOutput(name);
    await output.write(text);
    await output.finish();
  }
}

/** What edits can change, whatever the documents' order. */
function fingerprint({ groups, interfaces }: VpcDescription): string {
  return JSON.stringify([
    groups
      .map(({ id, name, vpcId, rules }) => [id, name, vpcId, ...rules.map(ruleIdentity).sort()])
      .sort(),
    interfaces.map(({ id, groupIds }) => [id, ...[...groupIds].sort()]).sort(),
  ]);
}

function createGroup({ groupName = '', description = '', vpcId = '' }: Ec2Arguments): Plan {
  const groupId = newId('sg');
  return {
    edit: { kind: 'create-group', groupId, name: groupName, description, vpcId },
    answer: () => ({ GroupId: groupId }),
  };
}

function deleteGroup(args: Ec2Arguments, folder: Folder): ReturnType<Verb> {
  return onGroup(args, folder, (groupId) => ({
    edit: { kind: 'delete-group', groupId },
    answer: () => ({ Return: true, GroupId: groupId }),
  }));
}

function authorize(direction: Direction): Verb {
  return (args, folder) =>
    onGroup(args, folder, (groupId) => {
      const requested = requestedRules(args, groupId, direction);
      if ('refusal' in requested) return requested;
      return {
        edit: { kind: 'authorize', groupId, direction, rules: requested.rules },
        answer: (before, after) => ({
          Return: true,
          SecurityGroupRules: missingFrom(after, before, groupId),
        }),
      };
    });
}

function revoke(direction: Direction): Verb {
  return (args, folder) =>
    onGroup(args, folder, (groupId) => {
      const requested = requestedRules(args, groupId, direction);
      if ('refusal' in requested) return requested;
      const ruleIds = args.securityGroupRuleIds ?? [];
      return {
        edit: { kind: 'revoke', groupId, direction, rules: requested.rules, ruleIds },
        answer: (before, after) => ({
          Return: true,
          RevokedSecurityGroupRules: missingFrom(before, after, groupId),
        }),
      };
    });
}

function setGroups({ networkInterfaceId = '', groups = [] }: Ec2Arguments): Plan {
  return {
    edit: { kind: 'set-groups', target: networkInterfaceId, groupIds: groups },
    answer: () => undefined,
  };
}

/** What a verb does to the group that `--group-id` or `--group-name` names. */
function onGroup(
  { groupId, groupName }: Ec2Arguments,
  { description }: Folder,
  verb: (groupId: string) => ReturnType<Verb>,
): ReturnType<Verb> {
  if (groupId !== undefined) return verb(groupId);
  if (groupName === undefined) {
    throw inputError('usage', '', 'no group is named', 'give --group-id or --group-name');
  }
  const group = description.groups.find(({ name }) => name === groupName);
  return group === undefined ? { refusal: notFound(groupName) } : verb(group.id);
}

function missingFrom(one: VpcDescription, other: VpcDescription, groupId: string): unknown[] {
  const left = new Set(rulesOf(other, groupId).map(({ id }) => id));
  const { ownerId } = one.groups.find(({ id }) => id === groupId)!;
  return rulesOf(one, groupId)
    .filter(({ id }) => !left.has(id))
    .map((rule) => ruleEntryOf(rule, ownerId));
}

const rulesOf = ({ groups }: VpcDescription, groupId: string): readonly Rule[] =>
  groups.find(({ id }) => id === groupId)?.rules ?? [];

function describe(verb: string, args: Ec2Arguments, { description }: Folder): number {
  const { groupIds = [], groupNames = [], vpcId } = args;
  const { groups } = description;
  for (const named of groupIds) {
    if (groups.some(({ id }) => id === named)) continue;
    return refuse(verb, notFound(named));
  }
  for (const named of groupNames) {
    if (groups.some(({ name }) => name === named)) continue;
    return refuse(verb, notFound(named));
  }
  const isAsked = (group: SecurityGroup): boolean =>
    (vpcId === undefined || group.vpcId === vpcId) &&
    (groupIds.length === 0 || groupIds.includes(group.id)) &&
    (groupNames.length === 0 || groupNames.includes(group.name));
  return print({ SecurityGroups: groups.filter(isAsked).map(groupEntryOf) });
}

const notFound = (named: string): Refusal => ({
  code: 'InvalidGroup.NotFound',
  message: `The security group '${named}' does not exist`,
});

/** As the AWS CLI says it, so that scripts which look for the code find it. */
function refuse(verb: string, { code, message }: Refusal): never {
  const operation = verb.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const fact = `An error occurred (${code}) when calling the ${operation} operation: ${message}`;
  throw inputError(code, '', fact);
}

function print(answer: unknown): number {
  if (answer !== undefined) process.stdout.write(`${JSON.stringify(answer, null, 4)}\n`);
  return 0;
}

const newId = (kind: 'sg' | 'sgr'): string => `${kind}-0${randomBytes(8).toString('hex')}`;
