import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBenchResult } from '../../src/documents/bench-file.js';
import { type BenchResult, FIGURES } from '../../src/model/bench-result.js';
import { InputError } from '../../src/model/diagnostic.js';
import { compareResults } from '../../src/report/bench-compare.js';
import { wordOf } from '../../src/report/bench-compare-text.js';
import { benchJson } from '../../src/report/bench-json.js';
import { benchText } from '../../src/report/bench-text.js';
import { displayWidth } from '../../src/report/wrap.js';
import { BENCH, LATER, around } from './bench-sample.js';
import { type Json, checkSchemaForm } from './schema-form.js';

const compared = { name: 'old.json', comparisons: compareResults(BENCH, LATER) };

const TEXT = `traffic
  1,000,000 packets, 265 MB, 20,000 flows
  900,049 packets allowed, 99,951 dropped: as expected in every replay
  --seed 1 --profile mixed --flows 20000 --packets 1000000 --size imix
measured
  5 rounds of a process each: 6 replays measured, after 3 to warm up; 996
    batches timed
  sgsim 0.1.0, node 20.20.2, linux x64, 2 cores (AMD EPYC), 25.3 GB

1 worker               median   least    most
  packets/s            7.44 M  7.29 M  7.59 M  by the clock
  packets/s per core   7.20 M  7.06 M  7.34 M  by processor time
  new connections/s     149 k   146 k   152 k  by the clock
  ns per packet p50      99.5    97.5     101  over batches
  ns per packet p99       432     423     441  over batches
  ns per packet p99.9   1,235   1,210   1,259  over batches
  peak memory          126 MB  124 MB  130 MB  of the process
  other programs          1 %     0 %     3 %  of all cores, meanwhile

2 workers              median   least    most
  packets/s               985     965  1.00 k  by the clock
  packets/s per core   7.20 M  7.06 M  7.34 M  by processor time
  new connections/s      9.87    9.67    10.1  by the clock
  ns per packet p50      99.5    97.5     101  over batches
  ns per packet p99       432     423     441  over batches
  ns per packet p99.9       -       -       -  too few batches
  peak memory          126 MB  124 MB  130 MB  of the process
  other programs         41 %    30 %    50 %  of all cores, meanwhile
`;

// Ratios and intervals worked out by hand: that of packets/s is 0.98 / 1.02 to 1.02 / 0.98 of 1.25.
const COMPARED = `
compared with old.json
1 worker                older  ratio     interval        change
  packets/s            7.44 M  1.250  1.201-1.301        faster
  packets/s per core   7.20 M  1.045  1.004-1.088  within noise
  ns per packet p50      99.5  0.800  0.769-0.833        faster
  ns per packet p99       432  1.500  1.441-1.561        slower
  ns per packet p99.9   1,235  0.810  <0.001-82.7  within noise
  peak memory          126 MB  0.500  0.475-0.518          less

2 workers               older  ratio     interval        change
  packets/s               985  0.508  0.488-0.528  machine busy
  packets/s per core   7.20 M  1.000  0.961-1.041  within noise
  ns per packet p50      99.5  1.000  0.961-1.041  machine busy
  ns per packet p99       432  1.000  0.961-1.041  machine busy
  peak memory          126 MB  2.000  1.900-2.073          more

  ratio: median over all pairs of an older round and a new one; interval: that
    of the rank sum test of Mann and Whitney at 99 %. A figure has changed if 1
    is outside of its interval and the ratio off by 5 % and, memory excepted, a
    fifth of what other programs took. Where those took more than 10 % of the
    machine, in either run, figures by the clock are not compared
`;

/** A result with as many rounds as are given, all figures alike. */
function alike(rounds: readonly number[], others: readonly number[] = [0]): BenchResult {
  const figures = Object.fromEntries(FIGURES.map(({ name }) => [name, rounds]));
  const result = { workers: 1, batches: 1, others, figures } as BenchResult['results'][number];
  return { ...BENCH, results: [result] };
}

const told = (before: BenchResult, after: BenchResult): Record<string, string> =>
  Object.fromEntries(compareResults(before, after).map((each) => [each.figure, wordOf(each)]));

