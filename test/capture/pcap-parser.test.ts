import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'pcap-parser';
import { describe, expect, it } from 'vitest';
import { PCAP_HEADER_SIZE, parsePcapHeader } from '../../src/capture/pcap-header.js';
import { RECORD_HEADER } from '../../src/kernel/layout.js';
import { createDecodeRoom, decodeFile } from '../engine/rows.js';

const CAPTURES = new URL('../../fixtures/captures/', import.meta.url);

/** pcap-parser knows microseconds only. */
const readable = readdirSync(CAPTURES)
  .filter((name) => name.endsWith('.pcap'))
  .filter((name) => !parsePcapHeader(name, readFileSync(new URL(name, CAPTURES))).nanoseconds);

describe('pcap-parser finds the frames that we find', () => {
  const room = createDecodeRoom(1 << 16);

  it.each(readable)('%s', async (name) => {
    const path = fileURLToPath(new URL(name, CAPTURES));
    const file = readFileSync(path);
    const theirs = await framesOf(path);
    const ours = decodeFile(room, file);
    expect(theirs.length).toBeGreaterThan(0);
    expect(ours.map(({ timeNs, length }) => ({ timeNs, length }))).toEqual(
      theirs.map(({ timeNs, length }) => ({ timeNs, length })),
    );
    // Rows do not keep captured lengths: that they fill the file shows that both read the same ones.
    const bytes = theirs.reduce((sum, { captured }) => sum + RECORD_HEADER + captured, 0);
    expect(PCAP_HEADER_SIZE + bytes).toBe(file.length);
  });

  it('reads both byte orders among them', () => {
    const orders = readable.map(
      (name) => parsePcapHeader(name, readFileSync(new URL(name, CAPTURES))).swapped,
    );
    expect(new Set(orders)).toEqual(new Set([true, false]));
  });
});

interface ParsedFrame {
  readonly timeNs: bigint;
  readonly length: number;
  readonly captured: number;
}

function framesOf(path: string): Promise<ParsedFrame[]> {
  const frames: ParsedFrame[] = [];
  return new Promise((resolve, reject) => {
    parse(path)
      .on('packet', ({ header, data }) => {
        const microseconds =
          BigInt(header.timestampSeconds) * 1_000_000n + BigInt(header.timestampMicroseconds);
        const timeNs = microseconds * 1000n;
        frames.push({ timeNs, length: header.originalLength, captured: data.length });
      })
      .on('error', reject)
      .on('end', () => resolve(frames));
  });
}
