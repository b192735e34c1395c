import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import { type Feed, type ParsedPacket, parse } from 'pcap-parser';
import { inputError } from '../model/diagnostic.js';
import type { ByteStream } from './byte-stream.js';
import { PCAP_HEADER_SIZE, type PcapHeader, parsePcapHeader } from './pcap-header.js';

/** Frame as the package pcap-parser reads it. */
export interface ParsedFrame {
  /** Since 1970. */
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
  /** Bytes on the wire. */
  readonly wire: number;
  readonly linkType: number;
}

/** What pcap-parser makes of a capture: a second opinion beside our own reader. */
export interface PcapParserReader {
  /** The frames of one piece of the file after the other. */
  readonly batches: AsyncGenerator<readonly ParsedFrame[], undefined>;
  /** Why the frames ended before the capture did. */
  stopped(): string | undefined;
}

/** More than that is no packet but damage: pcap-parser would gather bytes for it to the end of the file. */
const CAPTURED_MAX = 262_144;
const CHUNK_BYTES = 1 << 16;

/**
 * Reads classic pcap 2.4, in microseconds or nanoseconds. The parser is handed chunk by chunk what it expects of a
 * stream: on its own it knows no back-pressure, copies all it has at every chunk, and takes a cut capture for a whole
 * one. Iterating throws InputError when the capture is none that it reads.
 */
export function createPcapParserReader(
  name: string,
  source: ByteStream | Readable,
): PcapParserReader {
  let stopped: string | undefined;
  const feed: Feed = Object.assign(new EventEmitter(), { pause: ignored, resume: ignored });
  const parser = parse(feed);
  const packets: ParsedPacket[] = [];
  let inPacket = false;
  parser.on('error', (error) => (stopped ??= error.message));
  parser.on('packetHeader', ({ capturedLength }) => {
    inPacket = true;
    if (capturedLength > CAPTURED_MAX) {
      stopped ??= `the record claims more than ${CAPTURED_MAX} captured bytes; what follows cannot be found`;
    }
  });
  parser.on('packet', (packet) => {
    inPacket = false;
    if (stopped === undefined) packets.push(packet);
  });
  const batches = async function* (): AsyncGenerator<readonly ParsedFrame[], undefined> {
    let header: PcapHeader | undefined;
    let head = Buffer.alloc(0);
    for await (const chunk of chunksOf(source)) {
      let bytes = chunk;
      if (header === undefined) {
        head = Buffer.concat([head, chunk]);
        if (head.length < PCAP_HEADER_SIZE) continue;
        header = readableHeader(name, head);
        bytes = withMicroseconds(head, header);
      }
      const rest = parser.buffer;
      parser.buffer = null;
      feed.emit('data', rest === null ? bytes : Buffer.concat([rest, bytes]));
      const { nanoseconds, linkType } = header;
      yield packets.splice(0).map((packet) => frameOf(packet, nanoseconds, linkType));
      if (stopped !== undefined) return;
    }
    if (header === undefined) readableHeader(name, head);
    const left = (parser.buffer?.length ?? 0) + (inPacket ? RECORD_HEADER : 0);
    if (left > 0) stopped = `the record is cut off after ${left} bytes`;
  };
  return { batches: batches(), stopped: () => stopped };
}

const RECORD_HEADER = 16;

/** The parser may say when it wants bytes; it gets them when its reader wants frames. */
const ignored = (): void => undefined;

async function* chunksOf(source: ByteStream | Readable): AsyncGenerator<Buffer> {
  if (Symbol.asyncIterator in source) {
    for await (const chunk of source as AsyncIterable<Uint8Array>) yield Buffer.from(chunk);
    return;
  }
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const count = await source.read(chunk);
    if (count === 0) return;
    yield chunk.subarray(0, count);
  }
}

function readableHeader(name: string, head: Uint8Array): PcapHeader {
  const header = parsePcapHeader(name, head);
  if (header.lengths !== 'straight' || header.recordHeaderSize !== RECORD_HEADER) {
    const fact = 'pcap-parser reads neither modified pcap nor versions before 2.4';
    throw inputError('capture-format', name, fact, 'leave out `--reader pcap-parser`');
  }
  return header;
}

/** The parser knows microseconds only; it does not look at the fraction of a second, so that the magic number is enough. */
function withMicroseconds(head: Buffer, { swapped }: PcapHeader): Buffer {
  if (swapped) head.writeUInt32BE(MICROSECONDS);
  else head.writeUInt32LE(MICROSECONDS);
  return head;
}

const MICROSECONDS = 0xa1b2c3d4;

function frameOf(
  { header, data }: ParsedPacket,
  nanoseconds: boolean,
  linkType: number,
): ParsedFrame {
  const fraction = BigInt(header.timestampMicroseconds) * (nanoseconds ? 1n : 1000n);
  return {
    timeNs: BigInt(header.timestampSeconds) * 1_000_000_000n + fraction,
    bytes: data,
    wire: header.originalLength,
    linkType,
  };
}
