import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { type Decompressed, decompressed } from '../../src/capture/compression.js';
import { openCapture } from '../../src/capture/source.js';
import { InputError } from '../../src/model/diagnostic.js';
import { mulberry32 } from '../mulberry32.js';
import { compressible, readAll, streamOf } from './streams.js';

const zstdAbsent = spawnSync('zstd', ['--version']).error !== undefined;
if (zstdAbsent) console.warn('zstd is not installed: zstd captures are not tested');

const plain = compressible(300_000, 7);
const gzip = gzipSync(plain);
const zstdOf = (bytes: Uint8Array, ...args: string[]): Buffer =>
  spawnSync('zstd', ['-c', '-q', ...args], { input: bytes, maxBuffer: 1 << 28 }).stdout;
const zstd = zstdAbsent ? Buffer.alloc(0) : zstdOf(plain);

interface Outcome {
  readonly bytes: Buffer;
  readonly damage: string | undefined;
  readonly consumed: number;
}

async function outcomeOf(source: Decompressed): Promise<Outcome> {
  const bytes = await readAll(source);
  source.close();
  return { bytes, damage: source.damage(), consumed: source.bytesConsumed() };
}

/** As from a pipe: opened once. */
const unpack = (bytes: Uint8Array, pieceBytes?: number): Promise<Outcome> =>
  outcomeOf(decompressed(streamOf(bytes, pieceBytes)));

/** As from a file. */
const unpackFile = (bytes: Uint8Array): Promise<Outcome> =>
  outcomeOf(decompressed({ ...streamOf(bytes), size: bytes.length }, () => streamOf(bytes)));

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'no error';
}

/** By length and digest: vitest compares large arrays element by element. */
const summary = (bytes: Uint8Array, damage: string | undefined): unknown => ({
  size: bytes.length,
  digest: createHash('sha1').update(bytes).digest('hex'),
  damage,
});

function expectOutcome(outcome: Outcome, bytes: Uint8Array, damage?: string): void {
  expect(summary(outcome.bytes, outcome.damage)).toEqual(summary(bytes, damage));
}

function expectWhole(outcome: Outcome, bytes: Uint8Array, consumed: number): void {
  expectOutcome(outcome, bytes);
  expect(outcome.consumed).toBe(consumed);
}

describe('decompression by content', () => {
  it.each([0, 1, 3, 4, 5, 1000])(
    '%i bytes that are not compressed pass as they are',
    async (size) => {
      expectWhole(await unpack(plain.subarray(0, size)), plain.subarray(0, size), size);
    },
  );

  it.each([undefined, 1, 1000, 65_536])('gzip, in pieces of %s bytes', async (pieceBytes) => {
    const bytes = pieceBytes === 1 ? gzipSync(plain.subarray(0, 5000)) : gzip;
    expectWhole(
      await unpack(bytes, pieceBytes),
      pieceBytes === 1 ? plain.subarray(0, 5000) : plain,
      bytes.length,
    );
  });

  it('gzip members one behind the other, with padding behind them (RFC 1952 section 2.2)', async () => {
    const one = gzipSync(plain.subarray(0, 1000));
    const file = Buffer.concat([one, gzipSync(''), gzip, one, Buffer.alloc(600)]);
    const parts = [plain.subarray(0, 1000), plain, plain.subarray(0, 1000)];
    for (const pieceBytes of [undefined, 7, 100]) {
      expectWhole(await unpack(file, pieceBytes), Buffer.concat(parts), file.length);
    }
  });

  it.skipIf(zstdAbsent).each([
    ['usual', []],
    ['without checksum', ['--no-check']],
    ['strongest', ['-19']],
    ['long window', ['--long=25']],
  ])('zstd, %s', async (_, args) => {
    const bytes = zstdOf(plain, ...args);
    for (const pieceBytes of [undefined, 1, 1000]) {
      expectWhole(await unpack(bytes, pieceBytes), plain, bytes.length);
    }
  });

  it.skipIf(zstdAbsent)('zstd frames one behind the other, skippable ones among them', async () => {
    const skippable = Buffer.from('502a4d1803000000aabbcc', 'hex');
    const parts = [0, 1, 5, 100, 40_000, 200_000].map((size) => plain.subarray(0, size));
    const file = Buffer.concat([skippable, ...parts.map((part) => zstdOf(part)), skippable]);
    expectWhole(await unpack(file), Buffer.concat(parts), file.length);
  });

  it('an empty capture in gzip gives nothing', async () => {
    expect((await unpack(gzipSync(''))).bytes).toHaveLength(0);
  });

  it('gzip in gzip, but no third layer', async () => {
    const twice = gzipSync(gzip);
    expectOutcome(await unpack(twice), plain);
    expect(await failure(unpack(gzipSync(twice)))).toBe(
      'error[capture-compression] test.pcap: it is compressed more than 2 times over; ' +
        'decompress it once or twice',
    );
  });
});

