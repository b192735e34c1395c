import * as z from 'zod/mini';
import type { Direction, Rule, SecurityGroup } from '../model/security-group.js';
import type { Collected } from './collected.js';
import { fail, inside, placeText, type Place } from './place.js';
import { memberOf, readList, readShape, type Item, type Member } from './shape.js';
import { parseRule, type ShortRule } from './short-rule.js';

/** Reads one member of `groups`. Egress left out is AWS's default, an empty list is none (SG-5). */
export function readShortGroup(
  { key: id, value, place }: Member,
  vpcId: string,
  into: Collected,
): void {
  const group = readShape(GROUP, value ?? {}, place);
  const egress = memberOf(value, 'egress');
  const read: SecurityGroup = {
    id,
    name: group?.name ?? id,
    vpcId: group?.vpc ?? vpcId,
    ...(group?.owner === undefined ? {} : { ownerId: group.owner }),
    ...(group?.description === undefined ? {} : { description: group.description }),
    rules: [
      ...readDirection(memberOf(value, 'ingress'), inside(place, 'ingress'), id, 'ingress'),
      ...readDirection(egress, inside(place, 'egress'), id, 'egress'),
    ],
    place: placeText(place),
  };
  into.groups.push(read);
  if (egress === undefined || egress === null) into.defaultEgress.add(read);
}

const GROUP = z.strictObject({
  vpc: z.optional(z.string()),
  owner: z.optional(z.string()),
  name: z.optional(z.string()),
  description: z.optional(z.string()),
  ingress: z.optional(z.unknown()),
  egress: z.optional(z.unknown()),
});

const NAMED_RULE = z.strictObject({
  id: z.optional(z.string()),
  rule: z.string(),
  description: z.optional(z.string()),
});

function readDirection(
  value: unknown,
  place: Place,
  groupId: string,
  direction: Direction,
): readonly Rule[] {
  const rules: Rule[] = [];
  for (const item of readList(value, place)) {
    const line = readLine(item, direction);
    if (line === undefined) continue;
    for (const peer of line.peers) {
      rules.push({
        id: line.id ?? `${groupId}:${direction}:${rules.length + 1}`,
        groupId,
        direction,
        traffic: line.traffic,
        peer,
        ...(line.description === undefined ? {} : { description: line.description }),
        place: placeText(item.place),
      });
    }
  }
  return rules;
}

interface Line extends ShortRule {
  readonly id?: string | undefined;
  readonly description?: string | undefined;
}

function readLine({ value, place }: Item, direction: Direction): Line | undefined {
  if (typeof value === 'string') return parseRule(value, direction, place);
  const named = readShape(NAMED_RULE, value, place);
  if (named === undefined) return undefined;
  const { id, rule: text, description } = named;
  const rule = parseRule(text, direction, inside(place, 'rule'));
  if (rule === undefined) return undefined;
  if (id !== undefined && rule.peers.length > 1) {
    const fix = 'write two rules, one for 0.0.0.0/0 and one for ::/0';
    fail(place, 'duplicate-id', 'one id for the two rules that any stands for', fix);
  }
  return { ...rule, id, description };
}
