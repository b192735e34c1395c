import type { CaptureSource } from '../capture/source.js';
import type { KernelExports } from '../engine/kernel-module.js';
import { type CaptureReader, createCaptureReader } from './capture-reader.js';
import { type OpenFrames, openFrames } from './frame-stream.js';
import { createMergeReader } from './merge-reader.js';

/** What takes captures apart: the kernel, or the package pcap-parser. */
export type ReaderName = 'kernel' | 'pcap-parser';

const OPEN: Readonly<Record<ReaderName, OpenFrames>> = {
  kernel: openFrames,
  'pcap-parser': async (source, capture) =>
    (await import('./parser-stream.js')).openParserFrames(source, capture),
};

/**
 * Reads the beginning of one capture or of several; `networkCount` more in the table of captures stand for mirrored networks. Throws InputError when one of them is none.
 */
export function openReader(
  sources: readonly CaptureSource[],
  kernel: KernelExports,
  memory: WebAssembly.Memory,
  chunkBytes: number,
  reader: ReaderName = 'kernel',
  networkCount = 0,
): Promise<CaptureReader> {
  const [only] = sources;
  return only !== undefined && sources.length === 1
    ? createCaptureReader(only, kernel, memory, chunkBytes, OPEN[reader], networkCount)
    : createMergeReader(sources, kernel, memory, chunkBytes, OPEN[reader], networkCount);
}
