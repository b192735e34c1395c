import { type Engine, type EngineShare, createEngine } from '../engine/engine.js';
import { type EngineCounters, readCounters } from '../engine/counters.js';
import { type RecordTable, recordTable } from '../engine/memories.js';
import { type OpenSlot, type Slot, batchExtent, open } from './slot.js';

/**
 * The ring that reader and workers share. Batch k stands in slot k % slots.length. Every worker decodes whichever batch
 * comes next, and judges its own shard of every batch, in order:
 *
 *   reader:  fill k -> FILLED = k + 1          worker:  claim NEXT, decode -> DECODED[slot] = k + 1
 *   reader:  refill a slot when all judged it           judge own rows of DECODED batches -> JUDGED[slot] + 1,
 *                                                                                              WAITING[slot] + those that wait
 *
 * EVENTS counts up at each of these; whoever has nothing to do waits for it to change.
 */
export const EVENTS = 0;
export const FILLED = 1;
/** Number of batches, -1 until the reader knows it. */
export const TOTAL = 2;
const NEXT = 3;
const SLOTS = 4;
const PER_SLOT = 3;
const decodedAt = (slot: number): number => SLOTS + slot * PER_SLOT;
export const judgedAt = (slot: number): number => SLOTS + slot * PER_SLOT + 1;
export const waitingAt = (slot: number): number => SLOTS + slot * PER_SLOT + 2;

/** Bytes of the ring's words. */
export const ringSize = (slots: number): number => (SLOTS + slots * PER_SLOT) * 4;

export interface ShardTask {
  readonly share: EngineShare;
  readonly slots: readonly Slot[];
  /** Address of the ring's 32-bit words. */
  readonly ring: number;
  readonly shard: number;
  readonly shards: number;
}

export function ringWords(
  memory: WebAssembly.Memory,
  ring: number,
  slots: number,
): Int32Array<SharedArrayBuffer> {
  return new Int32Array(memory.buffer, ring, ringSize(slots) / 4);
}

/** Says that something changed. */
export function announce(ring: Int32Array): void {
  Atomics.add(ring, EVENTS, 1);
  Atomics.notify(ring, EVENTS);
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
export function workShard({ share, slots, ring: address, shard, shards }: ShardTask): ShardResult {
  const engine = createEngine(share);
  const opened = slots.map((slot) => open(share.memory, slot));
  const ring = ringWords(share.memory, address, slots.length);
  let judged = 0;
  for (;;) {
    const events = Atomics.load(ring, EVENTS);
    const slot = judged % slots.length;
    if (Atomics.load(ring, decodedAt(slot)) === judged + 1) {
      Atomics.add(ring, waitingAt(slot), judgeBatch(engine, opened[slot]!, shard, shards));
      Atomics.add(ring, judgedAt(slot), 1);
      announce(ring);
      judged++;
    } else if (!decodeNext(engine, slots, ring)) {
      if (Atomics.load(ring, TOTAL) === judged) return resultOf(engine);
      Atomics.wait(ring, EVENTS, events);
    }
  }
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
  announce(ring);
  return true;
}
