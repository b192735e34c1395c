import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readBenchResult } from '../../src/documents/bench-file.js';
import type { BenchResult } from '../../src/model/bench-result.js';
import { compareResults } from '../../src/report/bench-compare.js';
import { benchJson } from '../../src/report/bench-json.js';
import { benchText } from '../../src/report/bench-text.js';
import { createFolder } from './folder.js';
import { SGSIM } from './sgsim.js';
import { TINY_VPC } from './tiny.js';

const folder = createFolder();
folder.write('vpc.yaml', TINY_VPC);
mkdirSync(join(folder.path, 'tmp'));
const TMPDIR = join(folder.path, 'tmp');
const options = { env: { TMPDIR } };

const TRAFFIC = ['--flows', '40', '--seed', '7'];
const rounds = (count: number, workers: string, ...args: string[]): string[] => [
  ...['bench', '--vpc', 'vpc.yaml', ...TRAFFIC, '--workers', workers, '--rounds', String(count)],
  ...args,
];
const bench = (...args: string[]): string[] => rounds(1, '1', ...args);
const leftOver = (): string[] => readdirSync(TMPDIR);

/** Runs it to its end with `--json`, and reads what it printed. */
async function measure(args = bench()): Promise<BenchResult> {
  const { stdout, stderr, status } = await folder.run([...args, '--json'], options);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return readBenchResult({ name: 'stdout', text: stdout });
}

/** The same but for what was measured: all figures are 1. */
const masked = (result: BenchResult): BenchResult => ({
  ...result,
  results: result.results.map((each) => ({
    ...each,
    others: each.others.map(() => 0),
    figures: Object.fromEntries(
      Object.entries(each.figures).map(([name, rounds]) => [name, rounds?.map(() => 1)]),
    ) as typeof each.figures,
  })),
});

