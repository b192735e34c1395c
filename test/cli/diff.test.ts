// `sgsim diff`: two VPCs, one pass over a capture, and an exit code that a pipeline can go by.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { captureOf } from './capture.js';
import { createFolder } from './folder.js';
import { type Run, checkSgsim, runSgsim } from './sgsim.js';
import { TINY_CAPTURE, TINY_VPC } from './tiny.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CAPTURE = 'fixtures/demo/capture.pcap';
const BEFORE = 'fixtures/demo/vpc';
const AFTER = 'fixtures/demo/after';
const bytes = readFileSync(`${ROOT}/${CAPTURE}`);

const folder = createFolder();
folder.write('before.yaml', TINY_VPC);
folder.write('after.yaml', TINY_VPC.replace('tcp/443 from 203', 'tcp/22 from 203'));
folder.write('tiny.pcap', TINY_CAPTURE);

const demo = (...args: string[]): Promise<Run> => runSgsim(['diff', ...args], { cwd: ROOT });
const json = (run: Run): Report => JSON.parse(run.stdout) as Report;

interface Report {
  readonly interrupted: boolean;
  readonly totals: Readonly<Record<string, { readonly packets: number; readonly flows: number }>>;
  readonly changes: readonly { readonly text: string; readonly subject: string }[];
  readonly groups: readonly {
    readonly change: string;
    readonly packets: number;
    readonly firstFrame: number;
    readonly behind: number;
    readonly way: string;
  }[];
}

