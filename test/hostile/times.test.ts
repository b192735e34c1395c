import { expect, it } from 'vitest';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import type { DecodedFrame } from '../../src/model/decoded-frame.js';
import { decodeCaptures } from '../../src/replay/decode.js';
import { blocksIn } from '../capture/pcapng-blocks.js';
import { inMemory } from '../replay/in-memory.js';
import { createCoverage } from './coverage.js';
import { hostileVpc } from './hostile-vpc.js';
import { createBench } from './trial.js';

const { section, card, packet, option } = blocksIn('little');

const LAST = 2n ** 64n - 1n;
const TICKS = [0n, 1n, LAST / 2n, LAST];
const OFFSETS = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 4_000_000_001n];

const seconds = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
};

/** Frames of one resolution (if_tsresol) and every offset (if_tsoffset), at every number of ticks. */
const captureOf = (resolution: number): Buffer =>
  Buffer.concat(
    OFFSETS.flatMap((offset) => [
      section(),
      card(Buffer.concat([option(9, Buffer.from([resolution])), option(14, seconds(offset))])),
      ...TICKS.map((ticks) => packet(ticks, Buffer.alloc(60))),
    ]),
  );

it('every resolution, offset and number of ticks is a time within 64 bits, with room for idle limits', async () => {
  const bench = createBench(createCoverage());
  const judge = { timeline: hostileVpc(), tracking: DEFAULT_TRACKING };
  const decoding = { decap: [], networks: [], checksums: false };
  for (let resolution = 0; resolution < 256; resolution++) {
    const capture = captureOf(resolution);
    const frames: DecodedFrame[] = [];
    await decodeCaptures([inMemory(capture)], {
      onFrames: (batch) => void frames.push(...batch),
    });
    expect(frames).toHaveLength(OFFSETS.length * TICKS.length);
    for (const { timeNs } of frames) {
      // 2^62 and four billion seconds: a year and more are left below 2^63.
      expect(timeNs! <= 2n ** 62n + 4_000_000_000_000_000_000n).toBe(true);
      expect(timeNs! >= -4_000_000_000_000_000_000n).toBe(true);
    }
    const manner = { chunkBytes: 4096, piece: 100 };
    const inputs = [Uint8Array.from(capture)];
    const reading = await bench.run({ inputs, decoding, judge }, [
      manner,
      { ...manner, chunkBytes: 131_072 },
    ]);
    expect(reading.frames).toBe(frames.length);
  }
});
