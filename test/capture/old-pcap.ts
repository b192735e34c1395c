import { encodePcap } from '../../src/generate/pcap.js';

type Frames = Parameters<typeof encodePcap>[0];
type Options = NonNullable<Parameters<typeof encodePcap>[1]>;

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const MODIFIED = 0xa1b2cd34;

/** A capture as A. Kuznetzov's tcpdump wrote it: interface, protocol and packet type behind the lengths. */
export function encodeModified(frames: Frames, options: Options = {}): Uint8Array {
  const little = options.bigEndian !== true;
  const file = encodePcap(frames, options);
  new DataView(file.buffer).setUint32(0, MODIFIED, little);
  const more = new DataView(new ArrayBuffer(8));
  more.setUint32(0, 2, little);
  more.setUint16(4, 0x0800, little);
  const parts: Uint8Array[] = [file.subarray(0, FILE_HEADER)];
  for (const { header, bytes } of recordsOf(file, little)) {
    parts.push(header, new Uint8Array(more.buffer), bytes);
  }
  return Buffer.concat(parts);
}

/** A capture of version 2.`minor`; those before 2.3 give the length on the wire first. */
export function encodeVersion(minor: number, frames: Frames, options: Options = {}): Uint8Array {
  const little = options.bigEndian !== true;
  const file = encodePcap(frames, options);
  new DataView(file.buffer).setUint16(6, minor, little);
  if (minor > 2) return file;
  for (const { header } of recordsOf(file, little)) {
    const lengths = header.subarray(8);
    lengths.set([...lengths.subarray(4), ...lengths.subarray(0, 4)]);
  }
  return file;
}

function* recordsOf(
  file: Uint8Array,
  little: boolean,
): Generator<{ readonly header: Uint8Array; readonly bytes: Uint8Array }> {
  const view = new DataView(file.buffer);
  for (let at = FILE_HEADER; at < file.length;) {
    const captured = view.getUint32(at + 8, little);
    const from = at + RECORD_HEADER;
    yield { header: file.subarray(at, from), bytes: file.subarray(from, from + captured) };
    at = from + captured;
  }
}
