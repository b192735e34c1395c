import { CAPTURED_MAX, RECORD_HEADER } from '../kernel/layout.js';
import { PCAP_HEADER_SIZE, type PcapHeader, parsePcapHeader } from '../capture/pcap-header.js';
import { type CaptureSource, readFully } from '../capture/source.js';

/** The record that comes next. Its frame stands in the stream's buffer from `start + RECORD_HEADER` on. */
interface Head {
  seconds: number;
  nanoseconds: number;
  captured: number;
  wire: number;
}

/** A capture read record by record, for those that must look at several at once. */
export interface RecordStream {
  readonly source: CaptureSource;
  readonly header: PcapHeader;
  buffer: Uint8Array;
  view: DataView;
  /** Unread bytes of the buffer. */
  start: number;
  end: number;
  ended: boolean;
  /** Undefined at the end, and where the capture is damaged. */
  head: Head | undefined;
  /** Records that were passed. */
  packets: number;
  /** Bytes of the file that were passed. */
  passed: number;
  /** Why nothing comes after the last record, when the file does not just end there. */
  damage: string | undefined;
}

/** A full buffer takes the largest record that is believed. */
const BUFFER_MIN = 1 << 16;
const BUFFER_MAX = CAPTURED_MAX + RECORD_HEADER + BUFFER_MIN;

/** Reads the file header and the first record. Throws InputError when the source is no capture. */
export async function openRecords(source: CaptureSource): Promise<RecordStream> {
  const bytes = new Uint8Array(PCAP_HEADER_SIZE);
  const size = await readFully(source, bytes);
  const header = parsePcapHeader(source.name, bytes.subarray(0, size));
  const buffer = new Uint8Array(BUFFER_MIN);
  const stream: RecordStream = {
    source,
    header,
    buffer,
    view: new DataView(buffer.buffer),
    start: 0,
    end: 0,
    ended: false,
    head: undefined,
    packets: 0,
    passed: size,
    damage: undefined,
  };
  if (!findHead(stream)) await fetchHead(stream);
  return stream;
}

/** Passes the head; false when the next record must be fetched first, by `fetchHead`. */
export function passHead(stream: RecordStream): boolean {
  const size = RECORD_HEADER + stream.head!.captured;
  stream.start += size;
  stream.passed += size;
  stream.packets++;
  return findHead(stream);
}

/** Reads on until the next record is whole, or nothing comes any more. Throws InputError. */
export async function fetchHead(stream: RecordStream): Promise<void> {
  do {
    if (stream.end === stream.buffer.length) makeRoom(stream);
    const count = await stream.source.read(stream.buffer.subarray(stream.end));
    stream.ended = count === 0;
    stream.end += count;
  } while (!findHead(stream));
}

/** Moves what is unread to the front, and takes a larger buffer where that is not enough. */
function makeRoom(stream: RecordStream): void {
  const unread = stream.buffer.subarray(stream.start, stream.end);
  if (unread.length > stream.buffer.length / 2) {
    stream.buffer = new Uint8Array(Math.min(BUFFER_MAX, stream.buffer.length * 2));
    stream.view = new DataView(stream.buffer.buffer);
    stream.buffer.set(unread);
  } else {
    stream.buffer.copyWithin(0, stream.start, stream.end);
  }
  stream.start = 0;
  stream.end = unread.length;
}

/** Looks whether the next record is whole, or will never be; false when more bytes must tell. */
function findHead(stream: RecordStream): boolean {
  const { view, start, end, ended, header } = stream;
  stream.head = undefined;
  const unread = end - start;
  if (unread >= RECORD_HEADER) {
    const captured = view.getUint32(start + 8, !header.swapped);
    if (captured > CAPTURED_MAX) {
      stream.damage = overlongRecord();
      return true;
    }
    if (unread >= RECORD_HEADER + captured) {
      stream.head = headAt(stream, captured);
      return true;
    }
  }
  if (ended && unread > 0) stream.damage = cutRecord(unread);
  return ended;
}

const LAST_SECOND = 0xffff_ffff;

/** A fraction of a second may be more than one (a broken recorder's), and then counts as what it is. */
function headAt({ view, start, header }: RecordStream, captured: number): Head {
  const little = !header.swapped;
  const fraction = view.getUint32(start + 4, little) * (header.nanoseconds ? 1 : 1000);
  return {
    seconds: Math.min(
      LAST_SECOND,
      view.getUint32(start, little) + Math.floor(fraction / 1_000_000_000),
    ),
    nanoseconds: fraction % 1_000_000_000,
    captured,
    wire: view.getUint32(start + 12, little),
  };
}

/** What a reader says about a record that cannot be believed ... */
export const overlongRecord = (): string =>
  `the record claims more than ${CAPTURED_MAX} captured bytes; what follows cannot be found`;

/** ... and about one whose end is missing. */
export const cutRecord = (bytes: number): string => `the record is cut off after ${bytes} bytes`;
