import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { inputError } from '../model/diagnostic.js';

/** Bytes of a capture, front to back. */
export interface CaptureSource {
  /** As the user named it. */
  readonly name: string;
  /** Size in bytes, when it is known beforehand. */
  readonly size?: number;
  /** Fills some of `target` and returns how many bytes; 0 at the end. Throws InputError. */
  read(target: Uint8Array): Promise<number>;
  close(): void;
}

const STDIN = 0;

/** Opens a file, or standard input for `-`. Throws InputError. */
export function openCapture(name: string): CaptureSource {
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
