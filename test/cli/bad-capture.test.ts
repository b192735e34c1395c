import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodePcap } from '../../src/generate/pcap.js';
import { FILE_HEADER_BYTES, RECORD_HEADER_BYTES, frameOf } from './capture.js';
import { createFolder } from './folder.js';
import { EMPTY_REPORT, TINY_CAPTURE, TINY_VPC } from './tiny.js';

const folder = createFolder();
folder.write('vpc.yaml', TINY_VPC);

const replay = (capture: string): string[] => ['replay', '-r', capture, '--vpc', 'vpc.yaml'];
const fails = (capture: string, line: string): Promise<void> =>
  folder.check(replay(capture), { stderr: `error[${line}\n`, status: 2 });

const ANOTHER = 'capture again, or name another file';
const NOT_READABLE = 'name a readable capture file, or - for standard input';
const NOT_PCAP =
  'not a capture: it begins neither as pcap nor as pcapng does; record one with `tcpdump -w FILE`';
const CONVERT = 'convert it with `editcap -F pcap IN OUT`';
const COPY = 'copy or capture it again, or name another file';

describe('not a capture', () => {
  it('missing', () => fails('none.pcap', `capture-file] none.pcap: no such file; ${NOT_READABLE}`));

  it('below a file', () =>
    fails(
      'vpc.yaml/a.pcap',
      `capture-file] vpc.yaml/a.pcap: cannot be read (ENOTDIR); ${NOT_READABLE}`,
    ));

  it('an empty folder', () => {
    mkdirSync(join(folder.path, 'captures'));
    return fails(
      'captures',
      'capture-file] captures: the folder holds no files; name a capture file, or a folder with captures',
    );
  });

  // A socket, which nobody can open: root may read every file.
  it('unreadable', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(join(folder.path, 'socket'), resolve);
    });
    await fails('socket', `capture-file] socket: cannot be read (ENXIO); ${NOT_READABLE}`);
    server.close();
  });

  it.each<[string, string | readonly number[], string]>([
    ['0 bytes', '', `capture-empty] bad.pcap: the file is empty; ${ANOTHER}`],
    ['1 byte', [0xd4], `capture-format] bad.pcap: ${NOT_PCAP}`],
    [
      'text',
      'hello, this is some text',
      'capture-format] bad.pcap: text is not a capture; record a capture with `tcpdump -w FILE`',
    ],
    [
      'gzip, cut in its header',
      [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3],
      `capture-compression] bad.pcap: the gzip data ends in the middle; ${COPY}`,
    ],
    [
      'zstd, cut in its header',
      [0x28, 0xb5, 0x2f, 0xfd, 0x24, 0],
      `capture-compression] bad.pcap: the zstd data ends in the middle; ${COPY}`,
    ],
    [
      'snoop',
      'snoop\0\0\0\0\0\0\u0002\0\0\0\u0004',
      'capture-format] bad.pcap: snoop captures are not read; convert it with `editcap -F pcapng IN OUT`',
    ],
  ])('%s', async (_, content, line) => {
    const bytes = typeof content === 'string' ? Buffer.from(content) : Uint8Array.from(content);
    folder.write('bad.pcap', bytes);
    await fails('bad.pcap', line);
    const stderr = `error[${line.replace('bad.pcap', '-')}\n`;
    await folder.check(replay('-'), { stderr, status: 2 }, { stdin: bytes });
  });

  it('a file header of 23 bytes', () => {
    folder.write('short.pcap', TINY_CAPTURE.subarray(0, FILE_HEADER_BYTES - 1));
    return fails(
      'short.pcap',
      `capture-header] short.pcap: the file header is cut off after 23 of 24 bytes; ${ANOTHER}`,
    );
  });

  it('pcap of another version', () => {
    const bytes = TINY_CAPTURE.slice();
    bytes[4] = 3;
    folder.write('version.pcap', bytes);
    return fails(
      'version.pcap',
      `capture-version] version.pcap: pcap version 3.4 is not read, only 2.x; ${CONVERT}`,
    );
  });
});

