import type { CaptureSource } from '../capture/source.js';
import type { KernelExports } from '../engine/kernel-module.js';
import { type CaptureReader, createCaptureReader } from './capture-reader.js';
import { createMergeReader } from './merge-reader.js';

/** Reads the beginning of one capture or of several. Throws InputError when one of them is none. */
export function openReader(
  sources: readonly CaptureSource[],
  kernel: KernelExports,
  memory: WebAssembly.Memory,
  chunkBytes: number,
): Promise<CaptureReader> {
  const [only] = sources;
  return only !== undefined && sources.length === 1
    ? createCaptureReader(only, kernel, memory, chunkBytes)
    : createMergeReader(sources, kernel, memory, chunkBytes);
}
