import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import { CHANGE_WAYS, type Difference, VERDICT_CHANGES } from '../../src/model/verdict-change.js';
import { SETTING_KINDS } from '../../src/model/vpc-change.js';
import { type Timeline, resolveTimeline } from '../../src/policy/timeline.js';
import { differenceJson } from '../../src/report/diff-json.js';
import { differenceText } from '../../src/report/diff-text.js';
import { diffOf } from '../replay/differ.js';
import { inMemory } from '../replay/in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from '../replay/random-traffic.js';
import { checkSchemaForm, type Json } from './schema-form.js';

const schemaOf = (name: string): Record<string, Json> =>
  JSON.parse(
    readFileSync(new URL(`../../src/report/${name}.schema.json`, import.meta.url), 'utf8'),
  ) as Record<string, Json>;
const schema = schemaOf('diff');
const validate = new Ajv2020({
  ...{ strict: true, allErrors: true, allowUnionTypes: true },
  schemas: [schemaOf('report'), schemaOf('explanation')],
}).compile(schema);

const timelineOf = (text: string): Timeline =>
  resolveTimeline(loadVpc([{ name: 'vpc.yaml', text }]).description);
const BEFORE = timelineOf(RANDOM_TRAFFIC_VPC);
// Rules, a membership, an interface, an address and a peering are other ones.
const AFTER = timelineOf(
  RANDOM_TRAFFIC_VPC.replace('tcp/80 from any', 'tcp/80-90 from 203.0.113.0/25')
    .replace('[sg-shut, sg-db]', '[sg-shut]')
    .replace('10.0.1.30, 2001:db8:1:1::30', '10.0.1.30')
    .replace('egress: [all to any]', 'egress: [tcp to any]')
    .concat('peerings: { pcx-1: { between: [vpc-main, vpc-2], status: active } }\n'),
);
const capture = inMemory(randomCapture(11, 4000));
const difference: Promise<Difference> = diffOf({ before: BEFORE, after: AFTER }, capture);

const jsonOf = (of: Difference, top = 10): Record<string, Json> =>
  JSON.parse(differenceJson(of, { top })) as Record<string, Json>;

describe('schema', () => {
  it('holds', async () => {
    const one = await difference;
    expect(one.groups.length).toBeGreaterThan(5);
    expect(new Set(one.groups.map(({ change }) => change)).size).toBe(3);
    expect(validate(jsonOf(one)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate(jsonOf(one, 0)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('can fail', async () => {
    const one = jsonOf(await difference);
    expect(validate({ ...one, extra: 1 })).toBe(false);
    expect(validate({ ...one, groups: [{}] })).toBe(false);
  });

  it('names every kind of change and every way', () => {
    const defs = schema.$defs as Record<string, { properties: Record<string, { enum: Json }> }>;
    expect(defs.change!.properties.kind!.enum).toEqual(['rules', ...SETTING_KINDS]);
    expect(defs.group!.properties.way!.enum).toEqual(CHANGE_WAYS);
    expect(defs.group!.properties.change!.enum).toEqual(VERDICT_CHANGES);
  });

  it('describes every key, requires it and allows no other', () => {
    expect(checkSchemaForm(schema)).toBeGreaterThan(10);
  });
});

describe('text', () => {
  it('says the numbers of the JSON', async () => {
    const one = await difference;
    const text = differenceText(one, { color: false, top: 10 });
    const { totals } = one;
    for (const change of ['newly-dropped', 'newly-allowed', 'otherwise'] as const) {
      const packets = totals[change].packets.toLocaleString('en');
      expect(text).toMatch(new RegExp(`${change.replace('-', ' ')} +${packets} `));
    }
    const sum = one.groups.reduce((known, { share }) => known + share.packets, 0);
    const all = Object.values(totals).reduce((known, { packets }) => known + packets, 0);
    expect(sum).toBe(all);
  });

  it.each([60, 80, 200])('is at most %i columns wide, but for commands', async (width) => {
    const text = differenceText(await difference, { color: false, top: 10, width });
    const wide = text
      .split('\n')
      .filter((each) => each.length > width && !each.startsWith('      aws '));
    expect(wide).toEqual([]);
  });

  it('has the same words in colour', async () => {
    const one = await difference;
    const painted = differenceText(one, { color: true, top: 10 });
    // eslint-disable-next-line no-control-regex -- colours are what it looks for
    expect(painted.replaceAll(/\u001b\[\d+m/g, '')).toBe(
      differenceText(one, { color: false, top: 10 }),
    );
    expect(painted).toContain('\u001b[31m');
  });
});
