import { createWriteStream, renameSync, rmSync, type WriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { inputError } from '../model/diagnostic.js';

/** A file that is there only when it is whole, or standard output. */
export interface Output {
  /** Settles when there is room for more. */
  write(text: string): Promise<void>;
  /** Ends it; a file gets its name now. */
  finish(): Promise<void>;
  /** Leaves nothing behind; safe at any time. */
  discard(): void;
}

/** Opens `name` for writing, `-` for standard output. */
export function openOutput(name: string): Output {
  if (name === '-') {
    return { write: (text) => writeTo(process.stdout, text), finish: noWait, discard: () => {} };
  }
  const partial = `${name}.${process.pid}.partial`;
  const stream = createWriteStream(partial);
  let failure: Error | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failure = inputError(
      'output-file',
      name,
      `cannot be written (${error.code ?? error.message})`,
      'name a file in a folder that you may write to',
    );
  });
  const check = (): void => {
    if (failure !== undefined) throw failure;
  };
  return {
    write: async (text) => {
      check();
      await writeTo(stream, text);
      check();
    },
    finish: async () => {
      await close(stream);
      check();
      renameSync(partial, name);
    },
    discard: () => {
      stream.destroy();
      rmSync(partial, { force: true });
    },
  };
}

/** Writes all of a text, at the reader's pace. */
export async function writeTo(stream: Writable, text: string): Promise<void> {
  if (text === '' || stream.destroyed || stream.write(text)) return;
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
