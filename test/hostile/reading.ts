import { decompressed } from '../../src/capture/compression.js';
import { readCounters } from '../../src/engine/counters.js';
import { allocate } from '../../src/engine/memory.js';
import { writeDecodeSettings } from '../../src/engine/settings.js';
import { FRAME_WIRE, ROW_SIZE } from '../../src/kernel/layout.js';
import type { DecodingOptions } from '../../src/model/decoding.js';
import { InputError } from '../../src/model/diagnostic.js';
import type { Outcome } from '../../src/model/outcome.js';
import type { TrackingOptions } from '../../src/model/tracking.js';
import type { Timeline } from '../../src/policy/timeline.js';
import { type SettledRun, createEarlyFragments } from '../../src/replay/early-fragments.js';
import { openReader } from '../../src/replay/open-reader.js';
import { describeOutcome } from '../../src/replay/outcome.js';
import { describeReading } from '../../src/replay/reading.js';
import { select } from '../../src/replay/selection.js';
import { allocateSlot, batchExtent, open } from '../../src/replay/slot.js';
import { tellInterfaces } from '../../src/replay/taken-at.js';
import { decodeSettings } from '../../src/replay/tunnels.js';
import { createDigest, strides } from './digest.js';
import { mulberry32 } from '../mulberry32.js';
import { inPieces } from './pieces.js';
import type { World } from './world.js';

/** What is done with an input. */
export interface Plan {
  /** Captures; several are merged. */
  readonly inputs: readonly Uint8Array[];
  readonly filter?: string;
  readonly decoding: DecodingOptions;
  readonly judge?: { readonly timeline: Timeline; readonly tracking: TrackingOptions };
}

/** What must not matter to it. */
export interface Manner {
  readonly chunkBytes: number;
  /** Most bytes that a source gives at once. */
  readonly piece: number;
  /** Whether accounts and traces are kept. */
  readonly traced?: boolean;
}

/** What became of it: the same for every manner and kernel. */
export interface Reading {
  readonly frames: number;
  readonly bytes: number;
  /** Of frames and rows. */
  readonly digest: number;
  readonly verdicts: number;
  readonly summaries: string;
  readonly judged?: string;
  /** The InputError's words. Any other error is thrown on. */
  readonly error?: string;
}

/** Reads, decodes and, if the plan says so, judges. Throws what is not an InputError, and where sums are wrong. */
export async function readInput(world: World, plan: Plan, manner: Manner): Promise<Reading> {
  const { arena, kernel } = world;
  const { memory } = arena;
  const { inputs, decoding, judge } = plan;
  const { traced = false } = manner;
  const networkCount = decoding.networks.length;
  world.begin(inputs.length + networkCount);
  const random = mulberry32(manner.piece);
  const sources = inputs.map((bytes) => decompressed(inPieces(bytes, random, manner.piece)));
  const digest = createDigest(world.words, world.bytes);
  const verdicts = createDigest(world.words, world.bytes);
  const sums = { frames: 0, bytes: 0 };
  const settings = decodeSettings(decoding, inputs.length);
  const peeledBefore = Number(kernel.peeledFrames());
  let summaries: readonly object[] = [];
  let judged: string | undefined;
  let error: string | undefined;
  try {
    kernel.setupDecode(writeDecodeSettings(memory, settings));
    const reader = await openReader(
      sources,
      kernel,
      memory,
      manner.chunkBytes,
      'kernel',
      networkCount,
    );
    select(memory, reader.admission, plan, reader.firstTimeNs);
    const captures =
      judge && tellInterfaces(reader.admission, sources, decoding.networks, judge.timeline);
    const engine =
      judge && world.prepareToJudge(judge.timeline, judge.tracking, captures, settings, traced);
    const slot = open(memory, allocateSlot(memory, manner.chunkBytes, traced));
    world.tellSlot(slot);
    const phases = judge?.timeline.phases.map(({ fromNs }) => fromNs) ?? [];
    const early = engine && createEarlyFragments(engine.share, phases, false);
    const settle = (runs: Iterable<SettledRun> = []): void => {
      for (const { batch, count } of runs) {
        for (let i = 0; i < count; i++) {
          verdicts.addFrame(batch.table + i * strides.frame);
          verdicts.addVerdict(batch.verdicts + i * strides.verdict);
        }
      }
    };
    while (await reader.next(slot)) {
      const { frames } = batchExtent(slot);
      kernel.decode(slot.batch, slot.rows);
      if (engine) {
        const { rows, table, traces } = slot;
        const waiting = kernel.judge(rows, slot.verdicts, frames, table, 0, traces);
        settle(early?.take(slot, frames, waiting));
      }
      for (let i = 0; i < frames; i++) {
        digest.addFrame(slot.table + i * strides.frame);
        digest.addRow(slot.rows + i * strides.row);
        sums.bytes += world.view.getUint32(slot.table + i * strides.frame + FRAME_WIRE, true);
      }
      sums.frames += frames;
    }
    summaries = reader.summaries();
    settle(early?.finish());
    if (judge && engine && early) {
      const all = readCounters(engine);
      const counters = [{ ...all, peeled: all.peeled - peeledBefore }, early.counters()];
      const scratch = allocate(memory, ROW_SIZE);
      const { admission } = reader;
      const reading = describeReading(kernel, scratch, admission, counters, decoding.checksums);
      const { timeline, tracking } = judge;
      const outcome = describeOutcome(timeline, tracking, reader.summaries(), reading, counters);
      checkSums(outcome, sums);
      judged = print(outcome);
    }
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    error = thrown.message;
  } finally {
    for (const source of sources) source.close();
  }
  // How much was told before the error hangs on batches.
  if (error !== undefined) return { ...NOTHING, error };
  return {
    ...sums,
    digest: digest.value(),
    verdicts: verdicts.value(),
    summaries: print(summaries),
    ...(judged === undefined ? {} : { judged }),
  };
}

const NOTHING = { frames: 0, bytes: 0, digest: 0, verdicts: 0, summaries: '' };

/** Every frame has one verdict. */
function checkSums(outcome: Outcome, { frames, bytes }: { frames: number; bytes: number }): void {
  const verdicts = Object.values(outcome.byVerdict);
  const packets = verdicts.reduce((sum, each) => sum + each.packets, 0);
  const wire = verdicts.reduce((sum, each) => sum + each.bytes, 0);
  const read = outcome.captures.reduce((sum, each) => sum + each.packets, 0);
  if (packets === frames && read === frames && wire === bytes) return;
  throw new Error(`${frames} frames were read, ${read} counted, ${packets} judged`);
}

const print = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each));
