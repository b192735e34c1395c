import { describe, expect, it } from 'vitest';
import { linkTypeName } from '../../src/capture/link-type.js';
import { encodePcap } from '../../src/generate/pcap.js';
import {
  CAPTURED_MAX,
  CONTENT_IP,
  NOT_JUDGED_CUT,
  NOT_JUDGED_LINK_TYPE,
  NOT_JUDGED_MALFORMED,
} from '../../src/kernel/layout.js';
import { GOLDEN_FRAMES } from '../kernel/golden-frames.js';
import { createCaptureReading } from './read-capture.js';

const START = 1_700_000_000_000_000_000n;
const MILLISECOND = 1_000_000n;

/** Frames of different lengths, a millisecond apart. */
const frames = GOLDEN_FRAMES.map(({ bytes }, i) => ({
  timeNs: START + BigInt(i) * MILLISECOND,
  bytes: bytes.subarray(0, 80 + i),
  length: bytes.length,
}));
const file = encodePcap(frames);
const read = createCaptureReading(4096);

describe('the four formats of a classic capture', () => {
  it.each([
    { bigEndian: false, nanoseconds: true, format: 'pcap, little-endian, nanoseconds' },
    { bigEndian: true, nanoseconds: false, format: 'pcap, big-endian, microseconds' },
    { bigEndian: true, nanoseconds: true, format: 'pcap, big-endian, nanoseconds' },
  ])('$format has the rows of the usual one', async ({ format, ...options }) => {
    const usual = await read(file);
    expect(usual.summary.format).toBe('pcap, little-endian, microseconds');
    expect(usual.rows).toHaveLength(frames.length);
    expect(usual.rows.filter(({ content }) => content === CONTENT_IP).length).toBeGreaterThan(10);
    const other = await read(encodePcap(frames, options));
    expect(other.rows).toEqual(usual.rows);
    expect(other.summary).toEqual({ ...usual.summary, format });
  });

  it('times are whole nanoseconds up to the last second that 32 bits hold', async () => {
    const times = [0n, 1n, 999_999_999n, 4_294_967_295_999_999_999n];
    const at = times.map((timeNs) => ({ timeNs, bytes: frames[0]!.bytes }));
    const { rows, summary } = await read(encodePcap(at, { nanoseconds: true }));
    expect(rows.map(({ timeNs }) => timeNs)).toEqual(times);
    expect(summary).toMatchObject({ firstTimeNs: times[0], lastTimeNs: times[3] });
  });
});

describe('chunks and pieces of any size', () => {
  const whole = createCaptureReading(1 << 20)(file);

  it.each([1, 7, 100, 1 << 16])('chunks of %i bytes', async (chunkBytes) => {
    expect(await createCaptureReading(chunkBytes)(file)).toEqual(await whole);
  });

  it.each([1, 7, 15, 17, 97, 1 << 16])('reads of %i bytes', async (pieceBytes) => {
    expect(await read(file, pieceBytes)).toEqual(await whole);
  });

  it('the summary is what went into the file', async () => {
    expect((await whole).summary).toEqual({
      name: 'test.pcap',
      format: 'pcap, little-endian, microseconds',
      linkType: 'ethernet',
      packets: frames.length,
      bytes: frames.reduce((sum, { length }) => sum + length, 0),
      firstTimeNs: START,
      lastTimeNs: START + BigInt(frames.length - 1) * MILLISECOND,
      disordered: 0,
      overlong: 0,
      untimed: 0,
    });
  });

  it('more frames than a batch has rows for', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => ({
      timeNs: START + BigInt(i) * 1000n,
      bytes: new Uint8Array(0),
      length: 60,
    }));
    const { rows, summary } = await createCaptureReading(1000 * 16)(encodePcap(many));
    expect(rows.map(({ timeNs }) => timeNs)).toEqual(many.map(({ timeNs }) => timeNs));
    expect(summary).toMatchObject({ packets: 1000, bytes: 60_000, disordered: 0 });
  });
});

