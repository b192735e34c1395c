import { readSync } from 'node:fs';
import type { KernelExports } from '../engine/kernel-module.js';
import type { Admission } from './admission.js';
import { isFull } from './admission.js';
import { type OpenSlot, batchExtent } from './slot.js';

/** Where the reading of one file stands, so that any thread can go on. */
export interface HandedReading {
  readonly descriptor: number;
  /** Address of the walk: see layout.ts. */
  readonly walk: number;
  /** Position in the file of the next byte to read. */
  position: number;
  /** Address and size of what was read and holds no whole frame that a batch had room for. */
  rest: number;
  size: number;
}

/**
 * Fills a slot with the next batch as `CaptureReader` does. False, and nothing is lost, where more has to be known than how
 * to go on: at the end, at a description of an interface, at damage, at a fault of the file.
 */
export function readHanded(
  reading: HandedReading,
  kernel: KernelExports,
  admission: Pick<Admission, 'address' | 'view'>,
  slot: OpenSlot,
  memoryBytes: Uint8Array,
  chunkBytes: number,
): boolean {
  if (isFull(admission)) return false;
  const { descriptor, walk, rest, size } = reading;
  memoryBytes.copyWithin(slot.records, rest, rest + size);
  reading.rest = slot.records;
  const room = Math.min(chunkBytes, slot.recordsSize - size);
  try {
    const read = readSync(descriptor, slot.recordBytes, size, room, reading.position);
    reading.position += read;
    reading.size += read;
  } catch {
    return false;
  }
  kernel.walk(walk, slot.batch, slot.records, slot.records + reading.size, slot.framesMax);
  const { frames, bytes } = batchExtent(slot);
  reading.rest += bytes;
  reading.size -= bytes;
  if (frames === 0) return false;
  kernel.admit(admission.address, slot.batch);
  return true;
}

const WORDS = 5;
/** Bytes that hold a reading in shared memory. */
export const READING_SIZE = WORDS * 8;

export function readingWords(memory: WebAssembly.Memory, address: number): Float64Array {
  return new Float64Array(memory.buffer, address, WORDS);
}

export function loadReading(words: Float64Array): HandedReading {
  const [descriptor, walk, position, rest, size] = words as unknown as readonly number[];
  return {
    ...{ descriptor: descriptor!, walk: walk! },
    ...{ position: position!, rest: rest!, size: size! },
  };
}

export function storeReading(words: Float64Array, reading: HandedReading): void {
  const { descriptor, walk, position, rest, size } = reading;
  words.set([descriptor, walk, position, rest, size]);
}
