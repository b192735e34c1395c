import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdtempSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Traffic } from '../generate/traffic.js';
import { inputError } from '../model/diagnostic.js';

/** Bytes that are generated at a time. */
const BLOCK_BYTES = 1 << 22;

/** A new folder among temporary files. Throws InputError. */
export function createTrafficFolder(): string {
  const prefix = join(tmpdir(), 'sgsim-bench-');
  try {
    return mkdtempSync(prefix);
  } catch (error) {
    throw unwritable(prefix, error);
  }
}

/**
 * Writes all traffic to a file, down to the disk, which would be busy with it while the first rounds are measured; returns its
 * SHA-256. Throws InputError.
 */
export async function writeTraffic(traffic: Traffic, file: string): Promise<string> {
  const hash = createHash('sha256');
  const block = new Uint8Array(BLOCK_BYTES);
  const descriptor = writing(file, () => openSync(file, 'w'));
  try {
    for (let size = traffic.fill(block); size > 0; size = traffic.fill(block)) {
      hash.update(block.subarray(0, size));
      writing(file, () => {
        for (let at = 0; at < size;) at += writeSync(descriptor, block, at, size - at);
      });
      // Signals have their turn.
      await setImmediate();
    }
    writing(file, () => fsyncSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
  return hash.digest('hex');
}

function writing<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw unwritable(file, error);
  }
}

function unwritable(place: string, error: unknown): Error {
  const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  const fix = 'name a folder with room in TMPDIR, or ask for fewer --flows';
  return inputError('output-file', place, `cannot be written (${reason})`, fix);
}
