import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { createFolder } from './folder.js';
import { SGSIM, runSgsim } from './sgsim.js';
import { TINY_CAPTURE, TINY_VPC } from './tiny.js';

const folder = createFolder();
folder.write('tiny.pcap', TINY_CAPTURE);
folder.write('vpc.yaml', TINY_VPC);
const root = fileURLToPath(new URL('../..', import.meta.url));
const demo = join(root, 'fixtures/demo');
const DEMO = ['-r', join(demo, 'capture.pcap'), '--vpc', join(demo, 'vpc')];
const TINY = ['-r', 'tiny.pcap', '--vpc', 'vpc.yaml'];
const query = (...words: string[]): string[] => ['query', ...TINY, ...words];

/** Temporary files go here: nothing may stay. */
mkdirSync(join(folder.path, 'tmp'));
const env = { TMPDIR: join(folder.path, 'tmp') };
const left = (): string[] => readdirSync(env.TMPDIR);

describe('sgsim query', () => {
  it('answers with columns, and leaves nothing behind', async () => {
    const words =
      'select code, count(*) as packets, sum(length) as bytes from packets group by 1 order by 2 desc, 1';
    const stdout = `code            packets  bytes
no-rule               3    150
tracked               2    108
no-interface          1     42
not-applicable        1     42
rule                  1     54

5 rows
`;
    await folder.check(query(words), { stdout }, { env });
    expect(left()).toEqual([]);
  });

  it('the demo: what its report says', async () => {
    const words =
      "select code, count(*) as packets from packets where verdict = 'drop' group by 1 order by 1";
    const { stdout } = await folder.run(['query', ...DEMO, words]);
    expect(stdout).toBe(`code                packets
no-rule                  64
no-state                  6
not-opened               82
source-dest-check         4
unsupported-by-vpc        1

5 rows
`);
    const flows =
      'select verdict, count(*) as flows from flows where counted group by 1 order by 1';
    expect((await folder.run(['query', ...DEMO, flows])).stdout).toBe(
      'verdict  flows\nallow       43\ndrop        56\n\n2 rows\n',
    );
  });

  it('knows rules and interfaces', async () => {
    await folder.check(query('select * from rules'), {
      stdout: `rule       group_id  direction  text                         packets  bytes  flows
sgr-https  sg-web    ingress    tcp/443 from 203.0.113.0/24        3    162      1

1 row
`,
    });
    const columns = 'eni, name, direction, allowed_packets, dropped_bytes';
    await folder.check(query(`select ${columns} from interfaces`), {
      stdout: `eni      name  direction  allowed_packets  dropped_bytes
eni-web  web   ingress                  2            108
eni-web  web   egress                   1             42

2 rows
`,
    });
  });

  it('tells what there is to ask for', async () => {
    await folder.check(query('show tables'), {
      stdout: 'name\nflows\ninterfaces\npackets\nrules\n\n4 rows\n',
    });
  });

  it('asks of packets and flows together', async () => {
    const words =
      "select f.first_frame, count(*) as n from flows f join packets p on p.source_port in (f.source_port, f.destination_port) and p.destination_port in (f.source_port, f.destination_port) and f.code = 'rule' group by 1";
    await folder.check(query(words), { stdout: 'first_frame  n\n          1  3\n\n1 row\n' });
  });

  it('null is a minus, lists are as in JSON, and no rows are none', async () => {
    await folder.check(query("select null as a, [1, 2] as b, {'c': 1.5} as c, 'x' as d"), {
      stdout: 'a  b      c          d\n-  [1,2]  {"c":1.5}  x\n\n1 row\n',
    });
    await folder.check(query('select frame, code from packets where frame > 8'), {
      stdout: 'frame  code\n\n0 rows\n',
    });
  });

  it.each([
    ['behind the statement', query('select count(*) as n from packets', 'tcp', 'port', '443')],
    [
      'the statement first',
      ['query', 'select count(*) as n from packets', ...TINY, 'tcp', 'port', '443'],
    ],
    [
      'options between',
      query('select count(*) as n from packets', '--json', '--no-json', 'tcp port 443'),
    ],
  ])('takes a filter: %s', (_, args) => folder.check(args, { stdout: 'n\n3\n\n1 row\n' }));

  it('--csv', () =>
    folder.check(
      query('--csv', 'select frame, \'=1+1\' as "a,b", null as c from packets limit 2'),
      {
        stdout: `frame,"a,b",c\r\n1,'=1+1,\r\n2,'=1+1,\r\n`,
      },
    ));

  it('--json keeps to its schema', async () => {
    const schema = JSON.parse(readFileSync(join(SGSIM, '../query.schema.json'), 'utf8')) as object;
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
    const words =
      "select frame, time, 9007199254740993 as big, 'nan'::double as odd, frame, [time_ns] as l, map{'k': 1} as m from packets limit 1";
    const { stdout } = await folder.run(query('--json', words));
    const answer = JSON.parse(stdout) as { columns: { name: string }[]; rows: unknown[] };
    expect(validate(answer)).toBe(true);
    expect(validate({ ...answer, version: 2 })).toBe(false);
    expect(answer.rows).toEqual([
      {
        frame: 1,
        time: '2023-11-14 22:13:20',
        big: '9007199254740993',
        odd: 'NaN',
        'frame:1': 1,
        l: ['1700000000000000000'],
        m: [{ key: 'k', value: 1 }],
      },
    ]);
    const { stdout: none } = await folder.run(query('--json', 'from packets where frame > 8'));
    expect(validate(JSON.parse(none))).toBe(true);
  });

  it('is the same for any number of workers', async () => {
    const words =
      'select code, ingress_eni, count(*), sum(length) from packets group by all order by all';
    const stdin = readFileSync(join(demo, 'capture.pcap'));
    const answers = [];
    for (const workers of ['1', '3']) {
      const args = ['query', '-r', '-', '--vpc', join(demo, 'vpc'), words, '--workers', workers];
      answers.push(await folder.run(args, { stdin }));
    }
    expect(answers[0]).toMatchObject({ status: 0, stderr: '' });
    expect(answers[1]).toEqual(answers[0]);
  });
});

