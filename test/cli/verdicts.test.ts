import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { encodePcap } from '../../src/generate/pcap.js';
import { frameOf } from './capture.js';
import { createFolder } from './folder.js';
import { SGSIM } from './sgsim.js';
import { TINY_CAPTURE, TINY_VERDICTS, TINY_VPC, tinyReport } from './tiny.js';

const folder = createFolder();
folder.write('tiny.pcap', TINY_CAPTURE);
folder.write('vpc.yaml', TINY_VPC);
const { bytes } = frameOf(0, '203.0.113.7:51000 > 10.0.1.20:443 tcp S');
const LONG_CAPTURE = encodePcap(
  Array.from({ length: 20_000 }, (_, i) => ({ timeNs: BigInt(i) * 1_000_000n, bytes })),
);
folder.write('long.pcap', LONG_CAPTURE);

const TINY = ['replay', '-r', 'tiny.pcap', '--vpc', 'vpc.yaml'];
const UNWRITABLE = 'name a file in a folder that you may write to';

describe('--verdicts FILE', () => {
  it('holds a line for each frame, and the report stays on standard output', async () => {
    await folder.check([...TINY, '--verdicts', 'v.jsonl'], { stdout: tinyReport() });
    expect(folder.read('v.jsonl')).toBe(TINY_VERDICTS.join(''));
  });

  it('takes the place of an older file', async () => {
    folder.write('old.jsonl', 'x'.repeat(100_000));
    await folder.check([...TINY, '--verdicts', 'old.jsonl'], { stdout: tinyReport() });
    expect(folder.read('old.jsonl')).toBe(TINY_VERDICTS.join(''));
  });

  it.each(['1', '2', '8'])('has file order with %s workers', async (workers) => {
    const args = ['--verdicts', `w${workers}.jsonl`, '--workers', workers];
    const { status } = await folder.run(['replay', '-r', '-', '--vpc', 'vpc.yaml', ...args], {
      stdin: LONG_CAPTURE,
    });
    expect(status).toBe(0);
    const frames = folder.read(`w${workers}.jsonl`).match(/(?<=^\{"frame":)\d+/gm);
    expect(frames).toEqual(Array.from({ length: 20_000 }, (_, i) => String(i + 1)));
  });

  it.each([
    ['missing/v.jsonl', 'ENOENT'],
    ['vpc.yaml/v.jsonl', 'ENOTDIR'],
    ['.', 'EISDIR'],
  ])('that cannot be: %s', (name, reason) =>
    folder.check([...TINY, '--verdicts', name], {
      stderr: `error[output-file] ${name}: cannot be written (${reason}); ${UNWRITABLE}\n`,
      status: 2,
    }),
  );

  it('may be a device, which stays one', async () => {
    await folder.check([...TINY, '--verdicts', '/dev/null'], { stdout: tinyReport() });
    await folder.check([...TINY, '--verdicts', '/dev/null'], { stdout: tinyReport() });
  });

  it('is not there when the capture is none', async () => {
    folder.write('text.pcap', 'hello, this is some text');
    const args = ['replay', '-r', 'text.pcap', '--vpc', 'vpc.yaml', '--verdicts', 'none.jsonl'];
    expect((await folder.run(args)).status).toBe(2);
    expect(folder.names().filter((name) => name.startsWith('none'))).toEqual([]);
  });
});

describe('--verdicts -', () => {
  it('moves the report to standard error', () =>
    folder.check([...TINY, '--verdicts', '-'], {
      stdout: TINY_VERDICTS.join(''),
      stderr: tinyReport(),
    }));

  it('may be left by its reader', () => {
    const command = '{ "$0" "$@"; echo "status $?" >&2; } | head -n 1';
    const args = ['replay', '-r', 'long.pcap', '--vpc', 'vpc.yaml', '--verdicts', '-'];
    const { stdout, stderr } = spawnSync('sh', ['-c', command, process.execPath, SGSIM, ...args], {
      cwd: folder.path,
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^\{"frame":1,.*\}\n$/);
    expect(stderr).toBe('status 0\n');
  });
});

it('a full disk under standard output is an error of one line', () => {
  const { stderr, status } = spawnSync(
    'sh',
    ['-c', '"$0" "$@" > /dev/full', process.execPath, SGSIM, ...TINY],
    { cwd: folder.path, encoding: 'utf8' },
  );
  expect({ stderr, status }).toEqual({
    stderr: 'error[output] standard output: cannot be written (ENOSPC); direct it elsewhere\n',
    status: 2,
  });
});

describe('a signal while the capture still comes', () => {
  const cases = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).flatMap((signal) =>
    ['1', '2'].map((workers) => [signal, workers] as const),
  );
  const STATUS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

  it.each(cases)('%s with %s workers: nothing half-written stays', async (signal, workers) => {
    const name = `${signal}-${workers}.jsonl`;
    const written = (): string[] => folder.names().filter((other) => other.startsWith(name));
    const args = ['-r', '-', '--vpc', 'vpc.yaml', '--verdicts', name, '--workers', workers];
    const child = spawn(process.execPath, [SGSIM, 'replay', ...args], {
      cwd: folder.path,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    try {
      // The signal may come before all of it is read.
      child.stdin.on('error', () => {});
      child.stdin.write(LONG_CAPTURE);
      await until(() => written().some((file) => folder.read(file).includes('"frame":10000')));
      expect(written()).toEqual([expect.stringMatching(/\.partial$/)]);
      const ended = endOf(child);
      child.kill(signal);
      // Standard input is still open: waiting for more of it would take for ever.
      const { status, stderr } = await ended;
      const partly =
        /^warning\[interrupted\] -: interrupted after \d+ packets; the report covers those, and no file was written\n$/;
      expect(status).toBe(STATUS[signal]);
      expect(stderr).toMatch(signal === 'SIGINT' ? partly : /^$/);
      expect(written()).toEqual([]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await setTimeout(20);
  }

  async function endOf(child: ChildProcess): Promise<{ status: unknown; stderr: string }> {
    let stderr = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [status] = (await once(child, 'close')) as unknown[];
    return { status, stderr };
  }
});
