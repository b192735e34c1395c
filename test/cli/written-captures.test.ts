import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { encodePcap } from '../../src/generate/pcap.js';
import { VERDICT_CODES } from '../../src/model/verdict.js';
import { framesOf } from '../capture/frames-of.js';
import { blocksIn } from '../capture/pcapng-blocks.js';
import { readWithTshark, tsharkAbsent } from '../capture/tshark.js';
import { type WrittenPacket, writtenPackets } from '../capture/written-packets.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from '../replay/random-traffic.js';
import { frameOf } from './capture.js';
import { createFolder } from './folder.js';
import { SGSIM } from './sgsim.js';
import { TINY_CAPTURE, TINY_VPC, tinyReport } from './tiny.js';

const folder = createFolder();
folder.write('vpc.yaml', TINY_VPC);
folder.write('tiny.pcap', TINY_CAPTURE);

const bytesOf = (name: string): Buffer => readFileSync(join(folder.path, name));
const OUTPUTS = ['-w', 'allowed.pcapng', '--write-dropped', 'dropped.pcapng'];
const ALL = [...OUTPUTS, '--write-rest', 'rest.pcapng'];
const replay = (capture: string, ...args: string[]): string[] => [
  ...['replay', '-r', capture, '--vpc', 'vpc.yaml'],
  ...args,
];
const namesLike = (pattern: RegExp): string[] =>
  folder.names().filter((name) => pattern.test(name));

interface Frame {
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
  readonly length: number;
}

const asWritten = ({ timeNs, bytes, length }: Frame) => ({
  timeNs,
  wire: length,
  hex: Buffer.from(bytes).toString('hex'),
});
const untouched = ({ timeNs, wire, bytes }: WrittenPacket) => ({
  timeNs,
  wire,
  hex: bytes.toString('hex'),
});

