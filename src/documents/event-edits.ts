import * as z from 'zod/mini';
import type { Address } from '../model/address.js';
import type { Edit, RuleRequest } from '../model/edit.js';
import type { Direction } from '../model/security-group.js';
import { readAddress, readPrefix } from './cidr.js';
import { shown } from './faults.js';
import { hasIdForm } from './id-form.js';
import { fail, inside, type Place } from './place.js';
import { readList, readMembers, readShape, type Member } from './shape.js';
import { parseRule } from './short-rule.js';

/** What one name under an edit's key asks for, and how the user wrote it. */
interface ReadEdit {
  readonly edits: readonly Edit[];
  readonly text: string;
}

type Reader = (member: Member) => readonly ReadEdit[];

/** Readers of an event's members by their keys. Each tells its faults and leaves out what has any. */
export const EDIT_READERS: ReadonlyMap<string, Reader> = new Map([
  ['authorize', forEach('sg-', readAuthorize)],
  ['revoke', forEach('sg-', readRevoke)],
  ['create-group', readCreateGroup],
  ['delete-group', readDeleteGroup],
  ['set-groups', forEach('target', readSetGroups)],
  ['attach-address', forEach('target', addressReader('attach-address'))],
  ['detach-address', forEach('target', addressReader('detach-address'))],
  ['move-address', forEach('target', addressReader('move-address'))],
  ['peering', forEach('pcx-', readPeering)],
  ['prefix-list', forEach('pl-', readPrefixList)],
]);

/** Characters of a scalar. A description has at most 255 (PR-6), everything else is shorter. */
const LONGEST = 300;

/** A scalar; longer ones than any edit needs are a fault, since aliases could repeat them without end. */
export function readText(value: unknown, place: Place): string | undefined {
  const text = readShape(z.string(), value, place);
  if (text === undefined || text.length <= LONGEST) return text;
  fail(place, 'too-long', `${shown(text)} has ${text.length} characters`, 'shorten it');
  return undefined;
}

/** Reads a mapping by ids: each member by itself. */
function forEach(prefix: string, read: (member: Member) => ReadEdit | undefined): Reader {
  return ({ value, place }) => {
    const members = readMembers(value, place);
    if (members.length === 0) {
      fail(place, 'event', 'names nothing to change', 'write a mapping of ids');
    }
    return members.flatMap((member) => {
      const { key } = member;
      if (readText(key, member.place) === undefined) return [];
      const form = prefix !== 'target' ? prefix : key.startsWith('i-') ? 'i-' : 'eni-';
      return hasIdForm(key, form, member.place) ? (read(member) ?? []) : [];
    });
  };
}

/** The texts of a list, with their places. */
function textsOf({ value, place }: Member): readonly { text: string; place: Place }[] {
  return readList(value, place).flatMap((item) => {
    const text = readText(item.value, item.place);
    return text === undefined ? [] : [{ text, place: item.place }];
  });
}

function readAuthorize(member: Member): ReadEdit | undefined {
  const texts = textsOf(member);
  if (texts.length === 0) {
    fail(member.place, 'event', 'names no rule', 'write a list of rules');
    return undefined;
  }
  const groupId = member.key;
  const rules = texts.map(readRule);
  const edits = DIRECTIONS.map((direction): Edit => ({
    kind: 'authorize',
    groupId,
    direction,
    rules: towards(direction, rules),
  }));
  return {
    edits: edits.filter((edit) => edit.kind === 'authorize' && edit.rules.length > 0),
    text: textOf(groupId, texts),
  };
}

