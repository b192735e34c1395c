import { type Engine, type EngineShare, createEngine } from '../engine/engine.js';
import { type EngineCounters, readCounters } from '../engine/counters.js';
import { type RecordTable, recordTable } from '../engine/memories.js';
import { viewAt } from '../engine/memory.js';
import { ADMISSION_SIZE, ORDER_HEADER } from '../kernel/layout.js';
import { loadReading, readHanded, readingWords, storeReading } from './handed-reading.js';
import { type OpenSlot, type Slot, batchExtent, open } from './slot.js';

/**
 * The ring that reader and workers share. Batch k stands in slot k % slots.length, and worker k % shards reads and decodes
 * it, so that its bytes stay near one core; every worker judges its own shard of every batch, in order:
 *
 *   fill k, once there is room -> FILLED = k + 1
 *   decode k                   -> DECODED[slot] = k + 1
 *   judge own rows of k        -> JUDGED[slot] + 1, WAITING[slot] + those that wait
 *   main thread, all judged    -> CONSUMED = k + 1: there is room
 *
 * The main thread reads, or, while it has handed the reading over (READER), the workers do by turns. EVENTS counts up
 * whenever a worker may have something to do, NEWS when the main thread may; whoever has nothing to do waits for that.
 */
export const EVENTS = 0;
export const NEWS = 1;
export const FILLED = 2;
/** Number of batches, -1 until the reader knows it. */
export const TOTAL = 3;
export const CONSUMED = 4;
export const READER = 5;
const SLOTS = 8;
const PER_SLOT = 3;
const decodedAt = (slot: number): number => SLOTS + slot * PER_SLOT;
export const judgedAt = (slot: number): number => SLOTS + slot * PER_SLOT + 1;
export const waitingAt = (slot: number): number => SLOTS + slot * PER_SLOT + 2;

/** READER: the main thread reads, or the workers do. */
export const CLOSED = 0;
export const OPEN = 1;

/** Slots of each worker. */
export const SLOTS_EACH = 4;
/** Batches of each worker that are filled before they are judged: more would leave the nearer caches again. */
const AHEAD_EACH = 2;

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
  const lists = slots.map(({ orders, orderSize }) => orders + shard * orderSize);
  const lengths = lists.map((list) => viewAt(share.memory, list, ORDER_HEADER));
  let decoded = shard;
  let judged = 0;
  for (;;) {
    const events = Atomics.load(ring, EVENTS);
    const filled = Atomics.load(ring, FILLED);
    const slot = judged % slots.length;
    if (decoded < filled) {
      decodeBatch(engine, opened[decoded % slots.length]!, shards);
      Atomics.store(ring, decodedAt(decoded % slots.length), decoded + 1);
      announce(ring, EVENTS);
      decoded += shards;
    } else if (filled === decoded && filled - judged < AHEAD_EACH * shards && read(decoded)) {
      continue;
    } else if (Atomics.load(ring, decodedAt(slot)) === judged + 1) {
      const count =
        shards === 1 ? batchExtent(opened[slot]!).frames : lengths[slot]!.getUint32(0, true);
      const order = shards === 1 ? 0 : lists[slot]! + ORDER_HEADER;
      Atomics.add(ring, waitingAt(slot), judgeBatch(engine, slots[slot]!, count, order));
      judged++;
      const isLast = Atomics.add(ring, judgedAt(slot), 1) + 1 === shards;
      if (isLast && isTold(ring, judged, shards)) announce(ring, NEWS);
    } else {
      if (Atomics.load(ring, TOTAL) === judged) return resultOf(engine);
      Atomics.wait(ring, EVENTS, events);
    }
  }
}

/** Whether the main thread is told at once of what was judged: it need not wake for every batch of a file. */
function isTold(ring: Int32Array, judged: number, shards: number): boolean {
  return Atomics.load(ring, READER) === CLOSED || judged % shards === 0;
}

/** Fills the slot of a batch, if workers read and there is room; false when not. It is this worker's turn. */
function createReading(
  { share: { memory }, reading: address, admission, chunkBytes }: ShardTask,
  { kernel }: Engine,
  slots: readonly OpenSlot[],
  ring: Int32Array,
): (batch: number) => boolean {
  const reading = readingWords(memory, address);
  const bounds = { address: admission, view: viewAt(memory, admission, ADMISSION_SIZE) };
  const bytes = new Uint8Array(memory.buffer);
  return (batch) => {
    if (Atomics.load(ring, READER) !== OPEN) return false;
    if (batch - Atomics.load(ring, CONSUMED) >= slots.length) return false;
    const slot = batch % slots.length;
    clearSlot(ring, slot);
    const at = loadReading(reading);
    const filled = readHanded(at, kernel, bounds, slots[slot]!, bytes, chunkBytes);
    storeReading(reading, at);
    if (filled) Atomics.store(ring, FILLED, batch + 1);
    else Atomics.store(ring, READER, CLOSED);
    announce(ring, filled ? EVENTS : NEWS);
    return filled;
  };
}

/** Nobody has judged what will stand in a slot. */
export function clearSlot(ring: Int32Array, slot: number): void {
  Atomics.store(ring, judgedAt(slot), 0);
  Atomics.store(ring, waitingAt(slot), 0);
}

/** Decodes a batch, and tells which rows are whose. */
function decodeBatch({ kernel }: Engine, slot: OpenSlot, shards: number): void {
  const { batch, rows, orders, orderSize } = slot;
  kernel.decode(batch, rows);
  if (shards === 1) return;
  kernel.assignRows(rows, batchExtent(slot).frames, shards, orders, orderSize);
}

/** Judges a shard's rows of a batch. Returns how many of them wait: see `judge` of the kernel. */
function judgeBatch({ kernel }: Engine, slot: Slot, count: number, order: number): number {
  const { rows, verdicts, table, traces } = slot;
  return kernel.judge(rows, verdicts, count, table, order, traces);
}
