import { ruleIdentity } from '../model/rule-identity.js';
import type { Rule } from '../model/security-group.js';
import type { SettingKind, VpcChange } from '../model/vpc-change.js';

/** Finds changes of a VPC: the position of each, undefined where there is none. */
export interface ChangeIndex {
  readonly changes: readonly VpcChange[];
  /** The change that a rule of one side has a part in. */
  ofRule(side: 'before' | 'after', rule: Rule): number | undefined;
  /** The first change of one of these kinds, the earlier kinds first, that something underwent. */
  ofSetting(subject: string, kinds: readonly SettingKind[]): number | undefined;
  /** The first one of one of these kinds. */
  ofKind(kinds: readonly SettingKind[]): number | undefined;
}

export function indexChanges(changes: readonly VpcChange[]): ChangeIndex {
  const rules = new Map<string, number>();
  const settings = new Map<string, number>();
  const kinds = new Map<string, number>();
  const note = (known: Map<string, number>, key: string, position: number): void => {
    if (!known.has(key)) known.set(key, position);
  };
  for (const [position, change] of changes.entries()) {
    note(kinds, change.kind, position);
    if (change.kind !== 'rules') {
      note(settings, settingKey(change.kind, change.subject), position);
      continue;
    }
    for (const side of ['before', 'after'] as const) {
      for (const rule of change[side]) note(rules, ruleKey(side, rule), position);
    }
  }
  return {
    changes,
    ofRule: (side, rule) => rules.get(ruleKey(side, rule)),
    ofSetting: (subject, wanted) =>
      wanted
        .map((kind) => settings.get(settingKey(kind, subject)))
        .find((found) => found !== undefined),
    ofKind: (wanted) => wanted.map((kind) => kinds.get(kind)).find((found) => found !== undefined),
  };
}

const ruleKey = (side: string, rule: Rule): string => `${side} ${ruleIdentity(rule)}`;
const settingKey = (kind: string, subject: string): string => `${kind} ${subject}`;
