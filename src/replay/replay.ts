import { setImmediate } from 'node:timers/promises';
import type { CaptureSource } from '../capture/source.js';
import { type EngineShare, createEngine } from '../engine/engine.js';
import { compileKernel, instantiateKernel } from '../engine/kernel-module.js';
import { readRecords } from '../engine/memories.js';
import { createMemory } from '../engine/memory.js';
import { DEFAULT_DECODING, type DecodingOptions } from '../model/decoding.js';
import type { Outcome } from '../model/outcome.js';
import type { Remembered } from '../model/remembered.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { Timeline } from '../policy/timeline.js';
import { latestTimeNs } from './admission.js';
import { type Beside, judgeBeside } from './beside.js';
import type { CaptureReader } from './capture-reader.js';
import { endable, interruptible } from './interruption.js';
import { type ReaderName, openReader } from './open-reader.js';
import { type ShardResult, resultOf } from './shard-work.js';
import { type Selection, select } from './selection.js';
import { type Listeners, openSide } from './side.js';
import { CHUNK_BYTES, type OpenSlot, type Slot, allocateSlot, batchExtent, open } from './slot.js';

export interface ReplayOptions extends Selection, Listeners {
  readonly tracking: TrackingOptions;
  /** Threads that judge, at least 1. The outcome does not depend on it. */
  readonly workers: number;
  readonly reader?: ReaderName;
  readonly decoding?: DecodingOptions;
  /** Bytes of the capture per batch; for tests. The outcome does not depend on it. */
  readonly chunkBytes?: number;
  /** Ends reading where it is: the outcome, marked as interrupted, covers what was read. */
  readonly signal?: AbortSignal;
  /** Judges every packet by this, too. */
  readonly beside?: Beside;
  /** Takes what all interfaces remember at the end, in order of creation, and the latest packet time, 0 without packets. */
  readonly onRecords?: (records: readonly Remembered[], clockNs: bigint) => void;
  readonly onProgress?: (progress: ReplayProgress) => void;
  /** How many groups of dropped flows the outcome describes, all unless told: naming tens of thousands takes its time. */
  readonly dropGroups?: number;
}

export interface ReplayProgress {
  readonly bytesRead: number;
  readonly packets: number;
}

/** A capture smaller than this gains less from more threads than starting them takes. */
const SMALL_CAPTURE = 1 << 26;

/**
 * Judges every packet of a capture, or of several merged by time, by what holds at its time; `timelineFrom` is told the
 * time of the first packet, 0 without one. Throws InputError when one is no capture; a damaged one is judged up to the
 * damage.
 */
export async function replay(
  timelineFrom: (firstTimeNs: bigint) => Timeline,
  sources: readonly CaptureSource[],
  options: ReplayOptions,
): Promise<Outcome> {
  const { decoding = DEFAULT_DECODING, recorder, onRecords, tracking } = options;
  const memory = createMemory();
  const module = compileKernel();
  const small = options.chunkBytes === undefined && totalSize(sources) < SMALL_CAPTURE;
  // An instance's allowance is used up in one order: that of the capture (CT-19).
  const inline = options.workers === 1 || small || tracking.maxTracked !== undefined;
  const { chunkBytes = CHUNK_BYTES, dropGroups } = options;
  const kernel = instantiateKernel(module, memory);
  const { signal = new AbortController().signal } = options;
  const opened = await openReader(
    sources.map((source) => interruptible(source, signal)),
    kernel,
    memory,
    chunkBytes,
    options.reader,
    decoding.networks.length,
  );
  const { reader, wasCut } = endable(opened, signal);
  select(memory, reader.admission, options, reader.firstTimeNs);
  const ground = {
    ...{ memory, module, kernel, reader, wasCut, sources, tracking, decoding, chunkBytes },
    ...(dropGroups === undefined ? {} : { dropGroups }),
  };
  const timeline = timelineFrom(reader.firstTimeNs);
  const keepsAccounts = recorder !== undefined || onRecords !== undefined;
  const side = openSide(ground, reader.admission, timeline, options, keepsAccounts);
  const beside = options.beside && judgeBeside(ground, options.beside);
  const slotOf = (): Slot =>
    allocateSlot(memory, chunkBytes, recorder !== undefined, inline ? 1 : options.workers);
  let packets = 0;
  const onBatch = async (slot: OpenSlot, waiting: number): Promise<void> => {
    const { frames } = batchExtent(slot);
    packets += frames;
    await side.show(slot, frames);
    await beside?.judge(slot, frames);
    await side.settle(slot, frames, waiting);
    await beside?.settle(frames);
    options.onProgress?.({ bytesRead: reader.bytesRead(), packets });
  };
  const results = inline
    ? [await replayInline(side.share, reader, slotOf, onBatch)]
    : await (
        await import('./pool.js')
      ).replayOnPool(side.share, reader, options.workers, chunkBytes, slotOf, onBatch);
  await side.finish();
  await beside?.finish();
  if (onRecords !== undefined) {
    const clockNs = packets === 0 ? 0n : latestTimeNs(reader.admission);
    const tables = results.map(({ records }) => records);
    onRecords(readRecords(memory, tables, side.names, tracking, clockNs), clockNs);
  }
  return side.outcome(results);
}

function totalSize(sources: readonly CaptureSource[]): number {
  return sources.reduce((sum, { size }) => sum + (size ?? Infinity), 0);
}

/** Batches between two looks at signals and timers. */
const TURN = 32;

async function replayInline(
  share: EngineShare,
  reader: CaptureReader,
  slotOf: () => Slot,
  onBatch: (slot: OpenSlot, waiting: number) => Promise<void>,
): Promise<ShardResult> {
  const engine = createEngine(share);
  const slot = open(share.memory, slotOf());
  for (let batch = 1; await reader.next(slot); batch++) {
    const { frames } = batchExtent(slot);
    engine.kernel.decode(slot.batch, slot.rows);
    const waiting = engine.kernel.judge(
      slot.rows,
      slot.verdicts,
      frames,
      slot.table,
      0,
      slot.traces,
    );
    await onBatch(slot, waiting);
    if (batch % TURN === 0) await setImmediate();
  }
  return resultOf(engine);
}
