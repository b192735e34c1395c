import { closeSync, createReadStream, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { inputError } from '../model/diagnostic.js';
import type { ByteStream } from './byte-stream.js';
import { type ExpansionBound, decompressed } from './compression.js';

/** Bytes of a capture, front to back, decompressed where it is compressed. */
export interface CaptureSource extends ByteStream {
  /** Interface that it was taken at, when the user tells. */
  readonly takenAt?: string;
  /** The same capture from its first byte on, where it can be had twice. */
  again?(): CaptureSource;
  /** Bytes of the file so far, compressed as it is: what progress is measured by. */
  bytesConsumed?(): number;
  /** What it is, where its bytes were made of something else than a capture. */
  formatText?(): string | undefined;
  /** What is wrong with the compressed data, once `read` gave 0: all bytes were read that could be had of it. */
  damage?(): string | undefined;
}

const STDIN = 0;

/**
 * Opens a file, or standard input for `-`. `FILE@eni-...` is a file that was captured at an interface, unless a file has
 * that very name. Throws InputError.
 */
export function openCapture(name: string, bound?: ExpansionBound): CaptureSource {
  const { file, takenAt } = parseCaptureName(name);
  const source = openFrom(file);
  const again = file === '-' || source.size === undefined ? undefined : () => openFrom(file);
  return {
    ...decompressed(source, again, bound),
    ...(takenAt === undefined ? {} : { takenAt }),
  };
}

/** Takes the interface off a name. */
export function parseCaptureName(name: string): {
  readonly file: string;
  readonly takenAt?: string;
} {
  const [, file, takenAt] = /^(.+)@(eni-[^@/]+)$/su.exec(name) ?? [];
  if (file === undefined || takenAt === undefined || existsSync(name)) return { file: name };
  return { file, takenAt };
}

function openFrom(name: string): ByteStream {
  const descriptor = name === '-' ? STDIN : openFile(name);
  const stat = fstatSync(descriptor);
  if (stat.isDirectory()) {
    closeSync(descriptor);
    throw inputError('capture-file', name, 'is a folder', 'name a capture file');
  }
  if (stat.isFile()) return fromFile(name, descriptor, stat.size);
  if (descriptor === STDIN) return fromStream(name, process.stdin);
  return stat.isFIFO()
    ? fromStream(name, new Socket({ fd: descriptor, readable: true, writable: false }))
    : fromStream(name, createReadStream(name, { fd: descriptor }));
}

function openFile(name: string): number {
  try {
    return openSync(name, 'r');
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** Without waiting, because a regular file never blocks for long. */
function fromFile(name: string, descriptor: number, size: number): ByteStream {
  let closed = false;
  let position = 0;
  const plain = {
    descriptor,
    position: () => position,
    seek: (to: number): void => void (position = to),
  };
  return {
    name,
    size,
    // Standard input goes on from where whoever opened it left off.
    plainFile: () => (descriptor === STDIN ? undefined : plain),
    read: (target) => {
      // The number may be another file's by now, and inflating beside the caller may read on for a while.
      if (closed) return Promise.resolve(0);
      try {
        const from = descriptor === STDIN ? null : position;
        const count = readSync(descriptor, target, 0, target.length, from);
        position += count;
        return Promise.resolve(count);
      } catch (error) {
        return Promise.reject(unreadable(name, error));
      }
    },
    close: () => {
      if (!closed) closeSync(descriptor);
      closed = true;
    },
  };
}

/** A pipe may be silent for hours. A read of node:fs would hold up the end of the program until it speaks again. */
function fromStream(name: string, stream: Readable): ByteStream {
  const chunks = stream.iterator() as NodeJS.AsyncIterator<Uint8Array>;
  let rest = new Uint8Array(0);
  return {
    name,
    read: async (target) => {
      while (rest.length === 0) {
        const next = await chunks.next().catch((error: unknown) => {
          throw unreadable(name, error);
        });
        if (next.done === true) return 0;
        rest = new Uint8Array(next.value);
      }
      const count = Math.min(rest.length, target.length);
      target.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
    close: () => void stream.destroy(),
  };
}

function unreadable(name: string, error: unknown): Error {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  const fact = code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`;
  return inputError(
    'capture-file',
    name,
    fact,
    'name a readable capture file, or - for standard input',
  );
}
