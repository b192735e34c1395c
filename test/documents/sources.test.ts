// Where rules and other nouns stand: file, line and text of the places that documents give them.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEvents } from '../../src/documents/events.js';
import { type DocumentFile, readDocuments } from '../../src/documents/files.js';
import { jsonSpans } from '../../src/documents/json-spans.js';
import { loadVpc } from '../../src/documents/load.js';
import { joinPath, keysOf } from '../../src/documents/place.js';
import { createSources } from '../../src/documents/sources.js';
import { parsePrefix } from '../../src/model/address.js';
import { InputError } from '../../src/model/diagnostic.js';
import type { Peer, Rule } from '../../src/model/security-group.js';
import { planTimeline } from '../../src/replay/plan-timeline.js';
import { json, yaml } from './loading.js';

/** Whether a text names the peer, blocks as the document spells them. */
function names(text: string, peer: Peer): boolean {
  switch (peer.kind) {
    case 'group':
      return text.includes(peer.groupId);
    case 'prefix-list':
      return text.includes(peer.prefixListId);
    case 'cidr': {
      const words = text.match(/[\d.]{7,}(?:\/\d+)?|[\da-f:.]*::?[\da-f:.]*(?:\/\d+)?/gi) ?? [];
      const same = (word: string): boolean => {
        const prefix = parsePrefix(word)?.prefix;
        return prefix?.value === peer.prefix.value && prefix.length === peer.prefix.length;
      };
      return words.some(same);
    }
  }
}

/** Rules whose place is not found, or has another text or line than it should; and how many were looked at. */
function misplaced(files: readonly DocumentFile[], rules: readonly Rule[]): readonly string[] {
  const sourceOf = createSources(files);
  const lines = new Map(files.map(({ name, text }) => [name, text.split('\n')]));
  return rules.flatMap(({ place, peer }) => {
    const source = sourceOf(place);
    if (source === undefined) return [`${place}: not found`];
    const line = lines.get(source.file)?.[source.line - 1]?.replaceAll(/\s+/g, ' ') ?? '';
    const begin = source.text.split(/[ ,:]/, 1)[0]!;
    if (!line.includes(begin)) return [`${place}: line ${source.line} does not hold ${begin}`];
    return names(source.text, peer) ? [] : [`${place}: ${source.text}`];
  });
}

const rulesOf = (files: readonly DocumentFile[]): readonly Rule[] =>
  loadVpc(files).description.groups.flatMap(({ rules }) => rules);

describe('real descriptions: every rule is found, and the peer is named there', () => {
  test.each([['fixtures/demo/vpc'], ['fixtures/vpc/recorded']])('%s', (folder) => {
    const files = readDocuments([folder]);
    const rules = rulesOf(files);
    expect(rules.length).toBeGreaterThan(10);
    expect(misplaced(files, rules)).toEqual([]);
    // Without the groups, rules stand where describe-security-group-rules has them.
    const alone = files.filter(({ name }) => name.endsWith('security-group-rules.json'));
    expect(rulesOf(alone)).toHaveLength(rules.length);
    expect(misplaced(alone, rulesOf(alone))).toEqual([]);
  });

  const CORPUS = '../shared/corpus/vpc';
  const missing = !existsSync(CORPUS);
  test.skipIf(missing)(missing ? `skipped, ${CORPUS} is absent` : 'published ones', () => {
    const paths = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' });
    let looked = 0;
    for (const path of paths.filter((name) => name.endsWith('.json'))) {
      const files = readDocuments([join(CORPUS, path)]);
      let rules: readonly Rule[];
      try {
        rules = rulesOf(files);
      } catch (error) {
        if (error instanceof InputError) continue;
        throw error;
      }
      looked += rules.length;
      expect(misplaced(files, rules)).toEqual([]);
    }
    expect(looked).toBeGreaterThan(100);
  });
});