interface Line {
  readonly verdict: string;
  readonly code: string;
  readonly at: readonly { readonly eni: string; readonly direction: string }[];
}
const verdictsIn = (name: string): Line[] =>
  folder
    .read(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

const KINDS = {
  'allowed.pcapng': ['allow'],
  'dropped.pcapng': ['drop'],
  'rest.pcapng': ['not-filtered', 'not-judged'],
} as const;

/** Holds the three captures against the frames that went in and their verdicts. */
function checkSplit(frames: readonly Frame[], lines: readonly Line[]): void {
  expect(lines).toHaveLength(frames.length);
  for (const [name, verdicts] of Object.entries(KINDS)) {
    const wanted = frames.filter((_, i) =>
      (verdicts as readonly string[]).includes(lines[i]!.verdict),
    );
    expect(writtenPackets(bytesOf(name)).map(untouched)).toEqual(wanted.map(asWritten));
  }
}

describe('the captures of a replay', () => {
  const demo = fileURLToPath(new URL('../../fixtures/demo/', import.meta.url));
  const { frames } = framesOf(readFileSync(join(demo, 'capture.pcap')));
  /** The demo's verdicts as they were derived from the specification. */
  const expected = readFileSync(join(demo, 'capture.expected.tsv'), 'utf8')
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split('\t'))
    .map(([, verdict, code, places]) => ({
      ...{ verdict: verdict!, code: code! },
      at:
        places === '-'
          ? []
          : places!.split(',').map((place) => {
              const [eni, direction] = place.split('/');
              return { eni: eni!, direction: direction! };
            }),
    }));
  const text = new Map<string, string>(VERDICT_CODES.map(({ name, text }) => [name, text]));
  const lastOf = ({ at }: Line): string =>
    at.length === 0 ? 'no interface' : `${at.at(-1)!.eni} ${at.at(-1)!.direction}`;

  it('together hold each frame once, with its interface and the cause', async () => {
    const args = ['replay', '-r', join(demo, 'capture.pcap'), '--vpc', join(demo, 'vpc'), ...ALL];
    const { status, stderr } = await folder.run(args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    checkSplit(frames, expected);
    for (const [name, verdicts] of Object.entries(KINDS)) {
      const lines = expected.filter(({ verdict }) =>
        (verdicts as readonly string[]).includes(verdict),
      );
      expect(lines.length).toBeGreaterThan(0);
      const packets = writtenPackets(bytesOf(name));
      expect(packets.map(({ at }) => at)).toEqual(lines.map(lastOf));
      expect(packets.map(({ comment }) => comment)).toEqual(
        lines.map((line) => {
          if (line.verdict === 'allow') return undefined;
          const place = line.at.length === 0 ? '' : ` at ${lastOf(line)}`;
          return `${line.verdict} ${line.code}${place}: ${text.get(line.code)}`;
        }),
      );
    }
  });

  it.skipIf(tsharkAbsent)('are read back by tshark', () => {
    const fields = ['frame.number', 'frame.interface_name', 'frame.comment', 'frame.len'];
    for (const name of Object.keys(KINDS)) {
      const { frames: theirs, complaint } = readWithTshark(bytesOf(name), fields);
      expect(complaint).toBe('');
      expect(theirs).toEqual(
        writtenPackets(bytesOf(name)).map(({ at, comment, wire }, i) => [
          ...[String(i + 1), at, comment ?? '', String(wire)],
        ]),
      );
    }
  });

  it('are read back by sgsim, and are judged alone as they were together', async () => {
    const columns = async (name: string): Promise<string[]> => {
      const { stdout, status } = await folder.run(['decode', '-r', name]);
      expect(status).toBe(0);
      return stdout
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.replace(/^\d+\t/, ''));
    };
    const all = await columns(join(demo, 'capture.pcap'));
    for (const [name, verdicts] of Object.entries(KINDS)) {
      expect(await columns(name)).toEqual(
        all.filter((_, i) => (verdicts as readonly string[]).includes(expected[i]!.verdict)),
      );
    }
  });

  it('of several link types have interfaces for each', async () => {
    const { section, card, enhanced } = blocksIn('big');
    const packets = framesOf(Buffer.from(TINY_CAPTURE)).frames.filter((_, i) => i !== 6);
    const mixed = packets.map((frame, i) => ({
      ...frame,
      bytes: i % 2 === 0 ? frame.bytes : frame.bytes.subarray(14),
      length: frame.length - (i % 2 === 0 ? 0 : 14),
      linkType: i % 2 === 0 ? 1 : 101,
    }));
    const file = Buffer.concat([
      ...[section(), card(), card(undefined, 101)],
      ...mixed.map(({ timeNs, bytes, length }, i) =>
        enhanced({ card: i % 2, ticks: timeNs / 1000n, bytes, wire: length }),
      ),
    ]);
    folder.write('mixed.pcapng', file);
    const { status } = await folder.run(replay('mixed.pcapng', ...ALL, '--verdicts', 'm.jsonl'));
    expect(status).toBe(0);
    checkSplit(mixed, verdictsIn('m.jsonl'));
    const found = Object.keys(KINDS).flatMap((name) => writtenPackets(bytesOf(name)));
    const linkTypes = (list: readonly { timeNs: bigint; linkType: number }[]): string[] =>
      list.map(({ timeNs, linkType }) => `${timeNs} ${linkType}`).sort();
    expect(linkTypes(found)).toEqual(linkTypes(mixed));

    await folder.check(replay('mixed.pcapng', '-w', 'mixed-out.pcap'), {
      stderr:
        'error[output-format] mixed-out.pcap: a pcap file holds one link type, and there are ethernet and raw; name it .pcapng\n',
      status: 2,
    });
    expect(namesLike(/^mixed-out/)).toEqual([]);
  });

  it.each([
    [['--workers', '1'], 1],
    [['--workers', '3'], 1],
    [['--workers', '3'], 2],
  ])(
    'CT-18: hold frames that waited for their first fragment in file order: %j',
    async (args, seed) => {
      const capture = randomCapture(seed, 20_000, { fragments: 0.5 });
      folder.write('random.yaml', RANDOM_TRAFFIC_VPC);
      // Standard input: nobody knows that it is too small to be worth several threads.
      const command = [
        'replay',
        '-r',
        '-',
        '--vpc',
        'random.yaml',
        ...ALL,
        '--verdicts',
        'r.jsonl',
      ];
      const { status } = await folder.run([...command, ...args], { stdin: capture });
      expect(status).toBe(0);
      checkSplit(framesOf(Buffer.from(capture)).frames, verdictsIn('r.jsonl'));
    },
  );

  it('of several captures hold what was merged', async () => {
    const { frames: all } = framesOf(Buffer.from(randomCapture(7, 2000)));
    const times = all.map((frame, i) => ({
      ...frame,
      timeNs: 1_700_000_000_000_000_000n + BigInt(i) * 1000n,
    }));
    folder.write('random.yaml', RANDOM_TRAFFIC_VPC);
    folder.write('even.pcap', encodePcap(times.filter((_, i) => i % 2 === 0)));
    folder.write('odd.pcap', encodePcap(times.filter((_, i) => i % 2 === 1)));
    const command = ['replay', '-r', 'even.pcap', '-r', 'odd.pcap', '--vpc', 'random.yaml'];
    const { status } = await folder.run([...command, ...ALL, '--verdicts', 'e.jsonl']);
    expect(status).toBe(0);
    checkSplit(times, verdictsIn('e.jsonl'));
  });

  it('hold what came before the damage', async () => {
    folder.write('cut.pcap', TINY_CAPTURE.subarray(0, TINY_CAPTURE.length - 5));
    const { status } = await folder.run(replay('cut.pcap', ...ALL, '--verdicts', 'c.jsonl'));
    expect(status).toBe(3);
    checkSplit(framesOf(Buffer.from(TINY_CAPTURE)).frames.slice(0, 7), verdictsIn('c.jsonl'));
  });
});

