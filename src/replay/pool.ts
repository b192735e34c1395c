import { Piscina } from 'piscina';
import { builtFile } from '../engine/built-file.js';
import type { EngineShare } from '../engine/engine.js';
import { allocate } from '../engine/memory.js';
import type { CaptureReader } from './capture-reader.js';
import {
  EVENTS,
  FILLED,
  type ShardResult,
  type ShardTask,
  TOTAL,
  announce,
  judgedAt,
  ringSize,
  ringWords,
  waitingAt,
} from './shard-work.js';
import { type OpenSlot, type Slot, open } from './slot.js';

/**
 * Judges a capture on `workers` threads. `onBatch` sees every judged batch, in file order, and how many rows of it wait;
 * `slotOf` makes room for one.
 */
export async function replayOnPool(
  share: EngineShare,
  reader: CaptureReader,
  workers: number,
  slotOf: () => Slot,
  onBatch: (slot: OpenSlot, waiting: number) => void | Promise<void>,
): Promise<ShardResult[]> {
  const { memory } = share;
  const slots = Array.from({ length: workers + 4 }, slotOf);
  const opened = slots.map((slot) => open(memory, slot));
  const address = allocate(memory, ringSize(slots.length));
  const ring = ringWords(memory, address, slots.length);
  Atomics.store(ring, TOTAL, -1);
  const pool = new Piscina<ShardTask, ShardResult>({
    filename: builtFile('worker.js'),
    minThreads: workers,
    maxThreads: workers,
    // One task a thread for the whole run: nothing to wait for between tasks.
    atomics: 'disabled',
  });
  let consumed = 0;

  const changed = async (events: number): Promise<void> => {
    await Atomics.waitAsync(ring, EVENTS, events).value;
  };
  const fill = async (): Promise<void> => {
    for (let batch = 0; ; batch++) {
      for (;;) {
        const events = Atomics.load(ring, EVENTS);
        if (batch - consumed < slots.length) break;
        await changed(events);
      }
      const slot = batch % slots.length;
      Atomics.store(ring, judgedAt(slot), 0);
      Atomics.store(ring, waitingAt(slot), 0);
      const more = await reader.next(opened[slot]!);
      Atomics.store(ring, more ? FILLED : TOTAL, more ? batch + 1 : batch);
      announce(ring);
      if (!more) return;
    }
  };
  const consume = async (): Promise<void> => {
    for (;;) {
      const events = Atomics.load(ring, EVENTS);
      const slot = consumed % slots.length;
      if (Atomics.load(ring, TOTAL) === consumed) return;
      if (Atomics.load(ring, FILLED) > consumed && Atomics.load(ring, judgedAt(slot)) === workers) {
        await onBatch(opened[slot]!, Atomics.load(ring, waitingAt(slot)));
        consumed++;
        announce(ring);
      } else {
        await changed(events);
      }
    }
  };
  try {
    const tasks = Array.from({ length: workers }, (_, shard) =>
      pool.run({ share, slots, ring: address, shard, shards: workers }),
    );
    const [results] = await Promise.all([Promise.all(tasks), fill(), consume()]);
    return results;
  } finally {
    await pool.destroy();
  }
}
