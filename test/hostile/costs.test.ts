import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decompressed } from '../../src/capture/compression.js';
import { createMemory, viewAt, allocate } from '../../src/engine/memory.js';
import { encodePcap } from '../../src/generate/pcap.js';
import { ADMISSION_SIZE } from '../../src/kernel/layout.js';
import { createFrameFilter } from '../../src/replay/frame-filter.js';
import { blocksIn } from '../capture/pcapng-blocks.js';
import { readAll, streamOf } from '../capture/streams.js';
import { CHUNK, effortOf, repeated } from './effort.js';

// What a hostile file may cost: so much for each of its bytes or blocks, and memory that does not depend on it.

/** 64 KB each: what any pcapng capture takes at this size of batch. */
const PAGES = 96;

const { section, card, option } = blocksIn('little');
const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const block = (type: number, claimed: number, body: Buffer = Buffer.alloc(0)): Buffer =>
  Buffer.concat([word(type), word(claimed), body, word(claimed)]);
const emptyPacket = block(3, 16, word(60));
const start = Buffer.concat([section(), card()]);

describe('blocks without end', () => {
  it('a million empty ones: a call for each chunk', async () => {
    const source = repeated(start, block(0x0bad, 12), 1_000_000);
    const { frames, walks, reads, pages, copied } = await effortOf(source);
    expect(frames).toBe(0);
    expect(reads).toBeLessThanOrEqual(Math.ceil(source.size! / CHUNK) * 2 + 2);
    expect(walks).toBeLessThanOrEqual(reads * 2 + 3);
    expect(copied).toBeLessThanOrEqual(source.size!);
    expect(pages).toBeLessThan(PAGES);
  });

  it('a million interface descriptions: a call for each, in the memory of one section', async () => {
    const many = Buffer.concat([section(), ...Array.from({ length: 65_536 }, () => card())]);
    const { frames, walks, pages, summary } = await effortOf(repeated(start, many, 16));
    expect(frames).toBe(0);
    expect(summary.stopped).toBeUndefined();
    expect(walks).toBeLessThan(16 * 65_600 + 1000);
    expect(pages).toBeLessThan(PAGES);
  });

  it('one interface too many for a section', async () => {
    const { summary, pages } = await effortOf(repeated(start, card(), 100_000));
    expect(summary.stopped?.fact).toBe('the section has more than 65536 interfaces');
    expect(pages).toBeLessThan(PAGES);
  });

  it('a hundred thousand sections with a packet each: batches as full as any', async () => {
    const each = Buffer.concat([section(), card(), emptyPacket]);
    const source = repeated(start, each, 100_000);
    const { frames, batches, copied, reads, pages } = await effortOf(source);
    expect(frames).toBe(100_000);
    expect(batches).toBeLessThan(reads * 2 + 2);
    expect(copied).toBeLessThan(source.size! * 2);
    expect(pages).toBeLessThan(PAGES);
  });

  it('one that claims 4 GB through a pipe: passed over as it comes', async () => {
    const head = Buffer.concat([start, word(0x0bad), word(0xfffffffc)]);
    const { reads, pages, summary } = await effortOf(repeated(head, Buffer.alloc(CHUNK), 256));
    expect(summary.stopped?.fact).toBe(`the record is cut off after ${8 + 256 * CHUNK} bytes`);
    expect(reads).toBeLessThan(256 * 2 + 8);
    expect(pages).toBeLessThan(PAGES);
  });

  it('nothing but options', async () => {
    const options = Buffer.concat(
      Array.from({ length: 131_000 }, () => option(9, Buffer.alloc(0))),
    );
    const head = Buffer.concat([section(), card(options), emptyPacket]);
    const { frames, walks } = await effortOf(repeated(head, emptyPacket, 1));
    expect(frames).toBe(2);
    expect(walks).toBeLessThan(50);
  });
});

describe('link types without end', () => {
  it('sixty-five thousand of them are named in few words', async () => {
    const cards = Array.from({ length: 65_535 }, (_, i) => card(Buffer.alloc(0), i));
    const { summary } = await effortOf(
      repeated(Buffer.concat([section(), ...cards]), emptyPacket, 10),
    );
    expect(summary.packets).toBe(10);
    expect(summary.linkType.length).toBeLessThan(300);
    expect(summary.linkType).toMatch(/^null, ethernet, .* and \d+ more$/);
  });

  it('a filter is compiled for 512, and they are gone through once', () => {
    const memory = createMemory();
    const before = memory.buffer.byteLength;
    const admission = viewAt(memory, allocate(memory, ADMISSION_SIZE), ADMISSION_SIZE);
    const filter = createFrameFilter(memory, admission, 'less 100');
    let looks = 0;
    const every = new Set(Array.from({ length: 65_536 }, (_, i) => i));
    const counted = new Proxy(every, {
      get: (set, key) => {
        if (key === Symbol.iterator) looks++;
        const value: unknown = Reflect.get(set, key, set);
        return typeof value === 'function' ? (value.bind(set) as unknown) : value;
      },
    });
    for (let batch = 0; batch < 1000; batch++) filter.prepare(counted);
    expect(looks).toBe(1);
    expect(memory.buffer.byteLength - before).toBeLessThan(600 * 65_536);
  });
});

describe('compressed data', () => {
  it('zeros for records: two million frames in the memory of any capture', async () => {
    const file = gzipSync(Buffer.concat([encodePcap([]), Buffer.alloc(1 << 25)]), { level: 1 });
    const { frames, pages, copied } = await effortOf(decompressed(streamOf(file)));
    expect(frames).toBe(1 << 21);
    expect(copied).toBeLessThan(1 << 27);
    expect(pages).toBeLessThan(PAGES);
  });

  /** A frame with the largest window that is allowed. */
  const LARGEST = Buffer.from('28b52ffd0088', 'hex');
  const FACT = 'the zstd data comes in blocks that are too small for its window of 134217728 bytes';

  it('zstd blocks of a byte each, for each of which the decoder moves its window', async () => {
    const blocks = Array.from({ length: 5000 }, () => Buffer.from('08000041', 'hex'));
    const source = decompressed(streamOf(Buffer.concat([LARGEST, ...blocks])));
    expect((await readAll(source)).length).toBeLessThan(200);
    expect(source.damage()).toBe(FACT);
  });

  it('zstd frames of a byte each, for each of which the decoder makes a window', async () => {
    const frame = Buffer.concat([LARGEST, Buffer.from('09000041', 'hex')]);
    const source = decompressed(streamOf(Buffer.concat(Array.from({ length: 5000 }, () => frame))));
    expect((await readAll(source)).length).toBeLessThan(200);
    expect(source.damage()).toBe(FACT);
  });

  it('full blocks in such a window are what the window is for', async () => {
    const run = Buffer.from('02001041', 'hex');
    const end = Buffer.from('03001041', 'hex');
    const blocks = [...Array.from({ length: 99 }, () => run), end];
    const source = decompressed(streamOf(Buffer.concat([LARGEST, ...blocks])));
    expect((await readAll(source)).length).toBe(100 << 17);
    expect(source.damage()).toBeUndefined();
  });
});
