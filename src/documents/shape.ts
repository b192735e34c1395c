import * as z from 'zod/mini';
import { cut, shown } from './faults.js';
import { fail, inside, type Place } from './place.js';

/** Fields that AWS leaves out or that some collectors write as null. */
export const optionalText = z.nullish(z.string());
export const optionalNumber = z.nullish(z.number());
export const optionalFlag = z.nullish(z.boolean());

/** Checks a value's shape; reports each fault at its own place and gives undefined when there is one. */
export function readShape<S extends z.ZodMiniType>(
  schema: S,
  value: unknown,
  place: Place,
): z.output<S> | undefined {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  for (const issue of result.error.issues) reportIssue(issue, place);
  return undefined;
}

/** The items of a list with their places; nothing for an absent or null list. */
export function readList(value: unknown, place: Place): readonly Item[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => ({ value: item, place: inside(place, index) }));
  }
  fail(place, 'wrong-type', `expected a list, found ${shown(value)}`, 'write a list');
  return [];
}

/** The members of a mapping with their places; nothing for an absent or null mapping. */
export function readMembers(value: unknown, place: Place): readonly Member[] {
  if (value === undefined || value === null) return [];
  if (isRecord(value)) {
    return Object.entries(value).map(([key, member]) => ({
      key,
      value: member,
      place: inside(place, key),
    }));
  }
  fail(place, 'wrong-type', `expected a mapping, found ${shown(value)}`, 'write a mapping');
  return [];
}

export interface Item {
  readonly value: unknown;
  readonly place: Place;
}

export interface Member extends Item {
  readonly key: string;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of a value that may not even be an object. */
export function memberOf(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The same when it is a string. */
export function textOf(value: unknown, key: string): string | undefined {
  const member = memberOf(value, key);
  return typeof member === 'string' ? member : undefined;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function reportIssue(issue: z.core.$ZodIssue, top: Place): void {
  const keys = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const place = keys.reduce(inside, top);
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      fail(place, 'unknown-key', `${shown(key)} is no key of this form`, 'correct or remove it');
    }
    return;
  }
  if (issue.input === undefined && keys.length > 0) {
    const parent = keys.slice(0, -1).reduce(inside, top);
    fail(parent, 'missing-key', `${cut(String(keys.at(-1)))} is missing`, 'add it');
    return;
  }
  const expected = issue.code === 'invalid_type' ? issue.expected : issue.code;
  const word = TYPE_WORDS[expected] ?? expected;
  fail(place, 'wrong-type', `expected ${word}, found ${shown(issue.input)}`, `write ${word}`);
}