test('JSON: the line, and the item or the key with its value, on one line', () => {
  const value = { SecurityGroups: [{ GroupId: 'sg-a', IpPermissions: [{ FromPort: 1 }] }] };
  const file = { name: 'a.json', text: JSON.stringify(value, null, 2) };
  const sourceOf = createSources([file]);
  expect(sourceOf('a.json: SecurityGroups[0].GroupId')).toEqual({
    file: 'a.json',
    line: 4,
    text: '"GroupId": "sg-a"',
  });
  expect(sourceOf('a.json: SecurityGroups[0].IpPermissions[0]')).toEqual({
    file: 'a.json',
    line: 6,
    text: '{ "FromPort": 1 }',
  });
  expect(sourceOf('a.json')?.line).toBe(1);
  const compact = createSources([json('a.json', value)]);
  expect(compact('a.json: SecurityGroups[0].IpPermissions[0].FromPort')).toEqual({
    file: 'a.json',
    line: 1,
    text: '"FromPort":1',
  });
});

test('JSON: any value is found by its path, however its keys are spelled', () => {
  const key = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('a.b', '[0]', '0', '"]', '...', '__proto__'),
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue({ maxDepth: 0 }),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(tree, fc.constantFrom('', '\t', '  '), (generated, indent) => {
      const text = JSON.stringify(generated, null, indent);
      const spanOf = jsonSpans(text);
      const check = (value: unknown, path: string, isItem: boolean): void => {
        const { at, length } = spanOf(keysOf(path)!)!;
        const found = text.slice(at, at + length);
        const parsed = JSON.parse(isItem ? found : `{${found}}`) as object;
        expect(isItem ? parsed : Object.values(parsed)[0]).toEqual(value);
        if (Array.isArray(value)) {
          value.forEach((item, i) => check(item, joinPath(path, i), true));
        } else if (typeof value === 'object' && value !== null) {
          for (const [name, item] of Object.entries(value))
            check(item, joinPath(path, name), false);
        }
      };
      check(JSON.parse(text), '', true);
    }),
  );
});

test('JSON: of two equal keys the last counts, as for the loader; long keys are found as places cut them', () => {
  const long = 'k'.repeat(100);
  const sourceOf = createSources([{ name: 'a.json', text: `{"a":1,\n"a":2,\n"${long}":{"b":3}}` }]);
  expect(sourceOf('a.json: a')).toMatchObject({ line: 2, text: '"a":2' });
  const path = joinPath(joinPath('', long), 'b');
  expect(sourceOf(`a.json: ${path}`)).toMatchObject({ line: 3, text: '"b":3' });
});

const SHORT = yaml(
  'v.yaml',
  '# by hand',
  'groups:',
  '  sg-a:',
  '    ingress:',
  '      - tcp/443 from any        # two rules',
  '      - { id: sgr-office, rule: tcp/22 from 10.0.0.0/8 }',
  '      - id: sgr-lab',
  '        rule: tcp/23 from 10.1.0.0/16',
  '      - &ping icmp/8 from 10.2.0.0/16',
  '    egress: [udp/53 to 10.3.0.0/16, all to sg-a]',
  '  sg-b: { ingress: [*ping] }',
);

test('YAML: the line of the place, and the item or the key with its value', () => {
  const rules = rulesOf([SHORT]);
  const sourceOf = createSources([SHORT]);
  const found = rules.map(({ place }) => {
    const { line, text } = sourceOf(place)!;
    return [line, text];
  });
  const named = '{ id: sgr-office, rule: tcp/22 from 10.0.0.0/8 }';
  expect(found).toEqual([
    [5, 'tcp/443 from any'],
    [5, 'tcp/443 from any'],
    [6, named],
    [7, 'id: sgr-lab rule: tcp/23 from 10.1.0.0/16'],
    [9, 'icmp/8 from 10.2.0.0/16'],
    [10, 'udp/53 to 10.3.0.0/16'],
    [10, 'all to sg-a'],
    [11, '*ping'],
    // The default egress rule (SG-5) stands where its group does.
    [11, 'sg-b: { ingress: [*ping] }'],
  ]);
  expect(rules.every(({ place }) => place.startsWith(`v.yaml:${sourceOf(place)!.line}:`))).toBe(
    true,
  );
});

