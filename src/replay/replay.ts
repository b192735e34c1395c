import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { ROW_SIZE } from '../kernel/layout.js';
import type { CaptureSource } from '../capture/source.js';
import { compileImage } from '../compile/rule-image.js';
import { type EngineShare, createEngine, shareImages } from '../engine/engine.js';
import { compileKernel, instantiateKernel } from '../engine/kernel-module.js';
import { readRecords } from '../engine/memories.js';
import { allocate, createMemory } from '../engine/memory.js';
import { recordNames } from '../engine/remembered.js';
import { readVerdicts } from '../engine/verdicts.js';
import { DEFAULT_DECODING, type DecodingOptions } from '../model/decoding.js';
import type { Outcome } from '../model/outcome.js';
import type { Remembered } from '../model/remembered.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { FrameVerdict } from '../model/verdict.js';
import type { Timeline } from '../policy/timeline.js';
import { latestTimeNs } from './admission.js';
import type { CaptureReader } from './capture-reader.js';
import { type SettledRun, createEarlyFragments } from './early-fragments.js';
import { type ReaderName, openReader } from './open-reader.js';
import { type Observer, showRuns } from './observer.js';
import { type Recorder, showTo } from './recorder.js';
import { type ShardResult, resultOf } from './shard-work.js';
import { decodeSettings } from './tunnels.js';
import { describeOutcome } from './outcome.js';
import { type Pace, createPacing } from './paced.js';
import { describeReading } from './reading.js';
import { type Selection, select } from './selection.js';
import { type FrameSink, createSplit } from './split.js';
import { tellInterfaces } from './taken-at.js';
import {
  CHUNK_BYTES,
  type OpenSlot,
  type Slot,
  allocateSlot,
  batchExtent,
  framesIn,
  open,
} from './slot.js';

export interface ReplayOptions extends Selection {
  readonly tracking: TrackingOptions;
  /** Threads that judge, at least 1. The outcome does not depend on it. */
  readonly workers: number;
  readonly reader?: ReaderName;
  readonly decoding?: DecodingOptions;
  /** Bytes of the capture per batch; for tests. The outcome does not depend on it. */
  readonly chunkBytes?: number;
  /** Takes the verdicts of every batch, in file order. Frames are valid until it settles. */
  readonly onVerdicts?: (verdicts: Iterable<FrameVerdict>) => void | Promise<void>;
  /** Captures that the frames are written to. */
  readonly sinks?: readonly FrameSink[];
  /** See every frame when its verdict stands. */
  readonly observers?: readonly Observer[];
  /** Looks on while packets are judged, for whoever has to say why. */
  readonly recorder?: Recorder;
  /** Takes what all interfaces remember at the end, in order of creation, and the latest packet time, 0 without packets. */
  readonly onRecords?: (records: readonly Remembered[], clockNs: bigint) => void;
  /** Holds verdicts and written frames back until their time has come; judging goes ahead by some batches. */
  readonly pace?: Pace;
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
  const { decoding = DEFAULT_DECODING, recorder, onRecords } = options;
  const memory = createMemory();
  const module = compileKernel();
  const small = options.chunkBytes === undefined && totalSize(sources) < SMALL_CAPTURE;
  // An instance's allowance is used up in one order: that of the capture (CT-19).
  const inline = options.workers === 1 || small || options.tracking.maxTracked !== undefined;
  const { chunkBytes = CHUNK_BYTES } = options;
  const kernel = instantiateKernel(module, memory);
  const reader = await openReader(
    sources,
    kernel,
    memory,
    chunkBytes,
    options.reader,
    decoding.networks.length,
  );
  select(memory, reader.admission, options, reader.firstTimeNs);
  const timeline = timelineFrom(reader.firstTimeNs);
  const share = shareImages(
    module,
    memory,
    timeline.phases.map(({ fromNs, policy }) => ({
      fromNs,
      image: compileImage(policy, timeline.rules.length),
    })),
    options.tracking,
    randomBytes(8).readBigUInt64LE(),
    tellInterfaces(reader.admission, sources, decoding.networks, timeline),
    decodeSettings(decoding, sources.length),
    recorder !== undefined || onRecords !== undefined,
  );
  const names = recordNames(share, {
    interfaces: timeline.phases[0]!.policy.interfaces.map(({ eni }) => eni.id),
    rules: timeline.rules.map(({ id }) => id),
    captures: sources.map(({ name }) => name),
  });
  const { sinks = [], observers = [] } = options;
  const split =
    sinks.length === 0 ? undefined : createSplit(memory, names, sinks, options.pace !== undefined);
  const early = createEarlyFragments(
    share,
    timeline.phases.map(({ fromNs }) => fromNs),
    split !== undefined || observers.some(({ needsBytes }) => needsBytes),
  );
  const showRun = showRuns(observers, memory, names);
  const paced = options.pace === undefined ? undefined : createPacing(memory, options.pace);
  const tell = async (settled: Iterable<SettledRun>): Promise<void> => {
    for await (const run of paced?.(settled) ?? settled) {
      await recorder?.onSettled(run);
      await showRun(run);
      await options.onVerdicts?.(readVerdicts(memory, run.batch, run.count, names));
      await split?.take(run);
    }
  };
  const slotOf = (): Slot =>
    allocateSlot(memory, chunkBytes, recorder !== undefined, inline ? 1 : options.workers);
  const show = recorder && showTo(recorder, memory, kernel, reader, names, framesIn(chunkBytes));
  let packets = 0;
  const onBatch = async (slot: OpenSlot, waiting: number): Promise<void> => {
    const { frames } = batchExtent(slot);
    packets += frames;
    await show?.(slot, frames);
    await tell(early.take(slot, frames, waiting));
    options.onProgress?.({ bytesRead: reader.bytesRead(), packets });
  };
  const results = inline
    ? [await replayInline(share, reader, slotOf, onBatch)]
    : await (
        await import('./pool.js')
      ).replayOnPool(share, reader, options.workers, chunkBytes, slotOf, onBatch);
  await tell(early.finish());
  await split?.finish();
  if (onRecords !== undefined) {
    const clockNs = packets === 0 ? 0n : latestTimeNs(reader.admission);
    const tables = results.map(({ records }) => records);
    onRecords(readRecords(memory, tables, names, options.tracking, clockNs), clockNs);
  }
  const shards = [...results.map(({ counters }) => counters), early.counters()];
  const scratch = allocate(memory, ROW_SIZE);
  const reading = describeReading(kernel, scratch, reader.admission, shards, decoding.checksums);
  return describeOutcome(
    ...([timeline, options.tracking, reader.summaries(), reading, shards] as const),
    options.dropGroups,
  );
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
