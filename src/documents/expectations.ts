import type { Expectation } from '../model/expectation.js';
import { readStatement } from './capture-statement.js';
import { readMatrix } from './expected-matrix.js';
import { meaningOf, readOwnNames, withOwnNames, type OwnNames } from './expectation-names.js';
import { noFaults, shown, type Faults } from './faults.js';
import type { DocumentFile } from './files.js';
import { parseFlowQuestion } from './flow-question.js';
import { fail, inside, type Place } from './place.js';
import { isRecord, memberOf, readList, readMembers, type Item } from './shape.js';
import { oneLine, placed, writtenPlace } from './written-place.js';
import { parseYaml } from './yaml-text.js';

/** What a file expects, in its order, and what is wrong with the file: whoever knows the VPC may find more. */
export interface ReadExpectations {
  readonly expectations: readonly Expectation[];
  readonly faults: Faults;
}

/**
 * Reads a file of `sgsim test`: `names`, a mapping of its own; `pass` and `drop`, lists of flows in the notation of `parseFlowQuestion`; `matrix`, see
 * `readMatrix`; `capture`, a list of statements, see `readStatement`. An item may also be a mapping, with `because`.
 */
export function readExpectations(file: DocumentFile): ReadExpectations {
  const faults = noFaults();
  const top: Place = { file: file.name, path: '', faults };
  const parsed = parseYaml(file.text.replace(/^\uFEFF/, ''), top, 'failsafe');
  if (parsed === undefined) return { expectations: [], faults };
  const { value, place } = parsed;
  if (!isRecord(value) || Object.keys(value).length === 0) {
    fail(place, 'expectation', 'the file expects nothing', `begin it with one of ${KEYS}`);
    return { expectations: [], faults };
  }
  const into: Expectation[] = [];
  const names = readOwnNames(value[NAMES], inside(place, NAMES));
  for (const { key, value: part, place: at } of readMembers(value, place)) {
    if (key === NAMES) continue;
    const read = SECTIONS.get(key);
    if (read === undefined) {
      const fact = `${shown(key)} is no part of a file of expectations`;
      fail(at, 'unknown-key', fact, `write one of ${KEYS}`);
    } else read(part, at, names, into);
    if (into.length > MOST) {
      const fact = `more than ${MOST} expectations`;
      fail(at, 'expectation', fact, 'split the file');
      break;
    }
  }
  if (into.length === 0 && faults.errors.length === 0) {
    fail(place, 'expectation', 'the file expects nothing', 'write what must pass or must not');
  }
  return { expectations: into, faults };
}

/** Expectations of one file. */
const MOST = 100_000;

type ReadSection = (value: unknown, place: Place, names: OwnNames, into: Expectation[]) => void;

const SECTIONS: ReadonlyMap<string, ReadSection> = new Map<string, ReadSection>([
  ['pass', (value, place, names, into) => readFlows('pass', value, place, names, into)],
  ['drop', (value, place, names, into) => readFlows('drop', value, place, names, into)],
  [
    'matrix',
    (value, place, names, into) => {
      for (const member of readMembers(value, place)) readMatrix(member, names, into, MOST);
    },
  ],
  ['capture', readStatements],
]);

const NAMES = 'names';

const KEYS = [NAMES, ...SECTIONS.keys()].join(', ');

function readFlows(
  expected: 'pass' | 'drop',
  value: unknown,
  place: Place,
  names: OwnNames,
  into: Expectation[],
): void {
  for (const item of readList(value, place)) {
    const written = readItem(item, 'flow', 'tcp web > db:5432');
    if (written === undefined) continue;
    const { text, because } = written;
    const question = placed(written.place, () => withOwnNames(parseFlowQuestion(text), names));
    if (question === undefined) continue;
    const at = writtenPlace(written.place);
    into.push({
      ...{ kind: 'flow', expected, question, text: `${expected} ${oneLine(text)}`, place: at },
      ...(because === undefined ? {} : { because }),
    });
  }
}

function readStatements(value: unknown, place: Place, names: OwnNames, into: Expectation[]): void {
  for (const item of readList(value, place)) {
    const written = readItem(item, 'statement', 'no drops to db');
    if (written === undefined) continue;
    const { text, because } = written;
    const statement = placed(written.place, () => readStatement(text, written.place));
    if (statement === undefined) continue;
    const { source, destination } = statement;
    into.push({
      ...{ kind: 'capture', ...statement, statement: text, text: oneLine(text) },
      ...(source === undefined ? {} : { source: meaningOf(source, names) }),
      ...(destination === undefined ? {} : { destination: meaningOf(destination, names) }),
      ...{ place: writtenPlace(written.place), ...(because === undefined ? {} : { because }) },
    });
  }
}

interface WrittenItem {
  readonly text: string;
  readonly because?: string;
  readonly place: Place;
}

/** `TEXT`, or `{ KEY: TEXT, because: ... }`. */
function readItem({ value, place }: Item, key: string, example: string): WrittenItem | undefined {
  if (typeof value === 'string') return { text: value, place };
  const fix = `write it like ${example}, or { ${key}: ${example}, because: ... }`;
  if (!isRecord(value)) {
    fail(place, 'wrong-type', `expected a ${key}, found ${shown(value)}`, fix);
    return undefined;
  }
  for (const member of readMembers(value, place)) {
    if (member.key === key || member.key === 'because') continue;
    fail(member.place, 'unknown-key', `${shown(member.key)} is no key of this form`, fix);
  }
  const [text, because] = [key, 'because'].map((each) => memberOf(value, each));
  if (typeof text !== 'string') {
    fail(place, 'missing-key', `${key} is missing`, fix);
    return undefined;
  }
  const at = inside(place, key);
  if (because === undefined) return { text, place: at };
  if (typeof because === 'string') return { text, because: oneLine(because), place: at };
  fail(inside(place, 'because'), 'wrong-type', `expected a text, found ${shown(because)}`, fix);
  return undefined;
}
