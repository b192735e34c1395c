import { describe, expect, it } from 'vitest';
import { createPacketWriter } from '../../src/capture/packet-writer.js';
import { parsePcapHeader } from '../../src/capture/pcap-header.js';
import { writePcapHeader, writePcapRecord } from '../../src/capture/pcap-writer.js';
import { parseInterface, parseSectionHeader } from '../../src/capture/pcapng-section.js';
import {
  writeInterface,
  writePacket,
  writeSectionHeader,
} from '../../src/capture/pcapng-writer.js';
import { compressible } from './streams.js';
import { readWithTshark, tsharkAbsent } from './tshark.js';

const noise = compressible(70_000, 11);
const START = 1_700_000_000_123_456_789n;

interface Sample {
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
  readonly wire: number;
  readonly interfaceId: number;
  readonly comment?: string;
}

/** Of all lengths around the padding, and one larger than a chunk of the small writer below. */
const samples: readonly Sample[] = [14, 15, 16, 17, 60, 61, 1500, 65_535].map((size, i) => ({
  timeNs: START + BigInt(i) * 1_000_000_001n,
  bytes: noise.subarray(i * 10, i * 10 + size),
  wire: size + i,
  interfaceId: i % 2,
  ...(i % 3 === 0 ? {} : { comment: `dropped: no-rule, frame ${i} — “${'x'.repeat(i)}”` }),
}));

function written(
  chunkBytes: number,
  write: (writer: ReturnType<typeof createPacketWriter>) => void,
): {
  file: Buffer;
  chunks: number[];
} {
  const chunks: Uint8Array[] = [];
  const writer = createPacketWriter((chunk) => chunks.push(chunk), chunkBytes);
  write(writer);
  writer.flush();
  writer.flush();
  return { file: Buffer.concat(chunks), chunks: chunks.map(({ length }) => length) };
}

const pcapng = (chunkBytes = 1 << 20, packets = samples): ReturnType<typeof written> =>
  written(chunkBytes, (writer) => {
    writeSectionHeader(writer, 'sgsim');
    writeInterface(writer, {
      name: 'eni-a egress',
      description: 'web',
      linkType: 1,
      snapLength: 0,
    });
    writeInterface(writer, { name: 'eni-b ingress', linkType: 101, snapLength: 262_144 });
    for (const packet of packets) writePacket(writer, packet);
  });

const pcap = (chunkBytes = 1 << 20, packets = samples): ReturnType<typeof written> =>
  written(chunkBytes, (writer) => {
    writePcapHeader(writer, { linkType: 1, snapLength: 262_144 });
    for (const packet of packets) writePcapRecord(writer, packet);
  });

describe('chunks', () => {
  it.each([64, 1000, 1 << 20])('of %i bytes make the same file', (chunkBytes) => {
    expect(pcapng(chunkBytes).file.equals(pcapng().file)).toBe(true);
    expect(pcap(chunkBytes).file.equals(pcap().file)).toBe(true);
  });

  it('are as large as they may be, whatever a packet needs', () => {
    const { file, chunks } = pcap(
      1 << 12,
      Array.from({ length: 1000 }, () => samples[4]!),
    );
    expect(Math.max(...chunks)).toBeLessThanOrEqual(1 << 12);
    expect(chunks).toHaveLength(Math.ceil(file.length / (Math.floor((1 << 12) / 76) * 76)));
  });
});

describe('our own readers', () => {
  it('find the section and its interfaces', () => {
    const { file } = pcapng();
    const blockAt = (at: number): Uint8Array => file.subarray(at, at + file.readUInt32LE(at + 4));
    const section = blockAt(0);
    const first = blockAt(section.length);
    const second = blockAt(section.length + first.length);
    const nanoseconds = { resolution: { base: 10, exponent: 9 }, offsetSeconds: 0n };
    expect(parseSectionHeader(section)).toEqual({ swapped: false });
    expect(parseInterface(first, false)).toEqual({
      ...nanoseconds,
      linkType: 1,
      snapLength: 0,
      name: 'eni-a egress',
    });
    expect(parseInterface(second, false)).toEqual({
      ...nanoseconds,
      linkType: 101,
      snapLength: 262_144,
      name: 'eni-b ingress',
    });
  });

  it('find the header of a classic file', () =>
    expect(parsePcapHeader('x', pcap().file)).toEqual({
      swapped: false,
      nanoseconds: true,
      linkType: 1,
      recordHeaderSize: 16,
      lengths: 'straight',
    }));
});

const time = (timeNs: bigint): string =>
  `${timeNs / 1_000_000_000n}.${String(timeNs % 1_000_000_000n).padStart(9, '0')}`;

describe.skipIf(tsharkAbsent)('tshark reads what was written', () => {
  const FIELDS = ['frame.time_epoch', 'frame.len', 'frame.cap_len'];

  it('pcapng, with interfaces and comments', () => {
    const names = ['eni-a egress', 'eni-b ingress'];
    const fields = [
      ...FIELDS,
      'frame.interface_name',
      'frame.interface_description',
      'frame.comment',
    ];
    expect(readWithTshark(pcapng().file, fields)).toEqual({
      complaint: '',
      frames: samples.map(({ timeNs, wire, bytes, interfaceId, comment }) => [
        time(timeNs),
        String(wire),
        String(bytes.length),
        names[interfaceId],
        interfaceId === 0 ? 'web' : '',
        comment ?? '',
      ]),
    });
  });

  it('classic pcap in nanoseconds', () =>
    expect(readWithTshark(pcap().file, FIELDS)).toEqual({
      complaint: '',
      frames: samples.map(({ timeNs, wire, bytes }) => [
        time(timeNs),
        String(wire),
        String(bytes.length),
      ]),
    }));

  it('byte for byte', () => {
    // Of a link type for private use, so that a frame is one field of data.
    const { file } = written(1 << 20, (writer) => {
      writeSectionHeader(writer, 'sgsim');
      writeInterface(writer, { name: 'any', linkType: 147, snapLength: 0 });
      for (const packet of samples) writePacket(writer, { ...packet, interfaceId: 0 });
    });
    const { frames } = readWithTshark(file, ['data.data']);
    expect(frames.map(([data]) => data!.replaceAll(':', ''))).toEqual(
      samples.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
    );
  });

  it('times that a format cannot hold are the first or last that it can', () => {
    const at = [-1n, -START, 0n, 1n << 63n, (1n << 63n) - 1n, 1n << 80n].map((timeNs) => ({
      ...samples[0]!,
      timeNs,
    }));
    const timesOf = (file: Uint8Array): unknown =>
      readWithTshark(file, ['frame.time_epoch']).frames;
    const zero = ['0.000000000'];
    const last = ['9223372036.854775807'];
    expect(timesOf(pcapng(1 << 20, at).file)).toEqual([zero, zero, zero, last, last, last]);
    const lastOf32 = ['4294967295.999999999'];
    expect(timesOf(pcap(1 << 20, at).file)).toEqual([
      zero,
      zero,
      zero,
      lastOf32,
      lastOf32,
      lastOf32,
    ]);
  });

  it('a comment that is too long is cut between characters', () => {
    const comment = `x${'ä'.repeat(40_000)}`;
    const { file } = pcapng(1 << 20, [{ ...samples[0]!, comment }]);
    const { frames, complaint } = readWithTshark(file, ['frame.comment']);
    expect(complaint).toBe('');
    expect(frames[0]![0]).toBe(`x${'ä'.repeat(32_767)}`);
  });
});
