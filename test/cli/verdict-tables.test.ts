import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { askDuckDb } from './duckdb.js';
import { createFolder } from './folder.js';
import { TINY_CAPTURE, TINY_VPC, tinyReport } from './tiny.js';
import { randomCapture, RANDOM_TRAFFIC_VPC } from '../replay/random-traffic.js';

const folder = createFolder();
folder.write('tiny.pcap', TINY_CAPTURE);
folder.write('vpc.yaml', TINY_VPC);
folder.write('random.yaml', RANDOM_TRAFFIC_VPC);
folder.write('random.pcap', randomCapture(7, 12_000));
folder.write('later.pcap', randomCapture(8, 3000));
const demo = fileURLToPath(new URL('../../fixtures/demo', import.meta.url));
const DEMO = ['-r', join(demo, 'capture.pcap'), '--vpc', join(demo, 'vpc')];
const RANDOM = ['-r', 'random.pcap', '--vpc', 'random.yaml'];
const TINY = ['replay', '-r', 'tiny.pcap', '--vpc', 'vpc.yaml'];

interface Sums {
  readonly packets: number;
  readonly bytes: number;
  readonly flows: number;
}
interface Report {
  readonly totals: Sums &
    Readonly<Record<'allowed' | 'dropped' | 'notFiltered' | 'notJudged', Sums>>;
  readonly byCode: readonly (Sums & { readonly code: string })[];
}

/** Replays into a file and gives the report. */
async function replayInto(name: string, ...args: string[]): Promise<Report> {
  const { stdout, stderr, status } = await folder.run([
    ...['replay', '--json', '--verdicts', name, ...args],
  ]);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return JSON.parse(stdout) as Report;
}

const ask = (name: string, columns: string, rest = ''): Promise<unknown[][]> =>
  askDuckDb(`select ${columns} from '${join(folder.path, name)}' ${rest}`);

const CAPTURES = [
  ['the demo', DEMO],
  ['random traffic', RANDOM],
  ['two captures', [...RANDOM, '-r', 'later.pcap']],
] as const;
const FORMATS = ['parquet', 'csv', 'jsonl'] as const;

describe.each(FORMATS)('--verdicts FILE.%s is opened by DuckDB', (format) => {
  it.each(CAPTURES)(
    'a row per packet, of which the sums are the report: %s',
    async (what, args) => {
      const name = `packets ${what}.${format}`;
      const { totals, byCode } = await replayInto(name, ...args);
      expect(await ask(name, 'count(*), sum(length)')).toEqual([[totals.packets, totals.bytes]]);
      const codes = await ask(name, 'code, count(*), sum(length)', 'group by 1');
      expect(codes.sort()).toEqual(
        byCode.map(({ code, packets, bytes }) => [code, packets, bytes]).sort(),
      );
    },
  );

  it.each(CAPTURES)('a row per flow, of which the sums are the report: %s', async (what, args) => {
    const name = `flows ${what}.${format}`;
    const { totals } = await replayInto(name, '--by', 'flow', ...args);
    const { allowed, dropped, notFiltered, notJudged } = totals;
    const names = ['', 'allowed_', 'dropped_', 'not_filtered_', 'not_judged_'];
    const sums = names
      .flatMap((prefix) => [`${prefix}packets`, `${prefix}bytes`])
      .map((column) => (format === 'jsonl' ? camelCase(column) : column))
      .map((column) => `sum(${column})`);
    expect(await ask(name, ['count(*) filter (counted)', ...sums].join(', '))).toEqual([
      [
        totals.flows,
        ...[totals, allowed, dropped, notFiltered, notJudged].flatMap(({ packets, bytes }) => [
          packets,
          bytes,
        ]),
      ],
    ]);
    const counted = await ask(name, 'verdict, count(*)', 'where counted group by 1');
    const flows = { allow: allowed.flows, drop: dropped.flows };
    expect(Object.fromEntries(counted as [string, number][])).toMatchObject(flows);
  });
});

const camelCase = (name: string): string =>
  name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());

