import type { CaptureSource } from '../../src/capture/source.js';
import { compileKernel, instantiateKernel } from '../../src/engine/kernel-module.js';
import { createMemory } from '../../src/engine/memory.js';
import type { CaptureSummary } from '../../src/model/outcome.js';
import { openReader } from '../../src/replay/open-reader.js';
import { allocateSlot, batchExtent, open } from '../../src/replay/slot.js';
import { type DecodedRow, readRows } from '../engine/rows.js';

export interface ReadCapture {
  readonly rows: readonly DecodedRow[];
  readonly summary: CaptureSummary;
}

/** Reads files as a replay does, from a source that hands out at most `pieceBytes` at a time. */
export type CaptureReading = (file: Uint8Array, pieceBytes?: number) => Promise<ReadCapture>;

/** `chunkBytes` is what a batch asks for at a time. */
export function createCaptureReading(chunkBytes: number): CaptureReading {
  const memory = createMemory();
  const kernel = instantiateKernel(compileKernel(), memory);
  const slot = open(memory, allocateSlot(memory, chunkBytes));
  return async (file, pieceBytes = Infinity) => {
    const source = inMemory(file, pieceBytes);
    const reader = await openReader([source], kernel, memory, chunkBytes);
    const rows: DecodedRow[] = [];
    while (await reader.next(slot)) {
      kernel.decode(slot.batch, slot.rows);
      rows.push(...readRows(memory, slot.rows, batchExtent(slot).frames));
    }
    return { rows, summary: reader.summaries()[0]! };
  };
}

function inMemory(file: Uint8Array, pieceBytes: number): CaptureSource {
  let at = 0;
  return {
    name: 'test.pcap',
    read: (target) => {
      const piece = file.subarray(at, at + Math.min(target.length, pieceBytes));
      target.set(piece);
      at += piece.length;
      return Promise.resolve(piece.length);
    },
    close: () => undefined,
  };
}