function readRevoke(member: Member): ReadEdit | undefined {
  const texts = textsOf(member);
  if (texts.length === 0) {
    fail(member.place, 'event', 'names no rule', 'write a list of rules and rule ids');
    return undefined;
  }
  const kind = 'revoke';
  const groupId = member.key;
  const rules = texts.filter(({ text }) => !RULE_ID.test(text)).map(readRule);
  const ruleIds = texts.map(({ text }) => text).filter((text) => RULE_ID.test(text));
  const edits: Edit[] = [];
  for (const direction of DIRECTIONS) {
    const ours = towards(direction, rules);
    if (ours.length > 0) edits.push({ kind, groupId, direction, rules: ours, ruleIds: [] });
  }
  if (ruleIds.length > 0) edits.push({ kind, groupId, direction: 'either', rules: [], ruleIds });
  return { edits, text: textOf(groupId, texts) };
}

/** AWS's ids, and those that rules get when no document tells their id. */
const RULE_ID = /^(?:sgr-\S+|\S+:(?:in|e)gress:\d+)$/;

const DIRECTIONS = ['ingress', 'egress'] as const satisfies readonly Direction[];

interface DirectedRules {
  readonly direction: Direction;
  readonly rules: readonly RuleRequest[];
}

/** `from` or `to` tells the direction. */
function readRule({ text, place }: { text: string; place: Place }): DirectedRules {
  const direction = /^\s*\S+\s+to\s/.test(text) ? 'egress' : 'ingress';
  const rule = parseRule(text, direction, place);
  const rules = rule?.peers.map((peer) => ({ traffic: rule.traffic, peer })) ?? [];
  return { direction, rules };
}

const towards = (wanted: Direction, rules: readonly DirectedRules[]): readonly RuleRequest[] =>
  rules.filter(({ direction }) => direction === wanted).flatMap((one) => one.rules);

function readCreateGroup({ value, place }: Member): readonly ReadEdit[] {
  const group = readShape(GROUP, value, place);
  if (group === undefined) return [];
  const { id: groupId, name, vpc: vpcId, description = '' } = group;
  for (const [key, text] of Object.entries(group)) readText(text, inside(place, key));
  if (!hasIdForm(groupId, 'sg-', inside(place, 'id'))) return [];
  const edit = { kind: 'create-group', groupId, name, description, vpcId } as const;
  return [{ edits: [edit], text: groupId }];
}

const GROUP = z.strictObject({
  id: z.string(),
  name: z.string(),
  vpc: z.string(),
  description: z.optional(z.string()),
});

function readDeleteGroup({ value, place }: Member): readonly ReadEdit[] {
  const groupId = readText(value, place);
  if (groupId === undefined || !hasIdForm(groupId, 'sg-', place)) return [];
  return [{ edits: [{ kind: 'delete-group', groupId }], text: groupId }];
}

function readSetGroups(member: Member): ReadEdit {
  const texts = textsOf(member);
  const groups = texts.filter(({ text, place }) => hasIdForm(text, 'sg-', place));
  const groupIds = groups.map(({ text }) => text);
  const edit = { kind: 'set-groups', target: member.key, groupIds } as const;
  return { edits: [edit], text: textOf(member.key, texts) };
}

function addressReader(kind: 'attach-address' | 'detach-address' | 'move-address') {
  return ({ key: target, value, place }: Member): ReadEdit | undefined => {
    const text = readText(value, place);
    const address: Address | undefined = text === undefined ? undefined : readAddress(text, place);
    return address && { edits: [{ kind, target, address }], text: `${target} ${text!}` };
  };
}

function readPeering({ key: peeringId, value, place }: Member): ReadEdit | undefined {
  const status = readText(value, place);
  if (status === undefined) return undefined;
  return { edits: [{ kind: 'set-peering', peeringId, status }], text: `${peeringId} ${status}` };
}

function readPrefixList(member: Member): ReadEdit {
  const texts = textsOf(member);
  const entries = texts.flatMap(({ text, place }) => readPrefix(text, place) ?? []);
  const edit = { kind: 'set-prefix-list', prefixListId: member.key, entries } as const;
  return { edits: [edit], text: textOf(member.key, texts) };
}

const textOf = (id: string, texts: readonly { text: string }[]): string =>
  [id, texts.map(({ text }) => text).join(', ')].join(' ').trimEnd();
