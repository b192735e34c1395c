import { PCAP_HEADER_SIZE, parsePcapHeader } from '../../src/capture/pcap-header.js';
import { RECORD_HEADER } from '../../src/kernel/layout.js';

interface RecordedFrame {
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
  /** On the wire. */
  readonly length: number;
}

/** The whole frames of a classic pcap file. Throws InputError when it is none. */
export function framesOf(file: Buffer): { frames: RecordedFrame[]; linkType: number } {
  const { swapped, nanoseconds, linkType, lengths } = parsePcapHeader(
    'file',
    file.subarray(0, PCAP_HEADER_SIZE),
  );
  const word = (at: number): number => (swapped ? file.readUInt32BE(at) : file.readUInt32LE(at));
  const frames: RecordedFrame[] = [];
  for (let at = PCAP_HEADER_SIZE; at + RECORD_HEADER <= file.length;) {
    const timeNs =
      BigInt(word(at)) * 1_000_000_000n + BigInt(word(at + 4)) * (nanoseconds ? 1n : 1000n);
    const [size, length] =
      lengths === 'swapped' ? [word(at + 12), word(at + 8)] : [word(at + 8), word(at + 12)];
    at += RECORD_HEADER;
    if (at + size > file.length) break;
    frames.push({ timeNs, bytes: file.subarray(at, at + size), length });
    at += size;
  }
  return { frames, linkType };
}
