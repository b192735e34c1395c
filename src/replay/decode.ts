import type { CaptureSource } from '../capture/source.js';
import { readDecoded } from '../engine/decoded-frames.js';
import { compileKernel, instantiateKernel } from '../engine/kernel-module.js';
import { createMemory } from '../engine/memory.js';
import type { DecodedFrame } from '../model/decoded-frame.js';
import type { CaptureSummary } from '../model/outcome.js';
import { openReader } from './open-reader.js';
import { type Selection, select } from './selection.js';
import { allocateSlot, batchExtent, open } from './slot.js';

export interface DecodeOptions extends Selection {
  /** Bytes of the captures per batch; for tests. */
  readonly chunkBytes?: number;
  /** Takes the frames of every batch, in order. They are valid until it settles. */
  readonly onFrames: (frames: Iterable<DecodedFrame>) => void | Promise<void>;
}

const CHUNK = 1 << 17;

/**
 * Decodes every frame of a capture, or of several merged by time, and tells what was read of each. Throws InputError when
 * one is no capture; a damaged one is decoded up to the damage.
 */
export async function decodeCaptures(
  sources: readonly CaptureSource[],
  options: DecodeOptions,
): Promise<CaptureSummary[]> {
  const memory = createMemory();
  const kernel = instantiateKernel(compileKernel(), memory);
  const { chunkBytes = CHUNK } = options;
  const reader = await openReader(sources, kernel, memory, chunkBytes);
  select(memory, reader.admission, options, reader.firstTimeNs);
  const slot = open(memory, allocateSlot(memory, chunkBytes));
  while (await reader.next(slot)) {
    kernel.decode(slot.batch, slot.rows);
    await options.onFrames(readDecoded(memory, slot, batchExtent(slot).frames));
  }
  return reader.summaries();
}
