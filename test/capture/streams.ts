import type { ByteStream } from '../../src/capture/byte-stream.js';
import { mulberry32 } from '../mulberry32.js';

/** Bytes as a pipe that hands out at most `pieceBytes` at a time. */
export function streamOf(bytes: Uint8Array, pieceBytes = Infinity): ByteStream {
  let at = 0;
  return {
    name: 'test.pcap',
    read: (target) => {
      const piece = bytes.subarray(at, at + Math.min(target.length, pieceBytes));
      target.set(piece);
      at += piece.length;
      return Promise.resolve(piece.length);
    },
    close: () => undefined,
  };
}

/** All bytes that come; what ended them otherwise is thrown. */
export async function readAll(
  source: Pick<ByteStream, 'read'>,
  pieceBytes = 50_000,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const target = new Uint8Array(pieceBytes);
    const count = await source.read(target);
    if (count === 0) return Buffer.concat(pieces);
    pieces.push(target.subarray(0, count));
  }
}

/** Bytes that compress as captures do: runs, repetitions and noise. */
export function compressible(size: number, seed: number): Buffer {
  const random = mulberry32(seed);
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size;) {
    const kind = random();
    const length = Math.min(size - at, 1 + Math.floor(random() * 200));
    if (kind < 0.3) bytes.fill(Math.floor(random() * 256), at, at + length);
    else if (kind < 0.7 && at > length)
      bytes.copy(bytes, at, Math.floor(random() * (at - length)), at - 1);
    else for (let i = at; i < at + length; i++) bytes[i] = Math.floor(random() * 256);
    at += length;
  }
  return bytes;
}