describe('what a packet is', () => {
  /** Frame, code and so on as they were derived from the specification. */
  const expected = readFileSync(join(demo, 'capture.expected.tsv'), 'utf8')
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split('\t'));

  it.each(FORMATS)(
    'the verdicts of the demo are those that were derived by hand: %s',
    async (format) => {
      await replayInto(`hand.${format}`, ...DEMO);
      const rows = await ask(`hand.${format}`, 'frame, verdict, code', 'order by frame');
      expect(rows).toHaveLength(expected.length);
      expect(rows.map(([frame, verdict]) => [String(frame), verdict])).toEqual(
        expected.map(([frame, verdict]) => [frame, verdict]),
      );
    },
  );

  it('columns have the types that the README tells', async () => {
    await replayInto('types.parquet', ...DEMO);
    const rows = await askDuckDb(`describe select * from '${join(folder.path, 'types.parquet')}'`);
    const types = Object.fromEntries(
      rows.map(([name, type]) => [name, type]) as [string, string][],
    );
    expect(types).toMatchObject({
      ...{ frame: 'BIGINT', time: 'TIMESTAMP', time_ns: 'BIGINT', source: 'VARCHAR' },
      ...{ protocol: 'INTEGER', source_port: 'INTEGER', length: 'BIGINT', verdict: 'VARCHAR' },
    });
  });

  it('times are UTC in every format', async () => {
    for (const format of ['parquet', 'csv']) {
      await replayInto(`time.${format}`, '-r', 'tiny.pcap', '--vpc', 'vpc.yaml');
      const when = "strftime(time, '%Y-%m-%dT%H:%M:%S.%f'), time_ns";
      expect(await ask(`time.${format}`, when, 'where frame = 5')).toEqual([
        ['2023-11-14T22:13:21.500000', 1_700_000_001_500_000_000],
      ]);
    }
  });
});

const TINY_CSV =
  `frame,capture,capture_frame,time,time_ns,length,source,destination,protocol,source_port,destination_port,icmp_type,icmp_code,tcp_flags,verdict,code,egress_eni,egress_verdict,egress_code,egress_rule,ingress_eni,ingress_verdict,ingress_code,ingress_rule
1,tiny.pcap,1,2023-11-14T22:13:20.000000Z,1700000000000000000,54,203.0.113.7,10.0.1.20,6,51000,443,,,2,allow,rule,,,,,eni-web,allow,rule,sgr-https
2,tiny.pcap,2,2023-11-14T22:13:20.100000Z,1700000000100000000,54,10.0.1.20,203.0.113.7,6,443,51000,,,18,allow,tracked,eni-web,allow,tracked,sgr-https,,,,
3,tiny.pcap,3,2023-11-14T22:13:20.200000Z,1700000000200000000,54,203.0.113.7,10.0.1.20,6,51000,443,,,16,allow,tracked,,,,,eni-web,allow,tracked,sgr-https
4,tiny.pcap,4,2023-11-14T22:13:21.000000Z,1700000001000000000,54,203.0.113.7,10.0.1.20,6,51001,22,,,2,drop,no-rule,,,,,eni-web,drop,no-rule,
5,tiny.pcap,5,2023-11-14T22:13:21.500000Z,1700000001500000000,54,198.51.100.9,10.0.1.20,6,51001,22,,,2,drop,no-rule,,,,,eni-web,drop,no-rule,
6,tiny.pcap,6,2023-11-14T22:13:22.000000Z,1700000002000000000,42,10.0.1.20,203.0.113.53,17,40000,53,,,,drop,no-rule,eni-web,drop,no-rule,,,,,
7,tiny.pcap,7,2023-11-14T22:13:23.000000Z,1700000003000000000,42,,,,,,,,,not-filtered,not-applicable,,,,,,,,
8,tiny.pcap,8,2023-11-14T22:13:24.000000Z,1700000004000000000,42,198.51.100.1,198.51.100.2,17,1000,2000,,,,not-judged,no-interface,,,,,,,,
`.replaceAll('\n', '\r\n');

