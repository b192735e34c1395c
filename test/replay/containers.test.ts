import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { decompressed } from '../../src/capture/compression.js';
import { type CaptureSource, openCapture } from '../../src/capture/source.js';
import { encodePcap } from '../../src/generate/pcap.js';
import type { DecodedFrame } from '../../src/model/decoded-frame.js';
import { decodeCaptures } from '../../src/replay/decode.js';
import { framesOf } from '../capture/frames-of.js';
import { encodeModified, encodeVersion } from '../capture/old-pcap.js';
import { type SectionStyle, encodeSections } from '../capture/pcapng-sections.js';
import { storedZstd } from '../capture/stored-zstd.js';
import { streamOf } from '../capture/streams.js';
import { readWithTshark, tsharkAbsent } from '../capture/tshark.js';
import { GOLDEN_FRAMES } from '../kernel/golden-frames.js';
import { captureName, corpusAbsent, listCaptures, readCapture } from '../kernel/truth.js';

const editcapAbsent = spawnSync('editcap', ['--version']).error !== undefined;
if (editcapAbsent) console.warn('editcap is not installed: its conversions are not read');
if (corpusAbsent) console.warn('../shared is absent: foreign captures are not rewritten');

interface Frame {
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
  readonly length: number;
}

type Decoded = Omit<DecodedFrame, 'timeNs'> & { readonly timeNs?: bigint };

/** All that is read of captures, merged; pipes that hand out `pieceBytes` at a time. */
async function decode(captures: readonly Uint8Array[], pieceBytes?: number): Promise<Decoded[]> {
  return decodeSources(captures.map((bytes) => decompressed(streamOf(bytes, pieceBytes))));
}

async function decodeSources(sources: readonly CaptureSource[]): Promise<Decoded[]> {
  const all: Decoded[] = [];
  const summaries = await decodeCaptures(sources, {
    onFrames: (frames) => {
      for (const frame of frames) all.push(frame);
    },
  });
  expect(summaries.map(({ stopped }) => stopped)).toEqual(sources.map(() => undefined));
  return all;
}

const little: SectionStyle = { order: 'little', packets: 'enhanced' };
const big: SectionStyle = { order: 'big', packets: 'enhanced' };
const nanoseconds = { base: 10, exponent: 9 } as const;
const offset = { base: 10, exponent: 6, offsetSeconds: -3600n } as const;

type Encode = (frames: readonly Frame[], linkType: number) => Uint8Array;
const sections =
  (...styles: SectionStyle[]): Encode =>
  (frames, linkType) =>
    encodeSections(frames, linkType, styles);

/** Ways to write frames whose times are whole microseconds. */
const CONTAINERS: readonly (readonly [string, Encode])[] = [
  ...[false, true].flatMap((bigEndian): [string, Encode][] => {
    const order = bigEndian ? 'big' : 'little';
    return [
      [`pcap, ${order}`, (frames, linkType) => encodePcap(frames, { bigEndian, linkType })],
      [
        `pcap, ${order}, nanoseconds`,
        (frames, linkType) => encodePcap(frames, { bigEndian, linkType, nanoseconds: true }),
      ],
      [`modified pcap, ${order}`, (f, linkType) => encodeModified(f, { bigEndian, linkType })],
      ...[0, 1, 3].map((minor): [string, Encode] => [
        `pcap 2.${minor}, ${order}`,
        (frames, linkType) => encodeVersion(minor, frames, { bigEndian, linkType }),
      ]),
      [`pcapng, ${order}`, sections({ order, packets: 'enhanced' })],
      [`pcapng, ${order}, old packets`, sections({ order, packets: 'old' })],
      [
        `pcapng, ${order}, options and other blocks`,
        sections({ order, packets: 'enhanced', noisy: true }),
      ],
      [
        `pcapng, ${order}, interfaces with clocks of their own`,
        sections({ order, packets: 'enhanced', noisy: true, clocks: [nanoseconds, offset] }),
      ],
    ];
  }),
  [
    'pcapng, sections of both orders',
    sections(little, { ...big, noisy: true, packets: 'old' }, little),
  ],
  [
    'pcapng, sections with clocks of their own',
    sections({ ...big, clocks: [nanoseconds] }, little, { ...big, clocks: [offset, nanoseconds] }),
  ],
  ['gzip', (frames, linkType) => gzipSync(encodePcap(frames, { linkType }))],
  ['gzip of pcapng', (frames, linkType) => gzipSync(encodeSections(frames, linkType, [big]))],
  ['zstd', (frames, linkType) => storedZstd(encodePcap(frames, { linkType }))],
  [
    'zstd of pcapng, in two frames',
    (frames, linkType) => {
      const file = encodeSections(frames, linkType, [little]);
      const half = file.length >> 1;
      return Buffer.concat([storedZstd(file.subarray(0, half)), storedZstd(file.subarray(half))]);
    },
  ],
];

