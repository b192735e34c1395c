import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { inputError } from '../model/diagnostic.js';
import type { Traffic } from '../generate/traffic.js';

/** Bytes that are generated at a time. */
const BLOCK_BYTES = 1 << 22;

/** Writes all traffic to a file, down to the disk, which would be busy later; returns its SHA-256. Throws InputError. */
export function writeTraffic(traffic: Traffic, file: string): string {
  const hash = createHash('sha256');
  const block = new Uint8Array(BLOCK_BYTES);
  try {
    const descriptor = openSync(file, 'w');
    try {
      for (let size = traffic.fill(block); size > 0; size = traffic.fill(block)) {
        hash.update(block.subarray(0, size));
        for (let at = 0; at < size;) at += writeSync(descriptor, block, at, size - at);
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const fix = 'name a folder with room in TMPDIR, or ask for fewer --packets';
    throw inputError('output-file', file, `cannot be written (${code})`, fix);
  }
  return hash.digest('hex');
}
