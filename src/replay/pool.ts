import { Piscina } from 'piscina';
import { builtFile } from '../engine/built-file.js';
import type { EngineShare } from '../engine/engine.js';
import { allocate } from '../engine/memory.js';
import type { CaptureReader } from './capture-reader.js';
import { READING_SIZE, loadReading, readingWords, storeReading } from './handed-reading.js';
import {
  CLOSED,
  CONSUMED,
  EVENTS,
  FILLED,
  NEWS,
  OPEN,
  READER,
  SLOTS_EACH,
  type ShardResult,
  type ShardTask,
  TOTAL,
  announce,
  clearSlot,
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
  chunkBytes: number,
  slotOf: () => Slot,
  onBatch: (slot: OpenSlot, waiting: number) => void | Promise<void>,
): Promise<ShardResult[]> {
  const { memory } = share;
  const slots = Array.from({ length: workers * SLOTS_EACH }, slotOf);
  const opened = slots.map((slot) => open(memory, slot));
  const address = allocate(memory, ringSize(slots.length));
  const ring = ringWords(memory, address, slots.length);
  const reading = allocate(memory, READING_SIZE);
  const readingState = readingWords(memory, reading);
  Atomics.store(ring, TOTAL, -1);
  const pool = new Piscina<ShardTask, ShardResult>({
    filename: builtFile('worker.js'),
    minThreads: workers,
    maxThreads: workers,
    // One task a thread for the whole run: nothing to wait for between tasks.
    atomics: 'disabled',
  });
  let consumed = 0;

  const changed = async (news: number): Promise<void> => {
    await Atomics.waitAsync(ring, NEWS, news).value;
  };
  /** Waits until something is so: it can only become so with news. */
  const until = async (isSo: () => boolean): Promise<void> => {
    for (;;) {
      const news = Atomics.load(ring, NEWS);
      if (isSo()) return;
      await changed(news);
    }
  };
  const fill = async (): Promise<void> => {
    for (;;) {
      const batch = Atomics.load(ring, FILLED);
      await until(() => batch - consumed < slots.length);
      const slot = batch % slots.length;
      clearSlot(ring, slot);
      const more = await reader.next(opened[slot]!);
      Atomics.store(ring, more ? FILLED : TOTAL, more ? batch + 1 : batch);
      announce(ring, EVENTS);
      if (!more) {
        announce(ring, NEWS);
        return;
      }
      const handed = reader.handOver?.(() => loadReading(readingState).position);
      if (handed === undefined) continue;
      storeReading(readingState, handed);
      Atomics.store(ring, READER, OPEN);
      announce(ring, EVENTS);
      await until(() => Atomics.load(ring, READER) === CLOSED);
      reader.takeBack!(loadReading(readingState));
    }
  };
  const consume = async (): Promise<void> => {
    for (;;) {
      const slot = consumed % slots.length;
      const isJudged = (): boolean =>
        Atomics.load(ring, FILLED) > consumed && Atomics.load(ring, judgedAt(slot)) === workers;
      const isOver = (): boolean => Atomics.load(ring, TOTAL) === consumed;
      await until(() => isJudged() || isOver());
      if (!isJudged()) return;
      await onBatch(opened[slot]!, Atomics.load(ring, waitingAt(slot)));
      Atomics.store(ring, CONSUMED, ++consumed);
      announce(ring, EVENTS);
      announce(ring, NEWS);
    }
  };
  try {
    const tasks = Array.from({ length: workers }, (_, shard) =>
      pool.run({
        ...{ share, slots, ring: address, shard, shards: workers },
        ...{ reading, admission: reader.admission.address, chunkBytes },
      }),
    );
    const [results] = await Promise.all([Promise.all(tasks), fill(), consume()]);
    return results;
  } finally {
    await pool.destroy();
  }
}
