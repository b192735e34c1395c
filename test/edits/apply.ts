import { parseAddress } from '../../src/model/address.js';
import type { Edit, RuleRequest } from '../../src/model/edit.js';
import { formatRule } from '../../src/model/rule-text.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { applyEdit } from '../../src/edits/apply.js';
import { group } from '../policy/describe-vpc.js';

/** The description after an edit; fails the test when the edit is refused. Rule ids are sgr-1, sgr-2 ... */
export function apply(description: VpcDescription, edit: Edit): VpcDescription {
  const result = run(description, edit);
  if (result.refusal !== undefined) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.description;
}

/** `CODE: message` of a refused edit, `applied` of any other. */
export function refusalOf(description: VpcDescription, edit: Edit): string {
  const { refusal } = run(description, edit);
  return refusal === undefined ? 'applied' : `${refusal.code}: ${refusal.message}`;
}

/** Deeply frozen: an edit that changes its input throws. */
function run(description: VpcDescription, edit: Edit): ReturnType<typeof applyEdit> {
  let last = 0;
  return applyEdit(freeze(description), freeze(edit), () => `sgr-${++last}`);
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freeze(member);
  }
  return value;
}

/** Rules of a group, each as `ID RULE`. */
export function rulesOf({ groups }: VpcDescription, groupId: string): readonly string[] {
  const rules = groups.find(({ id }) => id === groupId)?.rules ?? [];
  return rules.map((rule) => `${rule.id} ${formatRule(rule)}`);
}

/** Rules in the notation of `group`, without their direction. */
const requests = (texts: readonly string[]): readonly RuleRequest[] =>
  group(
    'sg-any',
    texts.map((text) => `in ${text}`),
  ).rules.map(({ traffic, peer }) => ({
    traffic,
    peer,
  }));

type OfKind<Kind> = Extract<Edit, { kind: Kind }>;

export const authorize = (groupId: string, ...rules: string[]): OfKind<'authorize'> => ({
  kind: 'authorize',
  groupId,
  direction: 'ingress',
  rules: requests(rules),
});

/** Words with a blank are rules, others are rule ids. */
export const revoke = (groupId: string, ...rules: string[]): OfKind<'revoke'> => ({
  kind: 'revoke',
  groupId,
  direction: 'ingress',
  rules: requests(rules.filter((text) => text.includes(' '))),
  ruleIds: rules.filter((text) => !text.includes(' ')),
});

export const createGroup = (name: string, vpcId = 'vpc-1', groupId = 'sg-new'): Edit => ({
  kind: 'create-group',
  groupId,
  name,
  description: '',
  vpcId,
});

export const setGroups = (target: string, ...groupIds: string[]): Edit => ({
  kind: 'set-groups',
  target,
  groupIds,
});

export const address = (
  kind: 'attach-address' | 'detach-address' | 'move-address',
  target: string,
  text: string,
): Edit => ({ kind, target, address: parseAddress(text)! });