describe('a statement may touch nothing but the tables', () => {
  folder.write('secret.csv', 'a\n1\n');
  const secret = join(folder.path, 'secret.csv');

  it.each([
    ['read a file', `select * from read_csv('${secret}')`],
    ['read a file by its name', `select * from '${secret}'`],
    ['look into folders', `select * from glob('${folder.path}/*')`],
    ['write a file', `copy packets to '${folder.path}/out.csv'`],
    ['export', `export database '${folder.path}/out'`],
    ['attach a database', `attach '${folder.path}/out.db'`],
    ['load an extension', 'load httpfs'],
    ['install an extension', 'install httpfs'],
    ['allow itself more', 'set enable_external_access = true'],
    ['allow itself more files', `set allowed_paths = ['${secret}']`],
    ['undo what is forbidden', 'reset lock_configuration'],
  ])('%s', async (_, words) => {
    const { stdout, stderr, status } = await folder.run(query(words), { env });
    expect(stderr).toMatch(/^error\[sql\] [^\n]+; [^\n]+\n$/);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(folder.names().filter((name) => name.startsWith('out'))).toEqual([]);
    expect(left()).toEqual([]);
  });

  it('so is a second one behind a harmless first', async () => {
    const words = `select 1; copy (select 1) to '${folder.path}/out.csv'`;
    expect((await folder.run(query(words))).status).toBe(2);
    expect(existsSync(join(folder.path, 'out.csv'))).toBe(false);
  });
});

