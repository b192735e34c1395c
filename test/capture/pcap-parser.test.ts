import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type ParsedFrame,
  type PcapParserReader,
  createPcapParserReader,
} from '../../src/capture/pcap-parser-frames.js';
import { PCAP_HEADER_SIZE, parsePcapHeader } from '../../src/capture/pcap-header.js';
import { openCapture } from '../../src/capture/source.js';
import { encodePcap } from '../../src/generate/pcap.js';
import {
  FRAME_AT,
  FRAME_CAPTURED,
  FRAME_LINK_TYPE,
  FRAME_TIME,
  FRAME_WIRE,
} from '../../src/kernel/layout.js';
import { InputError } from '../../src/model/diagnostic.js';
import { bytesAt } from '../../src/engine/memory.js';
import { createDecodeRoom, decodeFileAs } from '../engine/rows.js';
import { corpusAbsent } from '../kernel/truth.js';
import { readAll, streamOf } from './streams.js';

/** Captures of our own and of others, by path. */
const captures = (folder: string): string[] => {
  const url = new URL(folder, import.meta.url);
  return readdirSync(url).map((name) => new URL(name, url).pathname);
};
const files = [
  ...captures('../../fixtures/captures/').filter((path) => path.endsWith('.pcap')),
  ...(corpusAbsent ? [] : captures('../../../shared/corpus/captures/')),
].filter((path) => !path.endsWith('.tsv'));

/** One line a frame: when, how long, and a digest of its bytes. */
const line = (timeNs: bigint, wire: number, linkType: number, bytes: Uint8Array): string =>
  `${timeNs} ${wire} ${linkType} ${bytes.length} ${createHash('md5').update(bytes).digest('hex')}`;

interface Reading {
  readonly lines: string[];
  readonly stopped: string | undefined;
}

async function* framesOf({ batches }: PcapParserReader): AsyncGenerator<ParsedFrame> {
  for await (const batch of batches) yield* batch;
}

async function theirs(path: string): Promise<Reading | string> {
  const source = openCapture(path);
  const reader = createPcapParserReader(path, source);
  const lines: string[] = [];
  try {
    for await (const { timeNs, wire, linkType, bytes } of framesOf(reader)) {
      lines.push(line(timeNs, wire, linkType, bytes));
    }
    return { lines, stopped: reader.stopped() };
  } catch (error) {
    if (error instanceof InputError) return error.message.replace(path, 'x');
    throw error;
  } finally {
    source.close();
  }
}

const room = createDecodeRoom(1 << 20);

function ours(file: Uint8Array): string[] {
  return decodeFileAs(room, file, (_, frame) =>
    line(
      frame.getBigInt64(FRAME_TIME, true),
      frame.getUint32(FRAME_WIRE, true),
      frame.getUint16(FRAME_LINK_TYPE, true),
      bytesAt(room.memory, frame.getUint32(FRAME_AT, true), frame.getUint32(FRAME_CAPTURED, true)),
    ),
  );
}

const digest = (lines: readonly string[]): unknown => ({
  frames: lines.length,
  first: lines[0],
  last: lines.at(-1),
  all: createHash('md5').update(lines.join('\n')).digest('hex'),
});

describe('pcap-parser finds the frames that we find', () => {
  const unread: [file: string, why: string][] = [];
  const stopped: [file: string, why: string][] = [];

  it.each(files)('%s', async (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const reading = await theirs(path);
    if (typeof reading === 'string') {
      unread.push([name, reading]);
      return;
    }
    if (reading.stopped !== undefined) stopped.push([name, reading.stopped]);
    const source = openCapture(path);
    const file = await readAll(source);
    source.close();
    expect(reading.lines.length).toBeGreaterThan(0);
    expect(digest(reading.lines)).toEqual(digest(ours(file)));
  });

  it('those that it cannot read are pcapng, snoop, and versions 1.4 and 2.1', () => {
    const reasons = unread.map(([name, why]) => [
      name,
      /pcapng|snoop|version 1\.4|before 2\.4/.exec(why)?.[0] ?? why,
    ]);
    const pcapng = reasons.filter(([, why]) => why === 'pcapng').map(([name]) => name!);
    expect(pcapng.filter((name) => !/\.pcapng(\.gz)?$/.test(name))).toEqual(
      corpusAbsent
        ? []
        : [
            'pcapplusplus__GrePackets.pcap',
            'pcapplusplus__ipv6_options.pcap',
            'scapy__pcaps__pfcp.pcap',
          ],
    );
    expect(reasons.filter(([, why]) => why !== 'pcapng')).toEqual(
      corpusAbsent
        ? []
        : [
            ['libpcap__pcap-invalid-version-1.pcap', 'version 1.4'],
            ['ndpi__nfsv2.pcap', 'before 2.4'],
            ['pcapplusplus__solaris.snoop', 'snoop'],
          ],
    );
  });

  it('one of them breaks off', () =>
    expect(stopped).toEqual(
      corpusAbsent
        ? []
        : [
            [
              'suricata-verify__bug-1450-04__tls_DER-incomplete-header.pcap',
              'the record claims more than 262144 captured bytes; what follows cannot be found',
            ],
          ],
    ));

  it('both byte orders and both resolutions are among them', () => {
    const kinds = files
      .map((path) => readFileSync(path).subarray(0, PCAP_HEADER_SIZE))
      .filter((head) => [0xd4, 0xa1, 0x4d].includes(head[0]!))
      .flatMap((head) => {
        try {
          const { swapped, nanoseconds } = parsePcapHeader('x', head);
          return [`${swapped ? 'big' : 'little'} ${nanoseconds ? 'nano' : 'micro'}`];
        } catch {
          return [];
        }
      });
    expect(new Set(kinds).size).toBeGreaterThanOrEqual(corpusAbsent ? 2 : 4);
  });
});

