import type { CaptureSource } from '../../src/capture/source.js';
import { compileKernel, instantiateKernel } from '../../src/engine/kernel-module.js';
import { createMemory } from '../../src/engine/memory.js';
import type { CaptureSummary } from '../../src/model/outcome.js';
import { openReader } from '../../src/replay/open-reader.js';
import { allocateSlot, batchExtent, open } from '../../src/replay/slot.js';

/** What reading a capture took; no clock, so that it is the same on every machine. */
export interface Effort {
  readonly frames: number;
  readonly batches: number;
  /** Calls of the kernel to look at bytes. */
  readonly walks: number;
  /** Times that the source was asked. */
  readonly reads: number;
  /** Bytes that were moved within memory. */
  readonly copied: number;
  /** Pages of memory in the end. */
  readonly pages: number;
  readonly summary: CaptureSummary;
}

export const CHUNK = 1 << 17;

/** Reads and decodes a capture as `decodeCaptures` does. */
export async function effortOf(source: CaptureSource): Promise<Effort> {
  const memory = createMemory();
  const exported = instantiateKernel(compileKernel(), memory);
  const count = { frames: 0, batches: 0, walks: 0, reads: 0, copied: 0 };
  const kernel = {
    ...exported,
    walk: (...args: Parameters<typeof exported.walk>) => {
      count.walks++;
      return exported.walk(...args);
    },
  };
  const counted: CaptureSource = {
    ...source,
    read: (target) => {
      count.reads++;
      return source.read(target);
    },
  };
  const reader = await openReader([counted], kernel, memory, CHUNK);
  const slot = open(memory, allocateSlot(memory, CHUNK));
  const { recordBytes } = slot;
  Object.defineProperties(recordBytes, {
    set: {
      value: (bytes: Uint8Array) => {
        count.copied += bytes.length;
        Uint8Array.prototype.set.call(recordBytes, bytes);
      },
    },
    copyWithin: {
      value: (to: number, from: number, end: number) => {
        count.copied += end - from;
        return Uint8Array.prototype.copyWithin.call(recordBytes, to, from, end);
      },
    },
  });
  while (await reader.next(slot)) {
    count.batches++;
    count.frames += batchExtent(slot).frames;
    kernel.decode(slot.batch, slot.rows);
  }
  const pages = memory.buffer.byteLength / 65_536;
  return { ...count, pages, summary: reader.summaries()[0]! };
}

/** `head`, then `piece` many times over, without all of it in memory. */
export function repeated(head: Uint8Array, piece: Uint8Array, times: number): CaptureSource {
  const copies = Math.max(1, Math.ceil(CHUNK / piece.length));
  const many = Buffer.concat(Array.from({ length: copies }, () => piece));
  const size = head.length + piece.length * times;
  let at = 0;
  return {
    name: 'repeated.pcapng',
    size,
    read: (target) => {
      const from = at < head.length ? head : many;
      const start = at < head.length ? at : (at - head.length) % piece.length;
      const bytes = from.subarray(start, start + Math.min(target.length, size - at));
      target.set(bytes);
      at += bytes.length;
      return Promise.resolve(bytes.length);
    },
    close: () => undefined,
  };
}
