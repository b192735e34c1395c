import { pseudoHeaderSize } from '../capture/link-type.js';
import type { CaptureSource } from '../capture/source.js';
import { readDecoded } from '../engine/decoded-frames.js';
import { compileKernel, instantiateKernel } from '../engine/kernel-module.js';
import { createMemory } from '../engine/memory.js';
import { writeDecodeSettings } from '../engine/settings.js';
import type { DecodingOptions } from '../model/decoding.js';
import type { DecodedFrame } from '../model/decoded-frame.js';
import type { CaptureSummary } from '../model/outcome.js';
import { type ReaderName, openReader } from './open-reader.js';
import { decodeSettings } from './tunnels.js';
import { type Selection, select } from './selection.js';
import { CHUNK_BYTES, allocateSlot, batchExtent, open } from './slot.js';

export interface DecodeOptions extends Selection {
  readonly reader?: ReaderName;
  readonly decoding?: DecodingOptions;
  /** Bytes of the captures per batch; for tests. */
  readonly chunkBytes?: number;
  /** Takes the frames of every batch, in order. They are valid until it settles. */
  readonly onFrames: (frames: Iterable<DecodedFrame>) => void | Promise<void>;
}

const AS_IT_IS: DecodingOptions = { decap: [], networks: [], checksums: false };

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
  const { chunkBytes = CHUNK_BYTES, decoding = AS_IT_IS } = options;
  const reader = await openReader(
    sources,
    kernel,
    memory,
    chunkBytes,
    options.reader,
    decoding.networks.length,
  );
  kernel.setupDecode(writeDecodeSettings(memory, decodeSettings(decoding, sources.length)));
  select(memory, reader.admission, options, reader.firstTimeNs);
  const slot = open(memory, allocateSlot(memory, chunkBytes));
  while (await reader.next(slot)) {
    kernel.decode(slot.batch, slot.rows);
    await options.onFrames(wholeFrames(readDecoded(memory, slot, batchExtent(slot).frames)));
  }
  return reader.summaries();
}

/** Lengths are those of the frames, without what a record holds before them. */
function* wholeFrames(frames: Iterable<DecodedFrame>): Generator<DecodedFrame> {
  for (const frame of frames) {
    const size = pseudoHeaderSize(frame.linkType);
    const { wire, captured } = frame;
    yield size === 0 || captured < size
      ? frame
      : { ...frame, wire: Math.max(0, wire - size), captured: captured - size };
  }
}
