import { closeSync, createReadStream, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { inputError } from '../model/diagnostic.js';

/** Bytes of a capture, front to back. */
export interface CaptureSource {
  /** As the user named it. */
  readonly name: string;
  /** Interface that it was taken at, when the user tells. */
  readonly takenAt?: string;
  /** Size in bytes, when it is known beforehand. */
  readonly size?: number;
  /** Fills some of `target` and returns how many bytes; 0 at the end. Throws InputError. */
  read(target: Uint8Array): Promise<number>;
  /** Why reading ended before the capture did, when bytes that came could not be made sense of. */
  damage?(): string | undefined;
  close(): void;
}

const STDIN = 0;

/**
 * Opens a file, or standard input for `-`. `FILE@eni-...` is a file that was captured at an interface, unless a file has
 * that very name. Throws InputError.
 */
export function openCapture(name: string): CaptureSource {
  const [, file, takenAt] = /^(.+)@(eni-[^@/]+)$/su.exec(name) ?? [];
  if (file === undefined || takenAt === undefined || existsSync(name)) return openFrom(name);
  return { ...openFrom(file), takenAt };
}

function openFrom(name: string): CaptureSource {
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
function fromFile(name: string, descriptor: number, size: number): CaptureSource {
  return {
    name,
    size,
    read: (target) => {
      try {
        return Promise.resolve(readSync(descriptor, target));
      } catch (error) {
        return Promise.reject(unreadable(name, error));
      }
    },
    close: () => closeSync(descriptor),
  };
}

/** A pipe may be silent for hours. A read of node:fs would hold up the end of the program until it speaks again. */
function fromStream(name: string, stream: Readable): CaptureSource {
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

/** Fills `target` as far as the source reaches; returns how many bytes. Throws InputError. */
export async function readFully(source: CaptureSource, target: Uint8Array): Promise<number> {
  let size = 0;
  while (size < target.length) {
    const count = await source.read(target.subarray(size));
    if (count === 0) break;
    size += count;
  }
  return size;
}
