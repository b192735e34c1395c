import {
  createWriteStream,
  openSync,
  renameSync,
  rmSync,
  statSync,
  type WriteStream,
} from 'node:fs';
import type { Writable } from 'node:stream';
import { inputError } from '../model/diagnostic.js';

/** A file that is there only when it is whole, or standard output. */
export interface Output {
  /** Settles when there is room for more. */
  write(data: string | Uint8Array): Promise<void>;
  /** Ends it; a file gets its name now. */
  finish(): Promise<void>;
  /** Leaves nothing behind; safe at any time. */
  discard(): void;
}

/** Opens `name` for writing, `-` for standard output. Throws InputError. */
export function openOutput(name: string): Output {
  if (name === '-') {
    return { write: (data) => writeTo(process.stdout, data), finish: noWait, discard: () => {} };
  }
  let failure: Error | undefined;
  const orFail = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw unwritable(name, error);
    }
  };
  // A pipe or device is written as it is: a file of its name would take its place.
  const special = orFail(() => statSync(name, { throwIfNoEntry: false })?.isFile() === false);
  const path = special ? name : `${name}.${process.pid}.partial`;
  const descriptor = orFail(() => openSync(path, 'w'));
  const stream = createWriteStream(path, { fd: descriptor });
  stream.on('error', (error) => {
    failure = unwritable(name, error);
  });
  const check = (): void => {
    if (failure !== undefined) throw failure;
  };
  return {
    write: async (data) => {
      check();
      await writeTo(stream, data);
      check();
    },
    finish: async () => {
      await close(stream);
      check();
      if (!special) orFail(() => renameSync(path, name));
    },
    discard: () => {
      stream.destroy();
      if (!special) rmSync(path, { force: true });
    },
  };
}

function unwritable(name: string, error: unknown): Error {
  const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return inputError(
    'output-file',
    name,
    `cannot be written (${reason})`,
    'name a file in a folder that you may write to',
  );
}

/** Lines are gathered before they are written: a call each would cost more than judging. */
const BLOCK = 1 << 16;

/** Writes a line for each item, at the reader's pace. */
export async function writeLines<T>(
  write: (text: string) => Promise<void>,
  items: Iterable<T>,
  lineOf: (item: T) => string,
): Promise<void> {
  let block = '';
  for (const item of items) {
    block += `${lineOf(item)}\n`;
    if (block.length >= BLOCK) {
      await write(block);
      block = '';
    }
  }
  await write(block);
}

/** Writes all of a text or of bytes, at the reader's pace. */
export async function writeTo(stream: Writable, data: string | Uint8Array): Promise<void> {
  if (data.length === 0 || stream.destroyed || stream.write(data)) return;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      stream.off('drain', settle).off('error', settle).off('close', settle);
      resolve();
    };
    stream.on('drain', settle).on('error', settle).on('close', settle);
  });
}

function close(stream: WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else stream.on('error', () => resolve()).end(() => resolve());
  });
}

const noWait = (): Promise<void> => Promise.resolve();
