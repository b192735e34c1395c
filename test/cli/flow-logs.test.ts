import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { checkSchemaForm } from '../report/schema-form.js';
import { createFolder } from './folder.js';
import { TINY_CAPTURE, TINY_VPC } from './tiny.js';

const folder = createFolder();
folder.write('tiny.pcap', TINY_CAPTURE);
folder.write('vpc.yaml', TINY_VPC);
const DEMO = fileURLToPath(new URL('../../fixtures/demo', import.meta.url));
const demo = (log: string, ...options: string[]): Promise<unknown> =>
  folder.run([
    ...['replay', '-r', `${DEMO}/capture.pcap`, '--vpc', `${DEMO}/vpc`],
    ...['--flow-log', log, ...options],
  ]);
const AGREE = ['agree', '--vpc', `${DEMO}/vpc`, '-r'];
const SCHEMA = new URL('../../src/report/agreement.schema.json', import.meta.url);
const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as object;
const validate = new Ajv2020({ allErrors: true }).compile(schema);

describe('sgsim replay --flow-log', () => {
  it('writes what each interface logs, behind a header', async () => {
    const run = await folder.run([
      'replay',
      '-r',
      'tiny.pcap',
      '--vpc',
      'vpc.yaml',
      '--flow-log',
      '-',
    ]);
    expect(run).toMatchObject({ status: 0, stderr: expect.stringContaining('verdicts') as string });
    expect(run.stdout).toBe(
      `version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
2 - eni-web 203.0.113.7 10.0.1.20 51000 443 6 2 80 1700000000 1700000000 ACCEPT OK
2 - eni-web 10.0.1.20 203.0.113.7 443 51000 6 1 40 1700000000 1700000000 ACCEPT OK
2 - eni-web 203.0.113.7 10.0.1.20 51001 22 6 1 40 1700000001 1700000001 REJECT OK
2 - eni-web 198.51.100.9 10.0.1.20 51001 22 6 1 40 1700000001 1700000001 REJECT OK
2 - eni-web 10.0.1.20 203.0.113.53 40000 53 17 1 28 1700000002 1700000002 REJECT OK
`,
    );
  });

  it('takes fields as AWS does, and the version is that of the fields', async () => {
    const fields = '${version} ${tcp-flags} ${dstaddr} ${action}';
    const options = ['--flow-log', 'some.log', '--flow-log-fields', fields];
    await folder.run(['replay', '-r', 'tiny.pcap', '--vpc', 'vpc.yaml', ...options]);
    expect(folder.read('some.log')).toBe(`version tcp-flags dstaddr action
3 2 10.0.1.20 ACCEPT
3 18 203.0.113.7 ACCEPT
3 2 10.0.1.20 REJECT
3 2 10.0.1.20 REJECT
3 - 203.0.113.53 REJECT
`);
  });

  it('text, gzip and Parquet hold the same records', async () => {
    await demo('flows.log');
    await demo('flows.log.gz');
    await demo('flows.parquet');
    await demo('named.bin', '--flow-log-format', 'parquet');
    const text = folder.read('flows.log');
    expect(text.split('\n')).toHaveLength(181);
    expect(gunzipSync(readFileSync(`${folder.path}/flows.log.gz`)).toString()).toBe(text);
    const reports = [];
    for (const log of ['flows.log', 'flows.log.gz', 'flows.parquet', 'named.bin']) {
      const { stdout, status } = await folder.run(['replay', '-r', log, '--vpc', `${DEMO}/vpc`]);
      expect(status).toBe(0);
      reports.push(stdout.replaceAll(log, 'LOG'));
    }
    expect(new Set(reports).size).toBe(1);
    expect(reports[0]).toContain(`captures
  LOG
    VPC flow log, 179 records, 10 told by the sender's interface too; raw
    546 packets, 295 kB
    2026-11-23T21:47:57.000Z to 2026-11-23T21:49:06.801Z (1 min 9 s)
`);
  });

  it.each([
    [
      ['--flow-log-fields', '${srcport}'],
      '--flow-log-fields: tells of a flow log, and none is to be written; name its file: --flow-log FILE',
    ],
    [
      ['--flow-log-format', 'text'],
      '--flow-log-format: tells of a flow log, and none is to be written; name its file: --flow-log FILE',
    ],
    [
      ['--flow-log', 'x', '--flow-log-fields', '${port}'],
      '--flow-log-fields: "${port}" is no field of a flow log; name AWS\'s fields, such as ${tcp-flags}',
    ],
    [['--flow-log', 'x', '--verdicts', 'x'], 'x: is to be written by two options; name two files'],
  ])('refuses %j', (options, message) =>
    folder.check(['replay', '-r', 'tiny.pcap', '--vpc', 'vpc.yaml', ...options], {
      status: 2,
      stderr: `error[usage] ${message}\n`,
    }),
  );
});

