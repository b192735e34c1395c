import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { createFolder } from './folder.js';
import { SGSIM } from './sgsim.js';
import {
  TINY_CAPTURE,
  TINY_REPORT_TOP_0,
  TINY_REPORT_TOP_1,
  TINY_VPC,
  tinyReport,
} from './tiny.js';

const folder = createFolder();
folder.write('tiny.pcap', TINY_CAPTURE);
folder.write('vpc.yaml', TINY_VPC);
const TINY = ['replay', '-r', 'tiny.pcap', '--vpc', 'vpc.yaml'];
const FROM_STDIN = ['replay', '-r', '-', '--vpc', 'vpc.yaml'];
const REPORT_OF_STDIN = tinyReport('- (standard input)');

describe('text', () => {
  it('is the whole report', () => folder.check(TINY, { stdout: tinyReport() }));

  it('is cut by --top 0', () =>
    folder.check([...TINY, '--top', '0'], { stdout: TINY_REPORT_TOP_0 }));

  it('is cut by --top 1', () =>
    folder.check([...TINY, '--top', '1'], { stdout: TINY_REPORT_TOP_1 }));
});

describe('standard input', () => {
  const pieces = Array.from({ length: Math.ceil(TINY_CAPTURE.length / 7) }, (_, i) =>
    TINY_CAPTURE.subarray(i * 7, i * 7 + 7),
  );

  it('may come in small pieces', () =>
    folder.check(FROM_STDIN, { stdout: REPORT_OF_STDIN }, { stdin: pieces }));

  const inShell = (command: string, args: readonly string[]) => {
    const { stdout, stderr, status } = spawnSync(
      'sh',
      ['-c', command, process.execPath, SGSIM, ...args],
      { cwd: folder.path, encoding: 'utf8' },
    );
    return { stdout, stderr, status };
  };

  it('may be a file', () =>
    expect(inShell('"$0" "$@" < tiny.pcap', FROM_STDIN)).toEqual({
      stdout: REPORT_OF_STDIN,
      stderr: '',
      status: 0,
    }));

  it('may be a pipe with a name', () =>
    expect(
      inShell('mkfifo pipe; cat tiny.pcap > pipe & "$0" "$@"', [
        'replay',
        '-r',
        'pipe',
        '--vpc',
        'vpc.yaml',
      ]),
    ).toEqual({ stdout: tinyReport('pipe'), stderr: '', status: 0 }));

  it('may be nothing, or a folder', () => {
    const fix = 'capture again, or name another file';
    expect(inShell('"$0" "$@" < /dev/null', FROM_STDIN)).toEqual({
      stdout: '',
      stderr: `error[capture-empty] -: the file is empty; ${fix}\n`,
      status: 2,
    });
    expect(inShell('"$0" "$@" < .', FROM_STDIN)).toEqual({
      stdout: '',
      stderr: 'error[capture-file] -: is a folder; name a capture file\n',
      status: 2,
    });
  });
});

describe('--workers', () => {
  it.each(['1', '2', '3', '8'])('%s: the same report', async (workers) => {
    await folder.check([...TINY, '--workers', workers], { stdout: tinyReport() });
    // Of standard input nobody knows the size: more workers than one are always used.
    await folder.check(
      [...FROM_STDIN, '--workers', workers],
      { stdout: REPORT_OF_STDIN },
      { stdin: TINY_CAPTURE },
    );
  });
});

describe('--json', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'),
  ) as object;
  const validate = new Ajv2020({ strict: true }).compile(schema);

  it('says the same in the form that the schema describes', async () => {
    const { stdout, stderr, status } = await folder.run([...TINY, '--json']);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const report: unknown = JSON.parse(stdout);
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(report).toMatchObject({
      version: 1,
      totals: {
        packets: 8,
        bytes: 396,
        flows: 4,
        allowed: { packets: 3, bytes: 162 },
        dropped: { packets: 3, bytes: 150 },
        notFiltered: { packets: 1, bytes: 42 },
        notJudged: { packets: 1, bytes: 42 },
      },
      captures: [{ name: 'tiny.pcap', packets: 8, lastTimeNs: '1700000004000000000' }],
      byCode: [
        { code: 'rule', packets: 1, flows: 1 },
        { code: 'tracked', packets: 2, flows: 0 },
        { code: 'no-rule', packets: 3, flows: 3 },
        { code: 'not-applicable', packets: 1 },
        { code: 'no-interface', packets: 1 },
      ],
      byInterface: [
        { eni: 'eni-web', name: 'web', direction: 'ingress', dropped: { packets: 2, bytes: 108 } },
        { eni: 'eni-web', direction: 'egress', allowed: { packets: 1, bytes: 54 } },
      ],
      byRule: [{ rule: 'sgr-https', packets: 3, bytes: 162, flows: 1 }],
      droppedFlows: [
        { code: 'no-rule', ports: { from: 22, to: 22 }, packets: 2, example: { frame: 4 } },
        { code: 'no-rule', ports: { from: 53, to: 53 }, packets: 1, example: { frame: 6 } },
      ],
    });
  });

  it('is cut by --top too', async () => {
    const { stdout } = await folder.run([...TINY, '--json', '--top', '0']);
    expect(JSON.parse(stdout)).toMatchObject({
      totals: { packets: 8 },
      byRule: [],
      droppedFlows: [],
      omitted: { rules: { count: 1, packets: 3 }, droppedFlows: { count: 2, packets: 3 } },
    });
  });
});

describe('colour', () => {
  // eslint-disable-next-line no-control-regex -- Select Graphic Rendition, ECMA-48 section 8.3.117
  const COLOR = /\u001b\[[\d;]*m/;

  it('is for terminals only', () =>
    folder.check(TINY, { stdout: tinyReport() }, { env: { TERM: 'xterm-256color' } }));

  /** util-linux `script` runs a command on a terminal of its own. */
  const onTerminal = (env: Readonly<Record<string, string>>): string | undefined => {
    const command = [process.execPath, SGSIM, ...TINY].join(' ');
    const { stdout, error } = spawnSync('script', ['-qec', command, '/dev/null'], {
      cwd: folder.path,
      encoding: 'utf8',
      env: { ...process.env, TERM: 'xterm', NO_COLOR: '', ...env },
    });
    return error === undefined ? stdout : undefined;
  };

  it('is on for a terminal, and off for one with NO_COLOR or TERM=dumb', (context) => {
    const colored = onTerminal({});
    if (colored === undefined) context.skip('no `script` command to make a terminal with');
    expect(colored).toMatch(COLOR);
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      const plain = onTerminal(env);
      expect(plain).toContain('dropped by cause');
      expect(plain).not.toMatch(COLOR);
    }
  });
});