describe('the bound on expansion', () => {
  const zeros = gzipSync(Buffer.alloc(1 << 20));
  const bounded = (bytes: Uint8Array, times: number, more: number): Promise<Outcome> =>
    outcomeOf(decompressed(streamOf(bytes), undefined, { times, bytes: more }));

  it('is held by what stays below it', async () => {
    expect((await bounded(zeros, 1, 1 << 20)).bytes).toHaveLength(1 << 20);
  });

  it('names both sizes', async () => {
    const message = await failure(bounded(zeros, 10, 5000));
    expect(message).toMatch(
      new RegExp(
        `^error\\[capture-expansion\\] test.pcap: ${zeros.length} compressed bytes expand to \\d+ and more, ` +
          `above the bound of ${zeros.length * 10 + 5000} \\(10 times their size and 5000 bytes\\); ` +
          'decompress it to a file, and name that$',
      ),
    );
  });

  it('holds across layers: it is the file that counts', async () => {
    const twice = gzipSync(gzipSync(Buffer.alloc(1 << 24)));
    expect(twice.length).toBeLessThan(1000);
    expect(await failure(bounded(twice, 100, 1 << 20))).toContain('capture-expansion');
  });

  it.skipIf(zstdAbsent)('stops a zstd frame of runs, a block at a time', async () => {
    const bomb = zstdOf(Buffer.alloc(1 << 26));
    expect(bomb.length).toBeLessThan(10_000);
    expect(await failure(bounded(bomb, 1, 1 << 18))).toContain('capture-expansion');
  });

  it.skipIf(zstdAbsent)('a window that a header only claims is not made', async () => {
    const huge = Buffer.from('28b52ffd00ff010000', 'hex');
    expect(await failure(unpack(huge))).toContain('above the bound of 134217728');
  });
});