describe('sgsim bench', () => {
  it('measures the traffic that sgsim generate makes, and what must come of it came', async () => {
    const result = await measure(rounds(2, '1,2'));
    const args = ['generate', '--vpc', 'vpc.yaml', ...result.workload.options.split(' ')];
    const generated = await folder.run([...args, '-w', 'made.pcap', '--json']);
    const {
      generated: made,
      allowed,
      dropped,
    } = JSON.parse(generated.stdout) as BenchResult & {
      generated: object;
      allowed: object;
      dropped: object;
    };
    expect(result.workload).toMatchObject({ ...made, allowed, dropped });
    const report = await folder.run(['replay', '-r', 'made.pcap', '--vpc', 'vpc.yaml', '--json']);
    const { totals } = JSON.parse(report.stdout) as { totals: BenchResult['workload'] };
    expect(result.workload).toMatchObject({ packets: totals.packets, flows: totals.flows });
    const capture = readFileSync(join(folder.path, 'made.pcap'));
    expect(result.workload.capture).toBe(createHash('sha256').update(capture).digest('hex'));

    expect(result.results.map(({ workers }) => workers)).toEqual([1, 2]);
    for (const { figures, others } of result.results) {
      expect(others).toHaveLength(2);
      const { packetsPerSecond, connectionsPerSecond, peakBytes, nsPerPacketP50 } = figures;
      expect(packetsPerSecond).toHaveLength(2);
      expect(peakBytes).toHaveLength(2);
      const { packets, flows } = result.workload;
      expect(connectionsPerSecond![0]! / packetsPerSecond![0]!).toBeCloseTo(flows / packets, 9);
      // A capture of one batch tells nothing of the time between batches.
      expect(nsPerPacketP50).toBeUndefined();
    }
    expect(leftOver()).toEqual([]);
  });

  it('prints text of the same, with all there is to know of the run', async () => {
    const { stdout, stderr, status } = await folder.run(bench(), options);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const text = benchText(masked(await measure()), { color: false });
    const shape = (told: string): string =>
      told.replaceAll(/\d[\d.,]*( [kM]?B?)?/g, '0').replaceAll(/ +/g, ' ');
    expect(shape(stdout)).toBe(shape(text));
    expect(stdout).toContain('--seed 7 --profile mixed --flows 40 -s 128\n');
  });

  it('measures one worker, and one per core, unless told', async () => {
    const { stdout } = await folder.run(
      ['bench', '--vpc', 'vpc.yaml', ...TRAFFIC, '--rounds', '1', '--json'],
      options,
    );
    const { results } = JSON.parse(stdout) as BenchResult;
    const cores = availableParallelism();
    expect(results.map(({ workers }) => workers)).toEqual(cores === 1 ? [1] : [1, cores]);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const args = ['bench', '--vpc', 'vpc.yaml', '--flows', '20000', '--rounds', '50'];
    const child = spawn(process.execPath, [SGSIM, ...args], {
      cwd: folder.path,
      env: { ...process.env, TMPDIR },
      stdio: 'ignore',
    });
    try {
      while (leftOver().length === 0) await setTimeout(20);
      const ended = once(child, 'close');
      child.kill('SIGINT');
      expect((await ended)[0]).toBe(130);
      expect(leftOver()).toEqual([]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('says when there is no room for the traffic', () =>
    folder.check(
      bench(),
      {
        stderr:
          'error[output-file] /nowhere/sgsim-bench-: cannot be written (ENOENT); name a folder with room in TMPDIR, or ask for fewer --flows\n',
        status: 2,
      },
      { env: { TMPDIR: '/nowhere' } },
    ));
});

describe('sgsim bench --compare', () => {
  /** A run whose rounds were so many times as fast as those of another. */
  const times = (result: BenchResult, factor: number): BenchResult => ({
    ...result,
    results: result.results.map((each) => ({
      ...{ ...each, others: [0] },
      figures: {
        ...each.figures,
        packetsPerCoreSecond: [1, 1.01, 1.02, 1.03, 1.04].map(
          (round) => round * factor * each.figures.packetsPerCoreSecond![0]!,
        ),
      },
    })),
  });

  it.each([
    [1000, 'slower', 1],
    [0.001, 'faster', 0],
  ])('an older run of %d times the speed: %s, exit code %i', async (factor, told, code) => {
    folder.write('old.json', benchJson(times(await measure(), factor)));
    const args = rounds(5, '1', '--compare', 'old.json', '--json');
    const { stdout, stderr, status } = await folder.run(args, options);
    expect(stderr).toBe('');
    const { comparison } = JSON.parse(stdout) as {
      comparison: { with: string; figures: readonly { figure: string; told: string }[] };
    };
    const found = comparison.figures.find(({ figure }) => figure === 'packetsPerCoreSecond');
    expect(found?.told).toBe(told);
    expect(status).toBe(code);
    expect(comparison.with).toBe('old.json');
    const result = readBenchResult({ name: 'stdout', text: stdout });
    const older = readBenchResult({ name: 'old.json', text: folder.read('old.json') });
    expect(comparison.figures).toHaveLength(compareResults(older, result).length);
  });

  it('text says it too', async () => {
    folder.write('old.json', benchJson(times(await measure(), 0.001)));
    const args = rounds(5, '1', '--compare', 'old.json');
    const { stdout, stderr, status } = await folder.run(args, options);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const lines = stdout.split('\n');
    const at = lines.indexOf('compared with old.json');
    expect(lines[at + 1]).toMatch(/^1 worker .* change$/);
    expect(lines[at + 3]).toMatch(/^ +packets\/s per core .* faster$/);
  });

  it('warns of another machine', async () => {
    const result = await measure();
    const machine = { ...result.machine, cores: 1000, node: '1.2.3' };
    folder.write('elsewhere.json', benchJson({ ...result, machine }));
    const { stderr, status } = await folder.run(bench('--compare', 'elsewhere.json'), options);
    expect(stderr).toBe(
      `warning[bench-machine] elsewhere.json: was measured elsewhere: cores 1000 and here ${availableParallelism()}, node 1.2.3 and here ${process.versions.node}; what differs may be the machines; measure both on one\n`,
    );
    expect(status).toBe(0);
  });

  it('refuses what measured other traffic, before it measures anything', async () => {
    folder.write('other.json', benchJson(await measure(bench('--drop', '50'))));
    await folder.check(
      bench('--compare', 'other.json'),
      {
        stderr:
          'error[bench-file] other.json: measured other traffic (--seed 7 --profile mixed --flows 40 -s 128 --drop 50); repeat it with the same options and VPC\n',
        status: 2,
      },
      options,
    );
    expect(leftOver()).toEqual([]);
  });

  it.each([
    [
      'vpc.yaml',
      'json-syntax] vpc.yaml:1:1: expected a value, found "v"; mend the JSON here or just before',
    ],
    ['none.json', 'no-file] none.json: does not exist; check the path'],
  ])('refuses %s, which is no result', (name, error) =>
    folder.check(bench('--compare', name), { stderr: `error[${error}\n`, status: 2 }, options),
  );
});

describe('usage of sgsim bench', () => {
  const range = (option: string, least: number, most: number): string =>
    `${option}: is not a whole number in its range; give a number from ${least} to ${most}`;
  it.each([
    [['--workers', '0'], range('--workers', 1, 64)],
    [['--workers', '1,x'], range('--workers', 1, 64)],
    [['--workers', '1,,2'], range('--workers', 1, 64)],
    [['--workers', '2,1,2'], '--workers: names a number twice; name each number once'],
    [['--rounds', '0'], range('--rounds', 1, 50)],
    [['--rounds', '51'], range('--rounds', 1, 50)],
  ])('%j', (args, error) => {
    const all = ['bench', '--vpc', 'vpc.yaml', ...args];
    return folder.check(all, { stderr: `error[usage] ${error}\n`, status: 2 }, options);
  });
});