describe('faults are one line', () => {
  it.each([
    [
      'selec 1',
      'parser error: syntax error at or near "selec"; ask `show tables` and `describe packets` what there is',
    ],
    [
      'select cod from packets',
      'binder error: Referenced column "cod" not found in FROM clause; candidate bindings: "code", "source"',
    ],
    ['select code::int from packets', /^conversion error: [^\n]+; ask [^\n]+$/],
  ])('%s', async (words, fault) => {
    const { stdout, stderr, status } = await folder.run(query(words), { env });
    const [, told] = /^error\[sql\] ([^\n]+)\n$/.exec(stderr)!;
    if (typeof fault === 'string') expect(told).toBe(fault);
    else expect(told).toMatch(fault);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(left()).toEqual([]);
  });

  it('no statement', () =>
    folder.check(query(), {
      stderr:
        "error[usage] query: no statement is given; write one like 'select code, count(*) from packets group by 1'\n",
      status: 2,
    }));

  it('two forms', () =>
    folder.check(query('select 1', '--json', '--csv'), {
      stderr: 'error[usage] --json: cannot be had with --csv; choose one of them\n',
      status: 2,
    }));

  it('without DuckDB', async () => {
    const alone = join(folder.path, 'alone');
    mkdirSync(alone);
    cpSync(join(SGSIM, '..'), join(alone, 'dist'), { recursive: true });
    cpSync(join(root, 'package.json'), join(alone, 'package.json'));
    const child = spawn(process.execPath, [join(alone, 'dist/cli.js'), ...query('select 1')], {
      cwd: folder.path,
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    expect(((await once(child, 'close')) as unknown[])[0]).toBe(2);
    const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      peerDependencies: Record<string, string>;
    };
    const version = peerDependencies['@duckdb/node-api']!;
    expect(stderr).toBe(
      `error[duckdb] queries need DuckDB, which is not installed; install it beside sgsim: npm install @duckdb/node-api@${version}\n`,
    );
  });

  it('no folder for the tables', async () => {
    const { stderr, status } = await folder.run(query('select 1'), { env: { TMPDIR: '/missing' } });
    expect(stderr).toBe(
      'error[output-file] /missing: no folder can be made there (ENOENT); name another folder in TMPDIR\n',
    );
    expect(status).toBe(2);
  });
});

it('what stands in an answer cannot steer a terminal', async () => {
  const words = "select chr(27) || '[2J' as a, chr(8238) as \"b\u001b[31m\", e'two\\nlines' as c";
  for (const form of [[], ['--json']]) {
    const { stdout, status } = await folder.run(query(words, ...form));
    expect(status).toBe(0);
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
  }
});

it('may be left by its reader', async () => {
  const args = query('select * from range(1000000)', '--csv');
  const child = spawn(
    'sh',
    ['-c', '{ "$0" "$@"; echo "status $?" >&2; } | head -n 2', process.execPath, SGSIM, ...args],
    {
      cwd: folder.path,
      env: { ...process.env, ...env },
    },
  );
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => (stdout += String(text)));
  child.stderr.on('data', (text) => (stderr += String(text)));
  await once(child, 'close');
  expect({ stdout, stderr }).toEqual({ stdout: 'range\r\n0\r\n', stderr: 'status 0\n' });
  expect(left()).toEqual([]);
});

describe('a signal', () => {
  const SLOW =
    'select count(*) from range(100000) a, range(100000) b, range(1000) c where a.range + b.range + c.range = 7';

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends a slow statement, and nothing stays', async (signal, status) => {
    const child = spawn(process.execPath, [SGSIM, ...query(SLOW)], {
      cwd: folder.path,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      while (!left().some((name) => existsSync(join(env.TMPDIR, name, 'interfaces.parquet')))) {
        await setTimeout(20);
      }
      await setTimeout(500);
      const ended = endOf(child);
      child.kill(signal);
      expect(await ended).toEqual({ status, stderr: '' });
      expect(left()).toEqual([]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  async function endOf(child: ChildProcess): Promise<{ status: unknown; stderr: string }> {
    let stderr = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [status] = (await once(child, 'close')) as unknown[];
    return { status, stderr };
  }
});

it('help names its options', async () => {
  const { stdout, status } = await runSgsim(['query', '--help']);
  expect(status).toBe(0);
  for (const option of ['--json', '--csv', '--vpc', '--workers', '--events']) {
    expect(stdout).toContain(option);
  }
});