it('a capture without packets is no error', () => {
  folder.write('tiny.pcap', TINY_CAPTURE.subarray(0, FILE_HEADER_BYTES));
  return folder.check(replay('tiny.pcap'), { stdout: EMPTY_REPORT });
});

describe('a damaged capture: what came before is reported', () => {
  const TCP_RECORD = RECORD_HEADER_BYTES + 54;
  const FOURTH_RECORD = FILE_HEADER_BYTES + 3 * TCP_RECORD;
  const COVERED = 'the report covers the frames before it';

  const withClaim = (capturedBytes: number): Uint8Array => {
    const bytes = TINY_CAPTURE.slice();
    new DataView(bytes.buffer).setUint32(FOURTH_RECORD + 8, capturedBytes, true);
    return bytes;
  };

  it.each<[string, Uint8Array, string]>([
    [
      'cut in a record',
      TINY_CAPTURE.subarray(0, FOURTH_RECORD + TCP_RECORD - 1),
      'the record is cut off after 69 bytes',
    ],
    [
      'cut in a record header',
      TINY_CAPTURE.subarray(0, FOURTH_RECORD + 1),
      'the record is cut off after 1 bytes',
    ],
    [
      'a record that claims more than the file holds',
      withClaim(1000),
      `the record is cut off after ${TINY_CAPTURE.length - FOURTH_RECORD} bytes`,
    ],
    ...[262_145, 0xffff_ffff].map((claim): [string, Uint8Array, string] => [
      `a record that claims ${claim} bytes`,
      withClaim(claim),
      'the record claims more than 262144 captured bytes; what follows cannot be found',
    ]),
  ])('%s', async (_, bytes, fact) => {
    folder.write('cut.pcap', bytes);
    const args = [...replay('cut.pcap'), '--json', '--verdicts', 'cut.jsonl'];
    const { stdout, stderr, status } = await folder.run(args);
    expect({ stderr, status }).toEqual({
      stderr: `error[capture-cut] cut.pcap: frame 4: ${fact}; ${COVERED}\n`,
      status: 3,
    });
    expect(JSON.parse(stdout)).toMatchObject({
      totals: { packets: 3, bytes: 162, allowed: { packets: 3 } },
      captures: [{ packets: 3, stopped: { frame: 4, fact } }],
    });
    expect(folder.read('cut.jsonl').match(/"frame":\d/g)).toEqual([
      '"frame":1',
      '"frame":2',
      '"frame":3',
    ]);
  });

  it('the text report says it too', async () => {
    folder.write('cut.pcap', TINY_CAPTURE.subarray(0, FOURTH_RECORD + 20));
    const { stdout, status } = await folder.run(replay('cut.pcap'));
    expect(status).toBe(3);
    expect(stdout).toContain(
      '    reading stopped at frame 4: the record is cut off after 20 bytes\n',
    );
  });
});

describe('an odd record is judged or counted by cause', () => {
  const [before, odd, after] = [0, 1000, 2000].map((ms) =>
    frameOf(ms, '203.0.113.7:51000 > 10.0.1.20:443 tcp S'),
  ) as [Frame, Frame, Frame];
  type Frame = ReturnType<typeof frameOf>;

  it.each<[string, Partial<Frame> & { length?: number }, object]>([
    [
      'zero bytes, of zero on the wire',
      { bytes: new Uint8Array() },
      { byCode: [{ packets: 1 }, { packets: 1 }, { code: 'malformed', packets: 1, bytes: 0 }] },
    ],
    [
      'zero bytes, of 54 on the wire',
      { bytes: new Uint8Array(), length: 54 },
      { byCode: [{ packets: 1 }, { packets: 1 }, { code: 'cut', packets: 1, bytes: 54 }] },
    ],
    [
      'more bytes than on the wire',
      { length: 40 },
      { byCode: [{ packets: 1 }, { packets: 2, bytes: 94 }], captures: [{ overlong: 1 }] },
    ],
  ])('%s', async (_, change, expected) => {
    folder.write('odd.pcap', encodePcap([before, { ...odd, ...change }, after]));
    const { stdout, stderr, status } = await folder.run([...replay('odd.pcap'), '--json']);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ totals: { packets: 3 }, ...expected });
  });
});