test('rules that an event adds stand where the event does', () => {
  const events = yaml(
    'e.yaml',
    '- at: +1s',
    '  authorize: { sg-a: [tcp/80 from any] }',
    '- at: +2s',
    '  create-group: { id: sg-new, name: new, vpc: vpc-main }',
  );
  const { description } = loadVpc([SHORT]);
  const { phases } = planTimeline(description, readEvents(events), 0n);
  const last = phases.at(-1)!.description.groups;
  const sourceOf = createSources([SHORT, events]);
  const lineOf = (place: string): string => {
    const { file, line } = sourceOf(place)!;
    return `${file}:${line}`;
  };
  const added = last.flatMap(({ rules }) => rules).filter(({ id }) => id.startsWith('sgr-event'));
  expect(added.map(({ place }) => lineOf(place))).toEqual(['e.yaml:1', 'e.yaml:1', 'e.yaml:3']);
  expect(sourceOf(added[0]!.place)?.text).toBe('at: +1s authorize: { sg-a: [tcp/80 from any] }');
  expect(lineOf(last.find(({ id }) => id === 'sg-new')!.place)).toBe('e.yaml:3');
  // What was there before stays where it was.
  expect(lineOf(last[0]!.rules[0]!.place)).toBe('v.yaml:5');
});

test('names of files may hold colons; a byte order mark is no character', () => {
  const bom = { name: 'b.json', text: '\uFEFF{"a":1}' };
  const sourceOf = createSources([json('x: y.json', { a: 1 }), json('x', { a: 2 }), bom]);
  expect(sourceOf('x: y.json: a')).toEqual({ file: 'x: y.json', line: 1, text: '"a":1' });
  expect(sourceOf('b.json: a')?.text).toBe('"a":1');
});

describe('hostile documents', () => {
  const deep = 200_000;
  const nested = `${'['.repeat(deep)}${']'.repeat(deep)}`;

  test('nesting without end beside the place, and in it', () => {
    const text = `{"x":${nested},"a":\n1}`;
    const sourceOf = createSources([{ name: 'a.json', text }]);
    expect(sourceOf('a.json: a')).toMatchObject({ line: 1, text: '"a": 1' });
    const found = sourceOf('a.json: x[0]')!;
    expect(found.text).toBe(`${'['.repeat(300)}...`);
  });

  test('long texts are cut, white space without end is passed over', () => {
    const text = `{"a":"${'b'.repeat(1000)}","c":[${' '.repeat(100_000)}1]}`;
    const sourceOf = createSources([{ name: 'a.json', text }]);
    expect(sourceOf('a.json: a')?.text).toHaveLength(303);
    expect(sourceOf('a.json: c')?.text).toBe('"c":[...');
  });

  test.each([
    ['a.json', nested.slice(deep), 'a'],
    ['a.json', '{"a":', 'a.b'],
    ['a.json', '{"a":{"b":1', 'c'],
    ['a.json', '"a"', '[0]'],
    ['a.json', '', 'a'],
    ['a.yaml', '{'.repeat(1000), 'a'],
    ['a.yaml', `a: ${'x'.repeat(9 * 1024 * 1024)}`, 'a'],
    ['a.yaml', 'a: [', 'a'],
  ])('%s that is broken or too large: no place, no fault', (name, text, path) => {
    expect(createSources([{ name, text }])(`${name}: ${path}`)).toBeUndefined();
  });

  test.each(['', ':', 'a.json: a[', 'a.json: a[1', 'a.json: ["a', 'b.json: a', '::::'])(
    'the place "%s"',
    (place) => {
      expect(createSources([json('a.json', { a: [0] })])(place)).toBeUndefined();
    },
  );
});
