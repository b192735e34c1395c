import { randomBytes } from 'node:crypto';
import { ROW_SIZE } from '../kernel/layout.js';
import type { CaptureSource } from '../capture/source.js';
import { compileImage } from '../compile/rule-image.js';
import { type EngineShare, shareImages } from '../engine/engine.js';
import type { KernelExports } from '../engine/kernel-module.js';
import { allocate } from '../engine/memory.js';
import { type RecordNames, recordNames } from '../engine/remembered.js';
import { readVerdicts } from '../engine/verdicts.js';
import type { DecodingOptions } from '../model/decoding.js';
import type { Outcome } from '../model/outcome.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { FrameVerdict } from '../model/verdict.js';
import type { Timeline } from '../policy/timeline.js';
import type { Admission } from './admission.js';
import type { CaptureReader } from './capture-reader.js';
import { type EarlyFragments, type SettledRun, createEarlyFragments } from './early-fragments.js';
import { type Observer, showRuns } from './observer.js';
import { describeOutcome } from './outcome.js';
import { type Pace, createPacing } from './paced.js';
import { describeReading } from './reading.js';
import { type Recorder, showTo } from './recorder.js';
import type { ShardResult } from './shard-work.js';
import { type OpenSlot, framesIn } from './slot.js';
import { type FrameSink, createSplit } from './split.js';
import { tellInterfaces } from './taken-at.js';
import { decodeSettings } from './tunnels.js';

/** What is read, and how, whoever judges it. */
export interface Ground {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  /** An instance that judges nothing. */
  readonly kernel: KernelExports;
  readonly reader: CaptureReader;
  /** Whether reading was interrupted before its end. */
  readonly wasCut: () => boolean;
  readonly sources: readonly CaptureSource[];
  readonly tracking: TrackingOptions;
  readonly decoding: DecodingOptions;
  readonly chunkBytes: number;
  readonly dropGroups?: number;
}

/** Who is told of what is judged. */
export interface Listeners {
  /** Takes the verdicts of every batch, in file order. Frames are valid until it settles. */
  readonly onVerdicts?: (verdicts: Iterable<FrameVerdict>) => void | Promise<void>;
  /** Captures that the frames are written to. */
  readonly sinks?: readonly FrameSink[];
  /** See every frame when its verdict stands. */
  readonly observers?: readonly Observer[];
  /** Looks on while packets are judged, for whoever has to say why. */
  readonly recorder?: Recorder;
  /** Holds verdicts and written frames back until their time has come; judging goes ahead by some batches. */
  readonly pace?: Pace;
}

/** One timeline that packets are judged by, and all who are told of it. */
export interface Side {
  readonly timeline: Timeline;
  readonly share: EngineShare;
  readonly names: RecordNames;
  /** Shows a judged batch to the recorder. */
  show(slot: OpenSlot, frames: number): Promise<void>;
  /** Passes on what stands by now; of the batch, so many rows wait for the first fragment of their datagram. */
  settle(slot: OpenSlot, frames: number, waiting: number): Promise<void>;
  /** There are no more batches. */
  finish(): Promise<void>;
  outcome(results: readonly ShardResult[]): Outcome;
}

/** `admission` holds the table of captures, which tells their interfaces. Throws InputError. */
export function openSide(
  ground: Ground,
  admission: Admission,
  timeline: Timeline,
  { observers = [], sinks = [], recorder, pace, onVerdicts }: Listeners,
  keepsAccounts: boolean,
): Side {
  const { memory, module, kernel, reader, sources, tracking, decoding, chunkBytes } = ground;
  const share = shareImages(
    module,
    memory,
    timeline.phases.map(({ fromNs, policy }) => ({
      fromNs,
      image: compileImage(policy, timeline.rules.length),
    })),
    tracking,
    randomBytes(8).readBigUInt64LE(),
    tellInterfaces(admission, sources, decoding.networks, timeline),
    decodeSettings(decoding, sources.length),
    keepsAccounts,
  );
  const names = recordNames(share, {
    interfaces: timeline.phases[0]!.policy.interfaces.map(({ eni }) => eni.id),
    rules: timeline.rules.map(({ id }) => id),
    captures: sources.map(({ name }) => name),
  });
  const split =
    sinks.length === 0 ? undefined : createSplit(memory, names, sinks, pace !== undefined);
  const early: EarlyFragments = createEarlyFragments(
    share,
    timeline.phases.map(({ fromNs }) => fromNs),
    split !== undefined || observers.some(({ needsBytes }) => needsBytes),
  );
  const paced = pace === undefined ? undefined : createPacing(memory, pace);
  const showRun = showRuns(observers, memory, names);
  const show = recorder && showTo(recorder, memory, kernel, reader, names, framesIn(chunkBytes));
  const tell = async (settled: Iterable<SettledRun>): Promise<void> => {
    for await (const run of paced?.(settled) ?? settled) {
      await recorder?.onSettled(run);
      await showRun(run);
      await onVerdicts?.(readVerdicts(memory, run.batch, run.count, names));
      await split?.take(run);
    }
  };
  return {
    ...{ timeline, share, names },
    show: async (slot, frames) => {
      await show?.(slot, frames);
    },
    settle: (slot, frames, waiting) => tell(early.take(slot, frames, waiting)),
    finish: async () => {
      await tell(early.finish());
      await split?.finish();
    },
    outcome: (results) => {
      const shards = [...results.map(({ counters }) => counters), early.counters()];
      const scratch = allocate(memory, ROW_SIZE);
      const reading = describeReading(
        ...([kernel, scratch, reader.admission, shards, decoding.checksums] as const),
      );
      const outcome = describeOutcome(
        ...([timeline, tracking, reader.summaries(), reading, shards] as const),
        ground.dropGroups,
      );
      return ground.wasCut() ? { ...outcome, interrupted: true } : outcome;
    },
  };
}