describe('what pcap-parser does not see, its reader does', () => {
  const frames = [10, 20, 30].map((size, i) => ({
    timeNs: 1_700_000_000_000_000_007n + BigInt(i),
    bytes: new Uint8Array(size).fill(i),
  }));
  const file = encodePcap(frames, { nanoseconds: true });
  const read = async (bytes: Uint8Array, pieceBytes?: number): Promise<Reading> => {
    const reader = createPcapParserReader('x', streamOf(bytes, pieceBytes));
    const lines: string[] = [];
    for await (const frame of framesOf(reader)) {
      lines.push(line(frame.timeNs, frame.wire, frame.linkType, frame.bytes));
    }
    return { lines, stopped: reader.stopped() };
  };

  it.each([1, 7, 24, 25, 1000])('nanoseconds, in pieces of %i bytes', async (pieceBytes) =>
    expect(await read(file, pieceBytes)).toEqual({ lines: ours(file), stopped: undefined }),
  );

  it('a stream of node', async () => {
    const path = files[0]!;
    const reader = createPcapParserReader('x', createReadStream(path));
    const lines: string[] = [];
    for await (const frame of framesOf(reader)) {
      lines.push(line(frame.timeNs, frame.wire, frame.linkType, frame.bytes));
    }
    expect(digest(lines)).toEqual(digest(ours(readFileSync(path))));
  });

  it('a file cut in its last record', async () => {
    for (let cut = 1; cut < 46; cut++) {
      expect(await read(file.subarray(0, file.length - cut), 5)).toEqual({
        lines: ours(file).slice(0, 2),
        stopped: `the record is cut off after ${46 - cut} bytes`,
      });
    }
    expect((await read(file.subarray(0, file.length - 46))).stopped).toBeUndefined();
  });

  it('a length that no packet has: at once, and without gathering the rest', async () => {
    const wrong = Buffer.concat([file, Buffer.alloc(1 << 24)]);
    wrong.writeUInt32LE(0x7fffffff, PCAP_HEADER_SIZE + 8);
    const source = streamOf(wrong);
    const reader = createPcapParserReader('x', source);
    expect(await reader.batches.next()).toEqual({ done: false, value: [] });
    expect(await reader.batches.next()).toEqual({ done: true, value: undefined });
    expect(reader.stopped()).toContain('262144');
    expect(await source.read(new Uint8Array(1 << 24))).toBeGreaterThan(1 << 23);
  });

  it.each([
    [
      'lengths in the old order',
      '0200 0200',
      /reads neither modified pcap nor versions before 2.4/,
    ],
    ['version 9.4', '0900 0400', /version 9.4 is not read/],
  ])('%s', async (_, version, message) => {
    const bytes = Buffer.from(file);
    Buffer.from(version.replace(' ', ''), 'hex').copy(bytes, 4);
    await expect(read(bytes)).rejects.toThrow(message);
    await expect(read(bytes)).rejects.toThrow(InputError);
  });

  it('no capture', async () => {
    await expect(read(new Uint8Array(0))).rejects.toThrow(/the file is empty/);
    await expect(read(file.subarray(0, 20))).rejects.toThrow(/cut off after 20 of 24/);
  });
});
