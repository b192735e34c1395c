import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { DecodedFrame } from '../../src/model/decoded-frame.js';
import { decodeCaptures } from '../../src/replay/decode.js';
import { inMemory } from '../replay/in-memory.js';
import { createCoverage } from './coverage.js';
import type { Manner, Reading } from './reading.js';
import { createBench } from './trial.js';

// What mutations found, each once: see fixtures/README.md.

const fixture = (name: string): Uint8Array =>
  Uint8Array.from(readFileSync(new URL(`../../fixtures/hostile/${name}`, import.meta.url)));

const bench = createBench(createCoverage());
const decoding = { decap: [], networks: [], checksums: false };

const MANNERS: readonly Manner[] = [64, 1000, 131_072].flatMap((chunkBytes) =>
  [1, 7, 100, Infinity].map((piece) => ({ chunkBytes, piece })),
);

/** In every manner the same, whichever kernel. */
async function readingOf(name: string, filter?: string): Promise<Reading> {
  const plan = { inputs: [fixture(name)], decoding, ...(filter === undefined ? {} : { filter }) };
  const readings = [];
  for (const manner of MANNERS) readings.push(await bench.run(plan, [manner, MANNERS[0]!]));
  expect(new Set(readings.map((reading) => JSON.stringify(reading))).size).toBe(1);
  return readings[0]!;
}

it('a block that is passed over is held to its second length too', async () => {
  const { frames, summaries } = await readingOf('skipped-block-ends.pcapng');
  expect(frames).toBe(0);
  expect(summaries).toContain('the block tells two different lengths');
});

it('what follows the zeros behind a gzip member is no padding', async () => {
  const { error } = await readingOf('gzip-zeros-and-more.bin');
  expect(error).toContain('error[capture-compression] memory: bytes that are no gzip data follow');
});

it('the first link type that a filter cannot be asked of is the one that is told', async () => {
  const { error } = await readingOf('two-link-types.pcapng', 'mpls');
  expect(error).toContain('MPLS labels are not asked of null frames');
});

it('a frame of 4 GB of which 30 bytes were captured is cut, wherever in memory it lies', async () => {
  const frames: DecodedFrame[] = [];
  await decodeCaptures([inMemory(fixture('wire-of-4-gb.pcap'))], {
    onFrames: (batch) => void frames.push(...batch),
  });
  expect(frames.map(({ unjudged, wire }) => [unjudged, wire])).toEqual([['cut', 0xffffffff]]);
  expect((await readingOf('wire-of-4-gb.pcap')).frames).toBe(1);
});