/** An eighth of a second is a whole number of every unit from a thousandth to 2^-32 of one. */
const EIGHTH = 125_000_000n;
const START = 1_700_000_000_000_000_000n;

/** A frame of every shape, most of them whole. */
const frames: readonly Frame[] = GOLDEN_FRAMES.map(({ bytes }, i) => ({
  timeNs: START + BigInt(i) * EIGHTH,
  bytes: i % 5 === 4 ? bytes.subarray(0, 40 + i) : bytes,
  length: bytes.length,
}));
const usual = decode([encodePcap(frames)]);

function omitTime(row: Decoded): Decoded {
  const { timeNs, ...rest } = row;
  expect(timeNs).toBeDefined();
  return rest;
}

describe('the same frames in any container are the same rows', () => {
  it('as they went into it', async () => {
    expect(
      (await usual).map(({ number, timeNs, captured, wire, linkType }) => ({
        ...{ number, timeNs, captured, wire, linkType },
      })),
    ).toEqual(
      frames.map(({ timeNs, bytes, length }, i) => ({
        ...{ number: i + 1, timeNs, captured: bytes.length, wire: length, linkType: 1 },
      })),
    );
    const read = (await usual).filter(({ source }) => source !== undefined);
    expect(read.length).toBeGreaterThan(frames.length / 2);
  });

  it.each(CONTAINERS)('%s', async (_, encode) => {
    const file = encode(frames, 1);
    const rows = await usual;
    expect(await decode([file])).toEqual(rows);
    for (const pieceBytes of [1, 7, 97, 4096]) {
      expect(await decode([file], pieceBytes)).toEqual(rows);
    }
  });

  it.each([
    ...[3, 4, 5, 6, 7, 8, 9].map((exponent) => ({ base: 10, exponent }) as const),
    ...[10, 20, 30, 32].map((exponent) => ({ base: 2, exponent }) as const),
  ])('pcapng, units of $base^-$exponent s, and an offset', async (clock) => {
    for (const order of ['little', 'big'] as const) {
      for (const offsetSeconds of [undefined, 0n, 1_000_000_000n, -7200n]) {
        const clocks = [offsetSeconds === undefined ? clock : { ...clock, offsetSeconds }];
        const file = encodeSections(frames, 1, [{ order, packets: 'enhanced', clocks }]);
        expect(await decode([file])).toEqual(await usual);
      }
    }
  });

  it.each(['little', 'big'] as const)(
    'pcapng, %s, simple packets: all but the time',
    async (order) => {
      const whole = frames.map(({ timeNs, bytes }) => ({ timeNs, bytes, length: bytes.length }));
      const cut = frames.map(({ timeNs, bytes }) => ({
        ...{ timeNs, bytes: bytes.subarray(0, 50), length: bytes.length },
      }));
      for (const [wanted, snapLength] of [
        [whole, 0],
        [cut, 50],
      ] as const) {
        const file = encodeSections(wanted, 1, [{ order, packets: 'simple', snapLength }]);
        const rows = await decode([encodePcap(wanted)]);
        expect(await decode([file])).toEqual(rows.map((row) => omitTime(row)));
      }
    },
  );

  it('in two captures, one behind the other or in turns', async () => {
    const half = frames.length >> 1;
    const pairs = [
      [frames.slice(0, half), frames.slice(half)],
      [frames.filter((_, i) => i % 2 === 0), frames.filter((_, i) => i % 2 === 1)],
    ];
    for (const [one, other] of pairs) {
      const file = encodePcap(one!, { bigEndian: true });
      const second = gzipSync(encodeSections(other!, 1, [{ ...little, clocks: [nanoseconds] }]));
      expect(await decode([file, second])).toEqual(await usual);
      expect(await decode([second, file], 33)).toEqual(await usual);
    }
  });
});