describe('the demo and a change of its VPC', () => {
  it('is told from the sentence that counts to the captures', async () => {
    const stdout = readFileSync(new URL('diff-demo.expected.txt', import.meta.url), 'utf8');
    const args = ['diff', '-r', CAPTURE, '--vpc', BEFORE, '--vpc', AFTER];
    await checkSgsim(args, { stdout, status: 1 }, { cwd: ROOT });
  });

  it('is what the README shows of it', () => {
    const told = readFileSync(new URL('diff-demo.expected.txt', import.meta.url), 'utf8');
    const readme = readFileSync(`${ROOT}/README.md`, 'utf8');
    const [, section] = /^## Compare two VPCs\n([^]*?)^## /m.exec(readme)!;
    const [, shown] = /```\n(newly dropped[^`]*)```/.exec(section!)!;
    const pieces = shown!.split('...\n').filter((piece) => piece !== '');
    expect(pieces).toHaveLength(2);
    for (const piece of pieces) expect(told).toContain(piece);
  });

  it('counts what two replays tell apart, frame by frame', async () => {
    const lines = async (vpc: string): Promise<string[]> => {
      const args = ['replay', '-r', CAPTURE, '--vpc', vpc, '--verdicts', '-'];
      const { stdout } = await runSgsim(args, { cwd: ROOT });
      return stdout
        .trimEnd()
        .split('\n')
        .map((each) => (JSON.parse(each) as Line).verdict);
    };
    interface Line {
      readonly verdict: string;
    }
    const [one, other] = [await lines(BEFORE), await lines(AFTER)];
    const changed = (from: string, to: string): number =>
      one.filter((verdict, i) => verdict === from && other[i] === to).length;
    const { totals } = json(await demo('-r', CAPTURE, '--vpc', BEFORE, '--vpc', AFTER, '--json'));
    expect(totals.newlyDropped!.packets).toBe(changed('allow', 'drop'));
    expect(totals.newlyAllowed!.packets).toBe(changed('drop', 'allow'));
    expect(totals.unchanged!.packets).toBe(one.filter((each, i) => each === other[i]).length);
  });

  it('is the other way round when the VPCs are', async () => {
    const forth = json(await demo('-r', CAPTURE, '--vpc', BEFORE, '--vpc', AFTER, '--json'));
    const back = json(await demo('-r', CAPTURE, '--vpc', AFTER, '--vpc', BEFORE, '--json'));
    expect(back.totals.newlyDropped).toEqual(forth.totals.newlyAllowed);
    expect(back.totals.newlyAllowed).toEqual(forth.totals.newlyDropped);
    expect(back.changes.map(({ subject }) => subject).sort()).toEqual(
      forth.changes.map(({ subject }) => subject).sort(),
    );
  });

  it.each<[string[], number]>([
    [[], 1],
    [['--allow-new-allowed'], 1],
    [['--allow-new-dropped'], 1],
    [['--allow-new-allowed', '--allow-new-dropped'], 0],
    [['--allow-new-allowed', 'port', '6379'], 0],
    [['--allow-new-dropped', 'port', '6379'], 1],
    [['port', '443'], 0],
  ])('%j gives exit code %i', async (more, status) => {
    const args = ['-r', CAPTURE, '--vpc', BEFORE, '--vpc', AFTER, ...more];
    expect((await demo(...args)).status).toBe(status);
  });

  it('is the same from standard input, packed, in pcapng, by any number of workers', async () => {
    const args = ['diff', '-r', '-', '--vpc', BEFORE, '--vpc', AFTER, '--json'];
    const known = json(await demo('-r', CAPTURE, ...args.slice(3)));
    const pcapng = `${folder.path}/all.pcapng`;
    // Whatever the verdict, an allowed frame is written to one file or another.
    await runSgsim(['replay', '-r', CAPTURE, '--vpc', BEFORE, '-w', pcapng], { cwd: ROOT });
    const runs = [
      await runSgsim(args, { cwd: ROOT, stdin: bytes }),
      await runSgsim(args, { cwd: ROOT, stdin: gzipSync(bytes) }),
      await runSgsim([...args, '--workers', '3'], { cwd: ROOT, stdin: bytes }),
    ];
    for (const run of runs) {
      const { totals, changes } = json(run);
      expect({ totals, changes }).toEqual({ totals: known.totals, changes: known.changes });
      expect(json(run).groups.map(shape)).toEqual(known.groups.map(shape));
      expect(run).toMatchObject({ stderr: '', status: 1 });
    }
    const allowed = json(await demo('-r', pcapng, ...args.slice(3)));
    expect(allowed.totals.newlyDropped!.packets).toBe(known.totals.newlyDropped!.packets);
    expect(allowed.totals.newlyAllowed!.packets).toBe(0);
  });

  const shape = ({ change, packets, firstFrame, behind, way }: Report['groups'][number]) =>
    [change, packets, firstFrame, behind, way].join(' ');
});

const SAME = `no verdict would change, of 4 flows (8 packets)

packets         before  after
  allowed            3      3
  dropped            3      3
  not filtered       1      1
  not judged         1      1
  sum                8      8

changes of verdict  packets  flows  bytes
  newly dropped           0      0    0 B
  newly allowed           0      0    0 B
  unchanged               8         396 B
  sum                     8         396 B

changes of the VPC
  none that can change a verdict

captures
  tiny.pcap
    pcap, little-endian, microseconds; ethernet
    8 packets, 396 B
    2023-11-14T22:13:20.000Z to 2023-11-14T22:13:24.000Z (4 s)
`;

describe('diff', () => {
  const tiny = ['diff', '-r', 'tiny.pcap'];

  it('of a VPC with itself is none', () =>
    folder.check([...tiny, '--vpc', 'before.yaml', '--vpc', 'before.yaml'], { stdout: SAME }));

  it('of the same rules in other words is none', async () => {
    folder.write(
      'words.yaml',
      TINY_VPC.replace(
        '{ id: sgr-https, rule: tcp/443 from 203.0.113.0/24 }',
        'tcp/443 from 203.0.113.128/25, tcp/443 from 203.0.113.0/25, tcp/443 from 203.0.113.7',
      ),
    );
    await folder.check([...tiny, '--vpc', 'before.yaml', '--vpc', 'words.yaml'], { stdout: SAME });
  });

  it('takes several files for each side', async () => {
    folder.write('lists.yaml', 'prefix-lists: { pl-a: [203.0.113.0/24] }\n');
    folder.write(
      'named.yaml',
      TINY_VPC.replace('tcp/443 from 203.0.113.0/24', 'tcp/443 from pl-a'),
    );
    const run = await folder.run([
      ...[...tiny, '--before', 'before.yaml', '--after', 'named.yaml', 'lists.yaml', 'tcp'],
      ...['--json'],
    ]);
    expect([run.stderr, run.status]).toEqual(['', 0]);
    expect(json(run).totals.unchanged!.packets).toBe(5);
    expect(json(run).changes.map(({ text }) => text)).toEqual([
      'tcp/443 from 203.0.113.0/24 -> tcp/443 from pl-a',
      '203.0.113.0/24',
    ]);
  });

  it('of a damaged capture covers what comes before, with exit code 3', async () => {
    const run = await folder.run(
      ['diff', '-r', '-', '--vpc', 'before.yaml', '--vpc', 'after.yaml'],
      {
        stdin: TINY_CAPTURE.subarray(0, TINY_CAPTURE.length - 5),
      },
    );
    expect(run.status).toBe(3);
    expect(run.stderr).toMatch(
      /^error\[capture-cut\] -: frame 8: [^\n]*; the report covers the frames before it\n$/,
    );
    expect(run.stdout).toMatch(
      /^1 flow \(3 packets\) would newly be dropped and 1 flow \(1 packet\) newly be\n {2}allowed, of 4 flows \(7 packets\)\npartial: not everything was read; this covers the packets before\n/,
    );
  });

  it('of an empty capture is none', async () => {
    folder.write('empty.pcap', captureOf());
    const { stdout, status } = await folder.run([
      ...['diff', '-r', 'empty.pcap', '--vpc', 'before.yaml', '--vpc', 'after.yaml'],
    ]);
    expect(status).toBe(0);
    expect(stdout).toContain('no verdict would change, of 0 flows (0 packets)\n');
  });

  it('makes the same events happen to both', async () => {
    folder.write(
      'events.yaml',
      '- { at: +0s, revoke: { sg-web: [tcp/443 from 203.0.113.0/24] } }\n',
    );
    const args = [...tiny, '--events', 'events.yaml', '--vpc', 'before.yaml', '--vpc'];
    expect((await folder.run([...args, 'before.yaml'])).status).toBe(0);
    const refused = await folder.run([...args, 'after.yaml']);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(
      /^error\[InvalidPermission\.NotFound\] events\.yaml[^\n]*: to the VPC after: [^\n]*\n$/,
    );
  });
});

describe('diff refuses', () => {
  it.each<[string, string[], string]>([
    [
      'one VPC',
      ['--vpc', 'before.yaml'],
      'error[usage] --vpc: a difference is between two VPCs; name both: --vpc before/ --vpc after/\n',
    ],
    [
      'three',
      ['--vpc', 'before.yaml', '--vpc', 'after.yaml', 'before.yaml'],
      'error[usage] --vpc: names 3 paths, and which are before the change is not told; write --before PATH... --after PATH...\n',
    ],
    [
      'none',
      [],
      'error[usage] --vpc: a difference is between two VPCs; name both: --vpc before/ --vpc after/\n',
    ],
    [
      'half of it',
      ['--before', 'before.yaml'],
      'error[usage] --after: a difference is between two VPCs; name it too\n',
    ],
    [
      'two ways at once',
      ['--vpc', 'before.yaml', '--after', 'after.yaml'],
      'error[usage] --vpc: is told beside --before or --after; write --vpc BEFORE --vpc AFTER, or --before PATH... --after PATH...\n',
    ],
  ])('%s', (_, args, stderr) =>
    folder.check(['diff', '-r', 'tiny.pcap', ...args], { stderr, status: 2 }),
  );
});