describe('--verdicts FILE --by packet|flow', () => {
  it('CSV as a whole, whatever case its name is in', async () => {
    await folder.check([...TINY, '--verdicts', 'whole.CSV', '--by', 'packet'], {
      stdout: tinyReport(),
    });
    expect(folder.read('whole.CSV')).toBe(TINY_CSV);
  });

  it('flows as lines', async () => {
    await folder.check([...TINY, '--verdicts', 'f.jsonl', '--by', 'flow'], {
      stdout: tinyReport(),
    });
    const lines = folder
      .read('f.jsonl')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      {
        firstFrame: 1,
        counted: true,
        code: 'rule',
        packets: 3,
        bytes: 162,
        originalPackets: 2,
        replyPackets: 1,
        tcpFlags: 18,
      },
      { firstFrame: 4, counted: true, code: 'no-rule', packets: 1, droppedBytes: 54 },
      { firstFrame: 5, counted: true, code: 'no-rule', source: '198.51.100.9' },
      { firstFrame: 6, counted: true, code: 'no-rule', protocol: 17, destinationPort: 53 },
      { firstFrame: 8, counted: false, code: 'no-interface', notJudgedPackets: 1 },
      { counted: false, code: 'not-applicable', packets: 1, bytes: 42, notFilteredPackets: 1 },
    ]);
    expect(lines[5]).not.toHaveProperty('firstFrame');
  });

  it.each(['.parquet', '.csv', '.jsonl', ''])(
    'is the same for any number of workers: %s',
    async (ending) => {
      for (const by of ['packet', 'flow']) {
        const files = [];
        for (const workers of ['1', '2', '5']) {
          const name = `${by}-${workers}${ending}`;
          const args = [
            'replay',
            '-r',
            '-',
            '--vpc',
            'random.yaml',
            '--verdicts',
            name,
            '--by',
            by,
          ];
          const stdin = readFileSync(join(folder.path, 'random.pcap'));
          const { status, stderr } = await folder.run([...args, '--workers', workers], { stdin });
          expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
          files.push(readFileSync(join(folder.path, name)));
        }
        expect(files[0]!.length).toBeGreaterThan(10_000);
        for (const file of files) expect(file.equals(files[0]!)).toBe(true);
      }
    },
  );

  it('no packets make a file of none', async () => {
    for (const by of ['packet', 'flow']) {
      for (const format of ['parquet', 'csv']) {
        const name = `none-${by}.${format}`;
        await replayInto(name, '-r', 'tiny.pcap', '--vpc', 'vpc.yaml', '--by', by, 'port', '9');
        expect(await ask(name, 'count(*)')).toEqual([[0]]);
      }
    }
  });

  it('--by is of no use alone, and knows two words', async () => {
    await folder.check([...TINY, '--by', 'flow'], {
      stderr: 'error[usage] --by: there is no --verdicts; name a file with --verdicts\n',
      status: 2,
    });
    const { status, stderr } = await folder.run([...TINY, '--verdicts', 'x.csv', '--by', 'byte']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error\[usage\][^\n]*by[^\n]*\n$/);
    expect(folder.names()).not.toContain('x.csv');
  });
});

it('names that look like formulas or hold quotes come out as they are, or guarded', async () => {
  const vpc = `vpc: vpc-1
groups:
  sg-1: { ingress: [{ id: 'sgr-"a",b', rule: tcp/443 from 203.0.113.0/24 }], egress: [] }
interfaces:
  eni-x: { addresses: [10.0.1.20], groups: [sg-1] }
`;
  folder.write('evil.yaml', vpc);
  folder.write('=1+1,"x".pcap', TINY_CAPTURE);
  const args = ['-r', '=1+1,"x".pcap', '--vpc', 'evil.yaml'];
  const columns = 'capture, ingress_eni, ingress_rule';
  for (const [format, capture] of [
    ['parquet', '=1+1,"x".pcap'],
    ['csv', `'=1+1,"x".pcap`],
  ] as const) {
    await replayInto(`evil.${format}`, ...args);
    expect(await ask(`evil.${format}`, columns, 'where frame = 1')).toEqual([
      [capture, 'eni-x', 'sgr-"a",b'],
    ]);
  }
});