describe.skipIf(tsharkAbsent)('tshark finds the same frames in them', () => {
  const FIELDS = ['frame.time_epoch', 'frame.len', 'frame.cap_len', 'frame.protocols'];
  it.each(CONTAINERS)('%s', (_, encode) => {
    const { frames: theirs, complaint } = readWithTshark(encode(frames, 1), FIELDS);
    expect(complaint).toBe('');
    const packets = theirs.filter(([time]) => time !== '');
    expect(packets.map(([time, length, captured]) => [time, length, captured])).toEqual(
      frames.map(({ timeNs, bytes, length }) => {
        const fraction = String(timeNs % 1_000_000_000n).padStart(9, '0');
        return [`${timeNs / 1_000_000_000n}.${fraction}`, String(length), String(bytes.length)];
      }),
    );
  });
});

const SMALL = 100_000;

describe.skipIf(corpusAbsent)('foreign captures in any container are the same rows', () => {
  const files = corpusAbsent
    ? []
    : listCaptures().filter(
        ({ name, format, exit }) =>
          format.startsWith('pcap us') && exit === '0' && statSync(captureName(name)).size < SMALL,
      );

  it.each(files)('$name', async ({ name }) => {
    const file = Buffer.from(readCapture(name));
    const { frames: theirs, linkType } = framesOf(file);
    const rows = await decode([file]);
    expect(rows).toHaveLength(theirs.length);
    for (const [container, encode] of CONTAINERS) {
      const found = await decode([encode(theirs, linkType)]);
      expect({ container, found }).toEqual({ container, found: rows });
    }
  });
});

describe.skipIf(editcapAbsent || corpusAbsent)(
  'what editcap makes of a capture is the same',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'sgsim-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    /** Holds a time that tools do not agree about, see truth-notes.md. */
    const NO_TIME = 'tcpdump__timestamp_invalid_nano.pcap';
    /** Formats that lose nothing of times in microseconds, and of others. */
    const FORMATS = ['pcapng', 'nsecpcap', 'modpcap', 'pcap'];
    const FINE_FORMATS = FORMATS.slice(0, 2);
    const files = corpusAbsent
      ? []
      : listCaptures().filter(
          ({ name, format, exit }) =>
            /^pcap/.test(format) &&
            exit === '0' &&
            name !== NO_TIME &&
            statSync(captureName(name)).size < SMALL,
        );
    let converted = 0;

    // Each of them takes a process: the formats take turns.
    const conversions = files.map(({ name, format }, i) => {
      const formats = format.startsWith('pcap us') ? FORMATS : FINE_FORMATS;
      return [name, formats[i % formats.length]!] as const;
    });

    it.each(conversions)('%s as %s', async (name, format) => {
      const path = join(folder, `${name}.${format}`);
      const { status } = spawnSync('editcap', ['-F', format, captureName(name), path]);
      if (status !== 0) return;
      converted++;
      const [theirs, ours] = [openCapture(path), openCapture(captureName(name))];
      // A packet without a time is of 1970 for editcap.
      const rows = (await decodeSources([ours])).map((row) => ({ timeNs: 0n, ...row }));
      expect(await decodeSources([theirs])).toEqual(rows);
    });

    it('most of them can be converted', () => {
      expect(converted).toBeGreaterThan(conversions.length * 0.8);
    });
  },
);
