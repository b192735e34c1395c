import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs';
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
  if (name === '-') return fromDescriptor(name, STDIN, false);
  let descriptor: number;
  try {
    descriptor = openSync(name, 'r');
  } catch (error) {
    throw unreadable(name, error);
  }
  const stat = fstatSync(descriptor);
  if (stat.isDirectory()) {
    closeSync(descriptor);
    throw inputError('capture-file', name, 'is a folder', 'name a capture file');
  }
  if (!stat.isFile()) return fromDescriptor(name, descriptor, false);
  return { ...fromDescriptor(name, descriptor, true), size: stat.size };
}

function fromDescriptor(name: string, descriptor: number, regular: boolean): CaptureSource {
  return {
    name,
    read: (target) => {
      // A regular file never blocks for long; a pipe would stop everything else on this thread.
      if (!regular) return readPipe(name, descriptor, target);
      try {
        return Promise.resolve(readSync(descriptor, target));
      } catch (error) {
        return Promise.reject(unreadable(name, error));
      }
    },
    close: () => {
      if (descriptor !== STDIN) closeSync(descriptor);
    },
  };
}

function readPipe(name: string, descriptor: number, target: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, target, 0, target.length, null, (error, count) => {
      if (error === null) resolve(count);
      else if (error.code === 'EOF') resolve(0);
      else if (error.code === 'EAGAIN') {
setTimeout(() => void readPipe(name, descriptor, target).then(resolve, reject), 5);
      } else reject(unreadable(name, error));
    });
  });
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
