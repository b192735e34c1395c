import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { captureFormat, sniff } from '../../src/capture/format.js';
import { parsePcapHeader } from '../../src/capture/pcap-header.js';
import { parseInterface, parseSectionHeader } from '../../src/capture/pcapng-section.js';
import { decompressed } from '../../src/capture/compression.js';
import { InputError } from '../../src/model/diagnostic.js';
import { corpusAbsent, readCapture } from '../kernel/truth.js';
import { mulberry32 } from '../mulberry32.js';
import { readAll, streamOf } from './streams.js';

if (corpusAbsent) console.warn('../shared is absent: heads of foreign captures are not mutated');

const FOLDER = new URL('../../../shared/corpus/captures/', import.meta.url);
const names = corpusAbsent ? [] : readdirSync(FOLDER).filter((name) => name !== 'MANIFEST.tsv');
const HEAD = 4096;

/** Runs what looks at the beginning of a file; whatever else than InputError it throws is a bug. */
function look(head: Uint8Array): void {
  let format: string;
  try {
    format = captureFormat('x', head);
    if (format === 'pcap') parsePcapHeader('x', head);
  } catch (error) {
    if (error instanceof InputError) return;
    throw error;
  }
  if (format !== 'pcapng') return;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let swapped = false;
  for (let at = 0, blocks = 0; at + 12 <= head.length && blocks < 100; blocks++) {
    const size = view.getUint32(at + 4, !swapped);
    const block = head.subarray(at, at + Math.ceil(size / 4) * 4);
    // Every block is shown to both, as one that a mutation turned into the other would be.
    const section = parseSectionHeader(block);
    const card = parseInterface(block, swapped);
    if ('swapped' in section) swapped = section.swapped;
    if ('linkType' in card) expect(card.resolution.exponent).toBeLessThan(128);
    if (size < 12) return;
    at += block.length;
  }
}

describe.skipIf(corpusAbsent).each(names)('%s', (name) => {
  const head = Buffer.from(readCapture(name).subarray(0, HEAD));

  it('cut at every length', () => {
    for (let size = 0; size <= head.length; size++) look(head.subarray(0, size));
  });

  it('with flipped bits and planted words', () => {
    const random = mulberry32(names.indexOf(name));
    const pick = (below: number): number => Math.floor(random() * below);
    for (let round = 0; round < 300; round++) {
      const wrong = Buffer.from(head);
      for (let i = 0; i <= pick(4); i++) {
        const at = pick(Math.min(wrong.length - 4, 200));
        if (random() < 0.5) wrong[at]! ^= 1 << pick(8);
        else wrong.writeUInt32LE([0, 1, 0x7fffffff, 0xffffffff, 13][pick(5)]!, at);
      }
      look(wrong);
    }
  });
});

describe.skipIf(corpusAbsent)('compressed captures of others', () => {
  const compressed = names.filter((name) => name.endsWith('.gz'));

  it.each(compressed)(
    '%s, cut and flipped: an InputError, or what is sound of it',
    async (name) => {
      const file = readFileSync(new URL(name, FOLDER)).subarray(0, 20_000);
      const whole = readCapture(name);
      const random = mulberry32(5);
      for (let round = 0; round < 60; round++) {
        const wrong = Buffer.from(file.subarray(0, 1 + Math.floor(random() * file.length)));
        const flip = Math.floor(random() * wrong.length);
        if (round % 2 === 0) wrong[flip]! ^= 1 << Math.floor(random() * 8);
        const source = decompressed(streamOf(wrong));
        try {
          await sniff(source);
          await readAll(source);
          if (round % 2 === 1) expect(source.damage()).toBe('the gzip data ends in the middle');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
        source.close();
      }
      expect(whole.length).toBeGreaterThan(file.length);
    },
  );
});
