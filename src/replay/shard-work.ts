import { type Engine, type EngineShare, createEngine } from '../engine/engine.js';
import { type EngineCounters, readCounters } from '../engine/counters.js';
import { type RecordTable, recordTable } from '../engine/memories.js';
import { viewAt } from '../engine/memory.js';
import { ADMISSION_SIZE } from '../kernel/layout.js';
import { loadReading, readHanded, readingWords, storeReading } from './handed-reading.js';
import { type OpenSlot, type Slot, batchExtent, open } from './slot.js';

/**
 * The ring that reader and workers share. Batch k stands in slot k % slots.length. Whoever is free fills the next slot, or
 * decodes the next batch; every worker judges its own shard of every batch, in order:
 *
 *   fill k, once there is room -> FILLED = k + 1
 *   claim NEXT, decode         -> DECODED[slot] = k + 1
 *   judge own rows of k        -> JUDGED[slot] + 1, WAITING[slot] + those that wait
 *   main thread, all judged    -> CONSUMED = k + 1: there is room
 *
 * One thread at a time reads: the main thread, or, while it has handed the reading over (READER), any worker. EVENTS counts
 * up whenever a worker may have something to do, NEWS when the main thread may; whoever has nothing to do waits for that.
 */
export const EVENTS = 0;
export const NEWS = 1;
export const FILLED = 2;
/** Number of batches, -1 until the reader knows it. */
export const TOTAL = 3;
export const CONSUMED = 4;
export const READER = 5;
const NEXT = 6;
const SLOTS = 8;
const PER_SLOT = 3;
const decodedAt = (slot: number): number => SLOTS + slot * PER_SLOT;
export const judgedAt = (slot: number): number => SLOTS + slot * PER_SLOT + 1;
export const waitingAt = (slot: number): number => SLOTS + slot * PER_SLOT + 2;

/** READER: the main thread reads; a worker may; a worker does. */
export const CLOSED = 0;
export const OPEN = 1;
const TAKEN = 2;

/** Batches that are filled and not judged, which a worker wants before it judges on. */
const AHEAD = 2;

/** Bytes of the ring's words. */
export const ringSize = (slots: number): number => (SLOTS + slots * PER_SLOT) * 4;

export interface ShardTask {
  readonly share: EngineShare;
  readonly slots: readonly Slot[];
  /** Address of the ring's 32-bit words. */
  readonly ring: number;
  readonly shard: number;
  readonly shards: number;
  /** Addresses of what reading by workers goes by. */
  readonly reading: number;
  readonly admission: number;
  readonly chunkBytes: number;
}

export function ringWords(
  memory: WebAssembly.Memory,
  ring: number,
  slots: number,
): Int32Array<SharedArrayBuffer> {
  return new Int32Array(memory.buffer, ring, ringSize(slots) / 4);
}

/** Says that something changed. */
export function announce(ring: Int32Array, word: typeof EVENTS | typeof NEWS): void {
  Atomics.add(ring, word, 1);
  Atomics.notify(ring, word);
}

/** What a shard leaves behind. */
export interface ShardResult {
  readonly counters: EngineCounters;
  /** Its connection records, which stay in the memory that all share. */
  readonly records: RecordTable;
}

export function resultOf(engine: Engine): ShardResult {
  return { counters: readCounters(engine), records: recordTable(engine) };
}

/** Works until the capture is through. Runs on a thread of its own. */
export function workShard(task: ShardTask): ShardResult {
  const { share, slots, ring: address, shard, shards } = task;
  const engine = createEngine(share);
  const opened = slots.map((slot) => open(share.memory, slot));
  const ring = ringWords(share.memory, address, slots.length);
  const read = createReading(task, engine, opened, ring);
  let judged = 0;
  for (;;) {
    const events = Atomics.load(ring, EVENTS);
    const slot = judged % slots.length;
    if (Atomics.load(ring, FILLED) - judged < AHEAD && read()) continue;
    if (Atomics.load(ring, decodedAt(slot)) === judged + 1) {
      Atomics.add(ring, waitingAt(slot), judgeBatch(engine, opened[slot]!, shard, shards));
      if (Atomics.add(ring, judgedAt(slot), 1) + 1 === shards) announce(ring, NEWS);
      judged++;
    } else if (!decodeNext(engine, slots, ring) && !read()) {
      if (Atomics.load(ring, TOTAL) === judged) return resultOf(engine);
      Atomics.wait(ring, EVENTS, events);
    }
  }
}

/** Fills the next slot, if there is one and nobody else does; false when not. */
function createReading(
  { share: { memory }, reading: address, admission, chunkBytes }: ShardTask,
  { kernel }: Engine,
  slots: readonly OpenSlot[],
  ring: Int32Array,
): () => boolean {
  const reading = readingWords(memory, address);
  const bounds = { address: admission, view: viewAt(memory, admission, ADMISSION_SIZE) };
  const bytes = new Uint8Array(memory.buffer);
  const hasRoom = (): boolean =>
    Atomics.load(ring, FILLED) - Atomics.load(ring, CONSUMED) < slots.length;
  return () => {
    if (Atomics.load(ring, READER) !== OPEN || !hasRoom()) return false;
    if (Atomics.compareExchange(ring, READER, OPEN, TAKEN) !== OPEN) return false;
    // Somebody may have filled the last one meanwhile.
    if (!hasRoom()) {
      Atomics.store(ring, READER, OPEN);
      return false;
    }
    const batch = Atomics.load(ring, FILLED);
    const slot = batch % slots.length;
    clearSlot(ring, slot);
    const at = loadReading(reading);
    const filled = readHanded(at, kernel, bounds, slots[slot]!, bytes, chunkBytes);
    storeReading(reading, at);
    if (filled) Atomics.store(ring, FILLED, batch + 1);
    Atomics.store(ring, READER, filled ? OPEN : CLOSED);
    announce(ring, filled ? EVENTS : NEWS);
    return filled;
  };
}

/** Nobody has judged what will stand in a slot. */
export function clearSlot(ring: Int32Array, slot: number): void {
  Atomics.store(ring, judgedAt(slot), 0);
  Atomics.store(ring, waitingAt(slot), 0);
}

/** Returns how many rows wait: see `judge` of the kernel. */
function judgeBatch(engine: Engine, slot: OpenSlot, shard: number, shards: number): number {
  const { frames } = batchExtent(slot);
  const { rows, verdicts, table, traces } = slot;
  return engine.kernel.judge(rows, verdicts, frames, table, shard, shards, traces);
}

/** Claims and decodes one batch, if one waits. */
function decodeNext(engine: Engine, slots: readonly Slot[], ring: Int32Array): boolean {
  const batch = Atomics.load(ring, NEXT);
  if (batch >= Atomics.load(ring, FILLED)) return false;
  if (Atomics.compareExchange(ring, NEXT, batch, batch + 1) !== batch) return true;
  const number = batch % slots.length;
  const slot = slots[number]!;
  engine.kernel.decode(slot.batch, slot.rows);
  Atomics.store(ring, decodedAt(number), batch + 1);
  announce(ring, EVENTS);
  return true;
}