describe('damaged gzip gives all bytes that can be had, and says so', () => {
  const small = plain.subarray(0, 20_000);
  const file = gzipSync(small);

  it('cut at every tenth length', async () => {
    let before = 0;
    for (let size = 500; size < file.length; size += 10) {
      const { bytes, damage } = await unpack(file.subarray(0, size));
      expect(damage).toBe('the gzip data ends in the middle');
      expect(bytes.equals(small.subarray(0, bytes.length))).toBe(true);
      expect(bytes.length).toBeGreaterThanOrEqual(before);
      before = bytes.length;
    }
    // Whole but for its trailer: everything is there.
    expect(before).toBeGreaterThan(small.length - 200);
    expectOutcome(await unpack(file.subarray(0, -8)), small, 'the gzip data ends in the middle');
  });

  it.each([1, 4, 5, 8])('a trailer that is wrong %i bytes before the end', async (back) => {
    const wrong = Buffer.from(file);
    wrong[wrong.length - back]! ^= 1;
    const fault = back > 4 ? 'incorrect data check' : 'incorrect length check';
    for (const how of [unpack, unpackFile]) {
      expectOutcome(await how(wrong), small, `the gzip data is damaged (${fault})`);
    }
  });

  it.each(['x', 'trailing words', '\0\0\0x'])(
    'garbage behind the last member: %j',
    async (garbage) => {
      const longer = Buffer.concat([file, Buffer.from(garbage)]);
      for (const how of [unpack, unpackFile]) {
        const { bytes, damage } = await how(longer);
        expect(bytes.equals(small)).toBe(true);
        // A single byte could be the beginning of a member.
        expect(damage).toBe(
          garbage.length === 1
            ? 'the gzip data ends in the middle'
            : 'bytes that are no gzip data follow it',
        );
      }
    },
  );

  it('a wrong byte in the middle of a large file: as far as gzip itself comes, and further', async () => {
    for (const part of [0.3, 0.9]) {
      const wrong = Buffer.from(gzip);
      wrong.fill(0xff, Math.floor(gzip.length * part), Math.floor(gzip.length * part) + 40);
      const gzips = spawnSync('gzip', ['-dc'], { input: wrong, maxBuffer: 1 << 28 }).stdout;
      for (const how of [unpack, unpackFile]) {
        const { bytes, damage } = await how(wrong);
        expect(damage).toMatch(/^the gzip data is damaged \(/);
        expect(bytes.length).toBeGreaterThanOrEqual(gzips.length);
        const sound = Math.floor(plain.length * part * 0.9);
        expect(bytes.length).toBeGreaterThan(sound);
        expect(bytes.subarray(0, sound).equals(plain.subarray(0, sound))).toBe(true);
      }
    }
  });

  it('at its very start it is an error', async () => {
    const wrong = Buffer.from(file);
    wrong.fill(0xff, 10, 30);
    const message =
      /^error\[capture-compression\] test.pcap: the gzip data is damaged \(.*\); copy or/;
    expect(await failure(unpack(wrong))).toMatch(message);
    expect(await failure(unpackFile(wrong))).toMatch(message);
    expect(await failure(unpack(file.subarray(0, 12)))).toContain('ends in the middle');
  });

  it('in the outer layer, what is inside is read as far as it comes', async () => {
    const { bytes, damage } = await unpack(gzipSync(gzip).subarray(0, 100_000));
    expect(damage).toBe('the gzip data ends in the middle');
    expect(bytes.length).toBeGreaterThan(50_000);
    expect(bytes.equals(plain.subarray(0, bytes.length))).toBe(true);
  });
});

describe.skipIf(zstdAbsent)('damaged zstd gives all bytes that can be had, and says so', () => {
  it('cut: every block that is whole', async () => {
    for (let size = 20; size < zstd.length; size += 5003) {
      const cut = zstd.subarray(0, size);
      const outcome = await unpack(cut).catch((error: unknown) => String(error));
      if (typeof outcome === 'string') {
        expect(outcome).toContain('the zstd data ends in the middle');
        continue;
      }
      expect(outcome.damage).toBe('the zstd data ends in the middle');
      expect(outcome.bytes.equals(plain.subarray(0, outcome.bytes.length))).toBe(true);
      expect(outcome.bytes.length % (1 << 17)).toBe(0);
    }
  });

  it('a wrong checksum', async () => {
    const wrong = Buffer.from(zstd);
    wrong[wrong.length - 1]! ^= 1;
    expectOutcome(await unpack(wrong), plain, 'the checksum of the zstd data does not match');
  });

  it('garbage behind the last frame', async () => {
    expectOutcome(
      await unpack(Buffer.concat([zstd, Buffer.from('garbage')])),
      plain,
      'bytes that are no zstd data follow it',
    );
  });

  it('no flipped bit goes unnoticed, and none is a crash', async () => {
    const random = mulberry32(99);
    const file = zstdOf(plain.subarray(0, 3000));
    for (let round = 0; round < 300; round++) {
      const wrong = Buffer.from(file);
      wrong[4 + Math.floor(random() * (file.length - 4))]! ^= 1 << Math.floor(random() * 8);
      const outcome = await unpack(wrong).catch((error: unknown) => {
        expect(error).toBeInstanceOf(InputError);
        return undefined;
      });
      if (outcome === undefined || outcome.damage !== undefined) continue;
      // Some bits say nothing about the content.
      expectOutcome(outcome, plain.subarray(0, 3000));
    }
  });
});

describe('from the file system', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sgsim-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };

  it('a file keeps its own size, and counts its own bytes', async () => {
    const source = openCapture(write('a.pcap', gzip));
    expect(source.size).toBe(gzip.length);
    expect((await readAll(source)).equals(plain)).toBe(true);
    expect(source.bytesConsumed!()).toBe(gzip.length);
    expect(source.damage!()).toBeUndefined();
    source.close();
    source.close();
  });

  it('closed while it inflates ahead', async () => {
    const large = compressible(8_000_000, 3);
    const path = write('large.pcap', gzipSync(large, { level: 1 }));
    for (let round = 0; round < 20; round++) {
      const source = openCapture(path);
      const some = new Uint8Array(1 + round * 1000);
      await source.read(some);
      source.close();
    }
    expect((await readAll(openCapture(path))).equals(large)).toBe(true);
  });
});