describe('damaged captures are read up to the damage', () => {
  it('cut at every byte of the last record', async () => {
    const { rows } = await read(file);
    const recordSize = 16 + frames.at(-1)!.bytes.length;
    const before = file.length - recordSize;
    for (let size = 0; size < recordSize; size++) {
      const cut = await read(file.subarray(0, before + size));
      expect(cut.rows).toEqual(rows.slice(0, -1));
      expect(cut.summary.packets).toBe(frames.length - 1);
      expect(cut.summary.stopped).toEqual(
        size === 0
          ? undefined
          : { frame: frames.length, fact: `the record is cut off after ${size} bytes` },
      );
    }
  });

  it.each([
    { claimed: CAPTURED_MAX + 1, bigEndian: false },
    { claimed: CAPTURED_MAX + 1, bigEndian: true },
    { claimed: 0x7fffffff, bigEndian: false },
    { claimed: 0xffffffff, bigEndian: false },
    { claimed: 0xffffffff, bigEndian: true },
  ])('a captured length of $claimed, big-endian: $bigEndian', async ({ claimed, bigEndian }) => {
    const damaged = encodePcap(frames, { bigEndian });
    const third = 24 + frames.slice(0, 2).reduce((sum, { bytes }) => sum + 16 + bytes.length, 0);
    new DataView(damaged.buffer).setUint32(third + 8, claimed, !bigEndian);
    const { rows, summary } = await read(damaged);
    expect(rows).toEqual((await read(file)).rows.slice(0, 2));
    expect(summary.packets).toBe(2);
    expect(summary.stopped).toEqual({
      frame: 3,
      fact: 'the record claims more than 262144 captured bytes; what follows cannot be found',
    });
  });

  it('the largest captured length that is believed', async () => {
    const bytes = new Uint8Array(CAPTURED_MAX);
    bytes.set(frames[0]!.bytes);
    const largest = [{ timeNs: START, bytes }, ...frames];
    for (const chunkBytes of [1, 1 << 20]) {
      const { rows, summary } = await createCaptureReading(chunkBytes)(
        encodePcap(largest),
        1 << 14,
      );
      expect(rows.map(({ length }) => length)).toEqual([
        CAPTURED_MAX,
        ...frames.map(({ length }) => length),
      ]);
      expect(summary.stopped).toBeUndefined();
    }
  });

  it('a file header and nothing else is an empty capture', async () => {
    const { rows, summary } = await read(encodePcap([]));
    expect(rows).toEqual([]);
    expect(summary).toEqual({
      name: 'test.pcap',
      format: 'pcap, little-endian, microseconds',
      linkType: 'ethernet',
      packets: 0,
      bytes: 0,
      disordered: 0,
      overlong: 0,
      untimed: 0,
    });
  });
});

describe('records that say odd things', () => {
  it('without bytes: cut when there were some on the wire, malformed when not', async () => {
    const empty = new Uint8Array(0);
    const { rows, summary } = await read(
      encodePcap([
        { timeNs: START, bytes: empty, length: 60 },
        { timeNs: START, bytes: empty },
      ]),
    );
    expect(rows).toEqual([
      { timeNs: START, clockNs: START, length: 60, content: NOT_JUDGED_CUT },
      { timeNs: START, clockNs: START, length: 0, content: NOT_JUDGED_MALFORMED },
    ]);
    expect(summary).toMatchObject({ packets: 2, bytes: 60 });
  });

  it('captured above wire length: read as captured, and counted', async () => {
    const one = frames[0]!;
    const sizes = [one.bytes.length + 1, one.bytes.length, one.bytes.length - 1, 20];
    const { rows, summary } = await read(encodePcap(sizes.map((length) => ({ ...one, length }))));
    expect(rows).toEqual(sizes.map((length) => ({ ...rows[0], length })));
    expect(summary).toMatchObject({ overlong: 2, bytes: sizes.reduce((sum, size) => sum + size) });
  });

  it.each([1, 300, 1 << 16])(
    'CP-7: times that go back are kept and counted, the clock stays, in chunks of %i bytes',
    async (chunkBytes) => {
      const steps = [5n, 9n, 7n, 8n, 9n, 1n, 10n];
      const { rows, summary } = await createCaptureReading(chunkBytes)(
        encodePcap(steps.map((step) => ({ ...frames[0]!, timeNs: START + step * MILLISECOND }))),
      );
      expect(rows.map(({ timeNs }) => (timeNs - START) / MILLISECOND)).toEqual(steps);
      expect(rows.map(({ clockNs }) => (clockNs - START) / MILLISECOND)).toEqual([
        5n,
        9n,
        9n,
        9n,
        9n,
        9n,
        10n,
      ]);
      expect(summary).toMatchObject({
        disordered: 3,
        firstTimeNs: START + 1n * MILLISECOND,
        lastTimeNs: START + 10n * MILLISECOND,
      });
    },
  );

  it('of a link type that is not read: frames without content', async () => {
    const { rows, summary } = await read(encodePcap(frames, { linkType: 147 }));
    expect(new Set(rows.map(({ content }) => content))).toEqual(new Set([NOT_JUDGED_LINK_TYPE]));
    expect(rows.map(({ length }) => length)).toEqual(frames.map(({ length }) => length));
    expect(summary.linkType).toBe(linkTypeName(147));
  });
});
