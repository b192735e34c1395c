import { formatRule } from '../model/rule-text.js';
import type { Rule } from '../model/security-group.js';
import type { RuleChange, SettingChange, SettingKind, VpcChange } from '../model/vpc-change.js';

/** What a change is about: `sg-web (web) ingress`, `eni-db (db) idle limits`, `prefix list pl-office`. */
export function changeSubject(change: VpcChange): string {
  if (change.kind === 'rules') {
    const { groupId, groupName, direction } = change;
    return `${named(groupId, groupName)} ${direction}`;
  }
  const { kind, subject, name } = change;
  const { before, after } = SETTINGS[kind];
  return [before, named(subject, name), after].filter((word) => word !== '').join(' ');
}

/** `+` something is new, `-` it is gone, `~` it is another. */
export function changeMark({ before, after }: VpcChange): '+' | '-' | '~' {
  if (isNone(before)) return '+';
  return isNone(after) ? '-' : '~';
}

/** `tcp/22 from pl-office`, `all to 0.0.0.0/0 -> tcp/443 to 0.0.0.0/0`, `tcp 60 s -> tcp 350 s`. */
export function changeText(change: VpcChange): string {
  const [one, other] = change.kind === 'rules' ? ruleSides(change) : settingSides(change);
  return [one, other].filter((side) => side !== undefined).join(' -> ');
}

/** A change on one line, with its subject. */
export function changeTitle(change: VpcChange): string {
  const text = changeText(change);
  const [mark, subject] = [changeMark(change), changeSubject(change)];
  return text === '' ? `${mark} ${subject}` : `${subject}: ${mark} ${text}`;
}

const named = (id: string, name: string | undefined): string =>
  name === undefined ? id : `${id} (${name})`;

const isNone = (side: readonly Rule[] | string | undefined): boolean =>
  side === undefined || (typeof side !== 'string' && side.length === 0);

/** Rules of a side that are named one by one. */
const RULES_MAX = 8;

function ruleSides({ before, after }: RuleChange): readonly (string | undefined)[] {
  return [before, after].map((rules) => {
    if (rules.length === 0) return undefined;
    const texts = rules.slice(0, RULES_MAX).map(formatRule);
    const rest = rules.length - texts.length;
    return [...texts, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
  });
}

function settingSides({ kind, before, after }: SettingChange): readonly (string | undefined)[] {
  // That it is there says nothing.
  return kind === 'interface' || kind === 'group' ? [] : [before, after];
}

/** Words before and after the id. */
const SETTINGS: Readonly<Record<SettingKind, { readonly before: string; readonly after: string }>> =
  {
    group: { before: 'group', after: '' },
    interface: { before: 'interface', after: '' },
    groups: { before: '', after: 'groups' },
    addresses: { before: '', after: 'addresses' },
    'source-dest-check': { before: '', after: 'source/destination check' },
    'idle-limits': { before: '', after: 'idle limits' },
    mac: { before: '', after: 'mac address' },
    type: { before: '', after: 'type' },
    instance: { before: '', after: 'instance' },
    subnet: { before: '', after: 'subnet' },
    vpc: { before: '', after: 'vpc' },
    'prefix-list': { before: 'prefix list', after: '' },
    reference: { before: 'references', after: '' },
    peering: { before: 'peering', after: '' },
    association: { before: 'association of', after: '' },
    'transit-attachment': { before: 'attachment of', after: '' },
    path: { before: 'path to', after: '' },
  };