describe('a comparison', () => {
  const same = {
    ...{ packetsPerSecond: 'within noise', packetsPerCoreSecond: 'within noise' },
    ...{ nsPerPacketP50: 'within noise', nsPerPacketP99: 'within noise' },
    ...{ nsPerPacketP999: 'within noise', peakBytes: 'within noise' },
  };
  const more = {
    ...{ packetsPerSecond: 'faster', packetsPerCoreSecond: 'faster' },
    ...{ nsPerPacketP50: 'slower', nsPerPacketP99: 'slower', nsPerPacketP999: 'slower' },
    peakBytes: 'more',
  };
  const less = {
    ...{ packetsPerSecond: 'slower', packetsPerCoreSecond: 'slower' },
    ...{ nsPerPacketP50: 'faster', nsPerPacketP99: 'faster', nsPerPacketP999: 'faster' },
    peakBytes: 'less',
  };
  const busy = Object.fromEntries(
    Object.entries(more).map(([name, word]) => [
      name,
      name === 'peakBytes' || name === 'packetsPerCoreSecond' ? word : 'machine busy',
    ]),
  );

  it.each([
    ['the same values', around(100), around(100), same],
    ['a larger ratio', around(100), around(106), more],
    ['a smaller ratio', around(100), around(94), less],
    // 1 is outside of the interval, but machines drift by as much.
    ['a small change', around(100), around(104.9), same],
    ['a large one in noise', [50, 90, 100, 110, 200], [60, 120, 130, 140, 190], same],
  ])('of %s', (_, before, after, expected) =>
    expect(told(alike(before), alike(after))).toEqual(expected),
  );

  it('by the clock is not told of a busy machine, on either side', () => {
    const [before, after] = [around(100), around(120)];
    expect(told(alike(before, [0.1]), alike(after, [0.1]))).toEqual(more);
    expect(told(alike(before, [0.11]), alike(after))).toEqual(busy);
    expect(told(alike(before), alike(after, [0, 0.2, 0.3]))).toEqual(busy);
  });

  it('beside other programs takes a larger change, but for memory', () => {
    const changed = (others: number): Record<string, string> =>
      told(alike(around(100)), alike(around(113), [others]));
    expect(changed(0.35)).toMatchObject({ packetsPerCoreSecond: 'faster', peakBytes: 'more' });
    expect(changed(0.45)).toMatchObject({
      packetsPerCoreSecond: 'within noise',
      peakBytes: 'more',
    });
    const { least } = compareResults(alike([1]), alike([1], [0.3]))[1]!;
    expect(least).toBeCloseTo(0.11, 12);
  });

  it('of four rounds says that they are too few', () => {
    const few = told(alike(around(100).slice(1)), alike(around(200).slice(1)));
    expect(new Set(Object.values(few))).toEqual(new Set(['too few rounds']));
  });

  it('is of what both have', () => {
    const [one, two] = BENCH.results;
    const fewer = { ...BENCH, results: [two!] };
    expect(compareResults(fewer, BENCH).map(({ workers }) => workers)).toEqual([2, 2, 2, 2, 2]);
    expect(compareResults(fewer, { ...BENCH, results: [one!] })).toEqual([]);
    const text = benchText(BENCH, { color: false, compared: { name: 'a', comparisons: [] } });
    expect(text).toContain('compared with a\n  no number of workers was measured in both\n');
  });
});

describe('text', () => {
  it('is as written by hand', () => {
    expect(benchText(BENCH, { color: false })).toBe(TEXT);
    expect(benchText(BENCH, { color: false, compared })).toBe(TEXT + COMPARED);
  });

  it('says the same in colour', () => {
    const painted = benchText(BENCH, { color: true, compared });
    // eslint-disable-next-line no-control-regex -- escape sequences are what it looks for
    expect(painted.replaceAll(/\u001b\[\d+m/g, '')).toBe(TEXT + COMPARED);
    expect(painted).toContain('\u001b[31m        slower\u001b[39m');
  });

  const value = fc.double({ min: 0.001, max: 1e9, noNaN: true });
  const factor = fc.double({ min: 0.001, max: 1000, noNaN: true });
  it('is no wider than 80 columns, whatever was measured', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 5, maxLength: 9 }), factor, (rounds, by) => {
        const result = alike(rounds, [1]);
        const other = alike(rounds.map((each) => each * by));
        const comparisons = compareResults(other, result);
        const text = benchText(result, {
          ...{ color: false, compared: { name: 'x'.repeat(200), comparisons } },
        });
        for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
      }),
    );
  });
});

