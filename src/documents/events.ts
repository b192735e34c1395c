import { InputError } from '../model/diagnostic.js';
import type { Edit, Instant, TimedEvent } from '../model/edit.js';
import { EDIT_READERS, readText } from './event-edits.js';
import { parseInstant } from './instant.js';
import { listErrors, noFaults, shown } from './faults.js';
import type { DocumentFile } from './files.js';
import { fail, inside, placeText, type Place } from './place.js';
import { memberOf, readList, readMembers, type Item } from './shape.js';
import { parseYaml } from './yaml-text.js';

/**
 * Reads a file of `--events`: a list of mappings, each with `at` and one or more edits by their names, rules in the
 * notation of `parseRule`. Events come in file order, since offsets can be placed only when the first packet is
 * known. Whether an edit can be made is seen when it is made. Throws one InputError with every fault of the file.
 */
export function readEvents(file: DocumentFile): readonly TimedEvent[] {
  const faults = noFaults();
  const top: Place = { file: file.name, path: '', faults };
  const text = file.text.replace(/^\uFEFF/, '');
  const parsed = parseYaml(text, top, 'failsafe');
  const items = parsed === undefined ? [] : readList(parsed.value, parsed.place);
  const events = items.map(readEvent).filter((event) => event !== undefined);
  const errors = listErrors(faults);
  if (errors.length > 0) throw new InputError(errors);
  return events;
}

function readEvent({ value, place }: Item): TimedEvent | undefined {
  const members = readMembers(value, place);
  if (members.length === 0) {
    fail(place, 'event', 'an event is a time and its edits', 'write it like { at: +12s, ... }');
    return undefined;
  }
  const at = readAt(memberOf(value, 'at'), place);
  const edits: Edit[] = [];
  const texts: string[] = [];
  for (const member of members) {
    if (member.key === 'at') continue;
    const read = EDIT_READERS.get(member.key);
    if (read === undefined) {
      const fix = `write one of ${[...EDIT_READERS.keys()].join(', ')}`;
      fail(member.place, 'unknown-key', `${shown(member.key)} is no edit`, fix);
      continue;
    }
    for (const { edits: made, text } of read(member)) {
      edits.push(...made);
      texts.push(`${member.key} ${text}`);
    }
  }
  if (members.every(({ key }) => key === 'at')) {
    fail(place, 'event', 'the event changes nothing', 'write what it changes');
  }
  if (at === undefined) return undefined;
  return { at, edits, text: oneLine(texts), place: placeText(place) };
}

function readAt(value: unknown, place: Place): Instant | undefined {
  if (value === undefined) {
    fail(place, 'missing-key', 'at is missing', 'add it');
    return undefined;
  }
  const at = inside(place, 'at');
  const text = readText(value, at);
  if (text === undefined) return undefined;
  const instant = parseInstant(text);
  if ('kind' in instant) return instant;
  fail(at, 'event-time', instant.fact, instant.fix);
  return undefined;
}

/** Characters of an event that reports repeat. */
const LONGEST = 200;

function oneLine(texts: readonly string[]): string {
  const line = texts.join('; ').replaceAll(/\s+/g, ' ');
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST).toWellFormed()}...`;
}