describe('-w FILE', () => {
  const { frames } = framesOf(Buffer.from(TINY_CAPTURE));
  const allowed = frames.slice(0, 3).map(asWritten);

  it.each(['out.pcap', 'OUT.PCAP'])('%s: a classic capture in nanoseconds', async (name) => {
    await folder.check(replay('tiny.pcap', '-w', name), { stdout: tinyReport() });
    const file = bytesOf(name);
    expect(file.readUInt32LE(0)).toBe(0xa1b23c4d);
    const written = framesOf(file);
    expect(written.linkType).toBe(1);
    expect(written.frames.map(asWritten)).toEqual(allowed);
    if (tsharkAbsent) return;
    const { frames: theirs, complaint } = readWithTshark(file, ['frame.time_epoch', 'tcp.flags']);
    expect(complaint).toBe('');
    expect(theirs).toEqual([
      ['1700000000.000000000', '0x0002'],
      ['1700000000.100000000', '0x0012'],
      ['1700000000.200000000', '0x0010'],
    ]);
  });

  it('may be empty: a capture without packets', async () => {
    await folder.run(replay('tiny.pcap', '-w', 'none.pcapng', 'port', '9'));
    expect(writtenPackets(bytesOf('none.pcapng'))).toEqual([]);
    await folder.run(replay('tiny.pcap', '-w', 'none.pcap', 'port', '9'));
    expect(framesOf(bytesOf('none.pcap')).frames).toEqual([]);
  });

  it('-: to standard output, and the report to standard error', () => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [SGSIM, ...replay('tiny.pcap', '-w', '-')],
      { cwd: folder.path },
    );
    expect({ stderr: stderr.toString(), status }).toEqual({ stderr: tinyReport(), status: 0 });
    expect(writtenPackets(stdout).map(untouched)).toEqual(allowed);
  });

  it.each([
    [['-w', 'same.pcapng', '--write-dropped', 'same.pcapng'], 'same.pcapng'],
    [['-w', 'same.pcapng', '--write-rest', './same.pcapng'], './same.pcapng'],
    [['--verdicts', 'same', '--write-rest', `${folder.path}/same`], `${folder.path}/same`],
    [['--verdicts', '-', '-w', '-'], '-'],
  ])('%j is one file for two', async (args, name) => {
    await folder.check(replay('tiny.pcap', ...args), {
      stderr: `error[usage] ${name}: is to be written by two options; name two files\n`,
      status: 2,
    });
    expect(namesLike(/^same/)).toEqual([]);
  });

  it.each(['tiny.pcap', './tiny.pcap'])('%s would take the place of what is read', async (name) => {
    await folder.check(replay('tiny.pcap', '--write-dropped', name), {
      stderr: `error[usage] ${name}: is read and is to be written; name another file\n`,
      status: 2,
    });
    expect(bytesOf('tiny.pcap').equals(TINY_CAPTURE)).toBe(true);
  });

  it('leaves nothing behind when the capture is none', async () => {
    folder.write('text.pcap', 'hello, this is some text');
    const names = ['-w', 'gone.pcapng', '--write-dropped', 'gone2.pcap', '--write-rest', 'gone3'];
    expect((await folder.run(replay('text.pcap', ...names))).status).toBe(2);
    expect(namesLike(/^gone/)).toEqual([]);
  });

  it('leaves nothing behind when one of them cannot be written', async () => {
    const names = ['-w', 'gone.pcapng', '--write-dropped', 'missing/gone.pcapng'];
    await folder.check(replay('tiny.pcap', ...names), {
      stderr:
        'error[output-file] missing/gone.pcapng: cannot be written (ENOENT); name a file in a folder that you may write to\n',
      status: 2,
    });
    expect(namesLike(/^gone/)).toEqual([]);
  });

  it.each(['1', '2'])(
    'leaves nothing behind when it is interrupted, %s workers',
    async (workers) => {
      const { bytes } = frameOf(0, '203.0.113.7:51000 > 10.0.1.20:443 tcp S');
      const long = encodePcap(
        Array.from({ length: 100_000 }, (_, i) => ({ timeNs: BigInt(i) * 1_000_000n, bytes })),
      );
      const names = ['-w', 'int.pcapng', '--write-dropped', 'int2.pcap', '--write-rest', 'int3'];
      const args = [SGSIM, ...replay('-', ...names, '--workers', workers)];
      const child = spawn(process.execPath, args, {
        cwd: folder.path,
        stdio: ['pipe', 'ignore', 'pipe'],
      });
      try {
        child.stdin.on('error', () => {});
        child.stdin.write(long);
        const begun = (): boolean =>
          namesLike(/^int\.pcapng.*partial$/).some((name) => bytesOf(name).length > 1_000_000);
        while (!begun()) await setTimeout(20);
        expect(namesLike(/^int/)).toHaveLength(3);
        const ended = once(child, 'close');
        child.kill('SIGINT');
        expect((await ended)[0]).toBe(130);
        expect(namesLike(/^int/)).toEqual([]);
      } finally {
        child.kill('SIGKILL');
      }
    },
  );
});

describe('a capture is not overwritten by', () => {
  it('a folder of captures that holds the written one', async () => {
    cpSync(join(folder.path, 'tiny.pcap'), join(folder.path, 'ring/a.pcap'), { recursive: true });
    await folder.check(replay('ring', '-w', 'ring/a.pcap'), {
      stderr: 'error[usage] ring/a.pcap: is read and is to be written; name another file\n',
      status: 2,
    });
  });
});