const schema = JSON.parse(
  readFileSync(new URL('../../src/report/bench.schema.json', import.meta.url), 'utf8'),
) as Record<string, Json>;
const validate = new Ajv2020({
  ...{ strict: true, allErrors: true, allowUnionTypes: true },
}).compile(schema);

describe('JSON', () => {
  const documents = [benchJson(BENCH), benchJson(BENCH, compared), benchJson(LATER, compared)];

  it('keeps to its schema, which can fail', () => {
    for (const document of documents) {
      expect(validate(JSON.parse(document)), JSON.stringify(validate.errors)).toBe(true);
    }
    const document = JSON.parse(documents[1]!) as Record<string, Json>;
    expect(validate({ ...document, extra: 1 })).toBe(false);
    expect(validate({ ...document, version: 2 })).toBe(false);
    expect(validate({ ...document, results: [{}] })).toBe(false);
  });

  it('has a schema that describes every property, requires it, and allows no other', () => {
    expect(checkSchemaForm(schema)).toBe(10);
    const names = FIGURES.map(({ name }) => name);
    expect(schema).toHaveProperty('$defs.result.properties.figures.required', names);
    expect(schema).toHaveProperty(
      '$defs.compared.properties.figure.enum',
      names.filter((name) => name !== 'connectionsPerSecond'),
    );
  });

  it('is read back as it was', () => {
    for (const [i, result] of [BENCH, BENCH, LATER].entries()) {
      expect(readBenchResult({ name: 'a.json', text: documents[i]! })).toEqual(result);
    }
  });

  it('has the numbers of the text', () => {
    const { results, comparison } = JSON.parse(documents[1]!) as {
      results: readonly { figures: Record<string, Json> }[];
      comparison: { with: string; figures: readonly Json[] };
    };
    expect(results[0]!.figures['packetsPerSecond']).toEqual({
      ...{ median: 7_440_000, least: 7_440_000 * 0.98, most: 7_440_000 * 1.02 },
      rounds: around(7_440_000),
    });
    expect(results[1]!.figures['nsPerPacketP999']).toBeNull();
    expect(comparison.with).toBe('old.json');
    expect(comparison.figures).toHaveLength(11);
    expect(comparison.figures[3]).toMatchObject({ figure: 'nsPerPacketP99', told: 'slower' });
  });
});

describe('a file of an older run', () => {
  const faults = (text: string): readonly string[] => {
    try {
      readBenchResult({ name: 'old.json', text });
    } catch (error) {
      if (error instanceof InputError) return error.message.split('\n');
      throw error;
    }
    return [];
  };
  const document = JSON.parse(benchJson(BENCH)) as Record<string, Json>;
  const changed = (change: Record<string, Json>): string =>
    JSON.stringify({ ...document, ...change });

  it.each([
    [
      '[]',
      'bench-file] old.json: is no result of `sgsim bench --json` of version 1; write one with `sgsim bench ... --json`',
    ],
    [
      changed({ version: 2 }),
      'bench-file] old.json: is no result of `sgsim bench --json` of version 1; write one with `sgsim bench ... --json`',
    ],
    [
      '{',
      'json-syntax] old.json:1:2: expected a key in double quotes or "}", found the end; fetch it again, it is cut short',
    ],
    [
      changed({ sgsim: 1 }),
      'wrong-type] old.json: sgsim: expected a string, found 1; write a string',
    ],
    [changed({ machine: {} }), 'missing-key] old.json: machine: cpu is missing; add it'],
  ])('that is none is refused: %.30s', (text, expected) => {
    expect(faults(text)[0]).toBe(`error[${expected}`);
  });

  it('with rounds that no run has is refused', () => {
    const [result] = document['results'] as [Record<string, Json>];
    for (const rounds of [[], [-1], [0], ['1'], [null], Array<number>(1001).fill(1)]) {
      const figures = { ...(result['figures'] as object), peakBytes: { rounds } };
      expect(faults(changed({ results: [{ ...result, figures }] })).join()).toContain('peakBytes');
    }
  });
});