describe('sgsim agree', () => {
  it.each(['flows.log', 'flows.log.gz', 'flows.parquet'])(
    'finds no difference in our own %s',
    (log) =>
      folder.check([...AGREE, log], {
        stdout: `flow log records  records
  agree               174
  differ                0
  not judged            5
    no-ports            1  later fragments: the record tells no ports
    icmp-type           4  icmp of the same ends was accepted and rejected:
                           records tell no types
  sum                 179
`,
      }),
  );

  it('of generated traffic: every record of text and of all fields', async () => {
    await folder.run([
      'generate',
      '--vpc',
      `${DEMO}/vpc`,
      '-w',
      'made.pcap',
      '-s',
      '128',
      '--rate',
      '1000',
    ]);
    for (const log of ['made.log', 'made.parquet']) {
      const fields =
        '${version} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${tcp-flags} ${pkt-srcaddr} ${pkt-dstaddr}';
      await folder.run([
        ...['replay', '-r', 'made.pcap', '--vpc', `${DEMO}/vpc`, '--flow-log', log],
        ...(log === 'made.log' ? [] : ['--flow-log-fields', fields]),
      ]);
      const { stdout, status } = await folder.run([...AGREE, log, '--json']);
      const { records, agree, differ } = JSON.parse(stdout) as Record<string, number>;
      expect(records).toBeGreaterThan(1000);
      expect([status, agree, differ]).toEqual([0, records, 0]);
    }
  });

  const HEAD =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
  const record = (ends: string, action: string): string =>
    `2 123456789012 eni-0c9a8b7d6e5f40312 ${ends} 6 4 240 1795470477 1795470479 ${action} OK`;

  it('tells both reasons, groups and counts, and exits with 1', async () => {
    folder.write(
      'differ.log',
      [
        HEAD,
        record('203.0.113.7 10.0.1.20 40000 8443', 'ACCEPT'),
        record('203.0.113.8 10.0.1.20 40001 8443', 'ACCEPT'),
        record('203.0.113.10 10.0.1.20 40002 22', 'REJECT'),
        '2 123456789012 eni-0c9a8b7d6e5f40312 - - - - - - - 1795470477 1795470479 - NODATA',
      ].join('\n'),
    );
    await folder.check([...AGREE, 'differ.log'], {
      status: 1,
      stdout: `flow log records  records
  agree                 0
  differ                3
  not judged            1
    nodata              1  NODATA: there was no traffic
  sum                   4

AWS ACCEPT, sgsim REJECT (no-rule): tcp/8443 at eni-0c9a8b7d6e5f40312 (web)
  ingress
  2 records, 8 packets, 480 B; e.g. differ.log:2, 203.0.113.7:40000 >
    10.0.1.20:8443, 2026-11-23T21:47:57.000Z
  AWS: the groups and network ACLs of then let it pass
  sgsim: no rule allows it; nearest is tcp/80 from 0.0.0.0/0
    (sgr-085707cc5f0f63cfb in sg-0a1b2c3d4e5f60718), but port 8443 is not 80

AWS REJECT, sgsim ACCEPT (rule): tcp/22 at eni-0c9a8b7d6e5f40312 (web) ingress
  1 record, 4 packets, 240 B; e.g. differ.log:4, 203.0.113.10:40002 >
    10.0.1.20:22, 2026-11-23T21:47:57.000Z
  AWS: a group or a network ACL denied it, or it came after its connection had
    closed: the log does not tell which (FL-3)
  sgsim: tcp/22 from pl-0a9b8c7d6e5f41230 (sgr-0318f277fb81395e3 in
    sg-0a1b2c3d4e5f60718) allows it, and it opens a connection
`,
    });
    const { stdout, status } = await folder.run([...AGREE, 'differ.log', '--json', '--top', '1']);
    expect(status).toBe(1);
    const json = JSON.parse(stdout) as unknown;
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    expect(json).toMatchObject({
      ...{ version: 1, records: 4, agree: 0, differ: 3 },
      notJudged: { records: 1, byReason: [{ reason: 'nodata', records: 1 }] },
      differences: [{ port: 8443, records: 2, packets: 8, bytes: 480 }],
      otherDifferences: { differences: 1, records: 1 },
    });
  });

  it('covers what can be read, names what cannot, and exits with 3', async () => {
    folder.write(
      'cut.log',
      [HEAD, record('203.0.113.7 10.0.1.20 40000 80', 'ACCEPT'), '2 1234'].join('\n'),
    );
    await folder.check([...AGREE, 'cut.log'], {
      status: 3,
      stdout: `flow log records  records
  agree                 1
  differ                0
  not judged            1
    malformed           1  the record cannot be read
  sum                   2
`,
      stderr:
        'error[flow-log] cut.log: 1 of 2 records cannot be read, the first at cut.log:3: 2 values stand where 14 fields are; what is told covers the others\n',
    });
  });

  it('reads a folder as S3 lays it out, and standard input', async () => {
    const day = 'bucket/AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/11/23';
    const [head, ...lines] = folder.read('flows.log').trimEnd().split('\n');
    for (const [i, part] of [lines.slice(0, 90), lines.slice(90)].entries()) {
      const name = `123456789012_vpcflowlogs_us-east-1_fl-1_20261123T215${i}Z_a${1 - i}.log`;
      folder.write(`${day}/${name}`, [head, ...part].join('\n'));
    }
    const whole = await folder.run([...AGREE, 'flows.log']);
    expect(await folder.run([...AGREE, 'bucket'])).toEqual(whole);
    const stdin = readFileSync(`${folder.path}/flows.log.gz`);
    expect(await folder.run([...AGREE, '-'], { stdin })).toEqual(whole);
  });

  it('cannot be told to judge captures', () =>
    folder.check([...AGREE, 'tiny.pcap'], {
      status: 2,
      stderr:
        'error[flow-log] tiny.pcap: is no flow log; name VPC flow logs: text with a line of field names, or Parquet\n',
    }));

  it('shows nothing of a log that could steer a terminal', async () => {
    folder.write(
      'evil.log',
      [
        HEAD,
        record('203.0.113.7 10.0.1.20 4\u001b[2J 8443', 'ACCEPT'),
        record('203.0.113.7 10.0.1.20 40000 8443', 'ACCEPT'),
      ].join('\n'),
    );
    const { stdout, stderr } = await folder.run([...AGREE, 'evil.log']);
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('has a schema that describes every key', () =>
    expect(checkSchemaForm(schema as Parameters<typeof checkSchemaForm>[0])).toBe(8));
});
