import { compileImage } from '../../src/compile/rule-image.js';
import { type Engine, createEngine, shareImages } from '../../src/engine/engine.js';
import { compileKernel } from '../../src/engine/kernel-module.js';
import { readMemories, readRecords, recordTable } from '../../src/engine/memories.js';
import { allocate, bytesAt, createMemory, viewAt } from '../../src/engine/memory.js';
import { type RecordNames, recordNames } from '../../src/engine/remembered.js';
import { readPacket } from '../../src/engine/row-packet.js';
import { readVerdicts } from '../../src/engine/verdicts.js';
import { encodeFrame } from '../../src/generate/frame.js';
import {
  FORMAT_NANOSECONDS,
  RECORD_HEADER,
  ROW_SIZE,
  TRACE_SIZE,
  VERDICT_BEGINS,
  VERDICT_SIZE,
  WALK_FORMAT,
  WALK_LINK_TYPE,
  WALK_SIZE,
} from '../../src/kernel/layout.js';
import type { Packet } from '../../src/model/packet.js';
import type { Remembered } from '../../src/model/remembered.js';
import type { TrackingOptions } from '../../src/model/tracking.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import type { Timeline } from '../../src/policy/timeline.js';
import { createAdmission } from '../../src/replay/admission.js';
import { type SettledRun, createEarlyFragments } from '../../src/replay/early-fragments.js';
import { type Observer, showRuns } from '../../src/replay/observer.js';
import { type Slot, allocateSlot } from '../../src/replay/slot.js';

export type Judge = (
  timeline: Timeline,
  options: TrackingOptions,
  packets: readonly Packet[],
) => FrameVerdict[];

/** What the kernel tells when accounts are kept. */
export interface Traced {
  readonly verdicts: readonly FrameVerdict[];
  /** Of each packet: whether it began a flow, what was read of its row, what each interface remembered before. */
  readonly begins: readonly boolean[];
  readonly packets: readonly Packet[];
  readonly memories: readonly (readonly (Remembered | undefined)[])[];
  /** What is remembered in the end. */
  readonly records: readonly Remembered[];
}

export type TracingJudge = (
  timeline: Timeline,
  options: TrackingOptions,
  packets: readonly Packet[],
) => Traced;

/** Worlds that one memory serves before it is left to the collector: each takes some pages for good. */
const WORLDS_PER_MEMORY = 150;

/** Judges packets by the real path: frames, walk, decode, judge, verdict rows. `repeatedMax`: see compile/sharing.ts. */
export function createKernelJudge(module = compileKernel(), repeatedMax?: number): Judge {
  const roomOf = createRooms(false);
  return (timeline, options, packets) =>
    settledVerdicts(judgeIn(roomOf(), module, timeline, options, packets, repeatedMax));
}

/** The same, shown to an observer. */
export function createObservedJudge(
  module = compileKernel(),
): (observer: Observer, ...world: Parameters<Judge>) => Promise<FrameVerdict[]> {
  const roomOf = createRooms(false);
  return async (observer, ...world) => {
    const judged = judgeIn(roomOf(), module, ...world);
    const show = showRuns([observer], judged.room.memory, judged.names);
    const shown: Promise<void>[] = [];
    const verdicts = settledVerdicts(judged, (run) => shown.push(show(run)));
    await Promise.all(shown);
    return verdicts;
  };
}

/** The same, with accounts and traces. */
export function createTracingJudge(module = compileKernel()): TracingJudge {
  const roomOf = createRooms(true);
  return (timeline, options, packets) => {
    const room = roomOf();
    const judged = judgeIn(room, module, timeline, options, packets);
    const { memory, slot } = room;
    const { engine, names, count } = judged;
    const verdicts = settledVerdicts(judged);
    const verdictView = viewAt(memory, slot.verdicts, count * VERDICT_SIZE);
    const rows = viewAt(memory, slot.rows, count * ROW_SIZE);
    const traces = viewAt(memory, slot.traces, count * TRACE_SIZE);
    const each = packets.map((_, i) => i);
    const clock = packets.reduce((latest, { timeNs }) => (timeNs > latest ? timeNs : latest), 0n);
    return {
      verdicts,
      begins: each.map((i) => verdictView.getUint8(i * VERDICT_SIZE + VERDICT_BEGINS) === 1),
      packets: each.map((i) => readPacket(rows, i * ROW_SIZE)),
      memories: each.map((i) => readMemories(traces, i, names)),
      records: readRecords(memory, [recordTable(engine)], names, options, clock),
    };
  };
}

interface Room {
  readonly memory: WebAssembly.Memory;
  readonly slot: Slot;
  readonly walk: number;
}

interface Judged {
  readonly room: Room;
  readonly engine: Engine;
  readonly names: RecordNames;
  readonly timeline: Timeline;
  readonly count: number;
  readonly waiting: number;
}

/** A room for the next world. */
function createRooms(traced: boolean): () => Room {
  let room = createRoom(traced);
  let worlds = 0;
  return () => {
    if (worlds++ === WORLDS_PER_MEMORY) {
      room = createRoom(traced);
      worlds = 1;
    }
    return room;
  };
}

function judgeIn(
  room: Room,
  module: WebAssembly.Module,
  timeline: Timeline,
  options: TrackingOptions,
  packets: readonly Packet[],
  repeatedMax?: number,
): Judged {
  const { phases, rules } = timeline;
  const { memory, slot, walk } = room;
  const images = phases.map(({ fromNs, policy }) => ({
    fromNs,
    image: compileImage(policy, rules.length, repeatedMax),
  }));
  const traced = slot.traces !== 0;
  const share = shareImages(module, memory, images, options, 7n, undefined, undefined, traced);
  const engine = createEngine(share);
  const size = writeRecords(bytesAt(memory, slot.records, slot.recordsSize), packets);
  bytesAt(memory, walk, WALK_SIZE).fill(0);
  const view = viewAt(memory, walk, WALK_SIZE);
  view.setUint32(WALK_LINK_TYPE, 1, true);
  view.setUint32(WALK_FORMAT, FORMAT_NANOSECONDS, true);
  const { kernel } = engine;
  kernel.walk(walk, slot.batch, slot.records, slot.records + size, slot.framesMax);
  kernel.admit(createAdmission(memory, 1).address, slot.batch);
  kernel.decode(slot.batch, slot.rows);
  const count = packets.length;
  const waiting = kernel.judge(slot.rows, slot.verdicts, count, slot.table, 0, slot.traces);
  const names = recordNames(share, {
    interfaces: phases[0]!.policy.interfaces.map(({ eni }) => eni.id),
    rules: rules.map(({ id }) => id),
  });
  return { room, engine, names, timeline, count, waiting };
}

function settledVerdicts(judged: Judged, onRun?: (run: SettledRun) => unknown): FrameVerdict[] {
  const { room, engine, names, timeline, count, waiting } = judged;
  const phasesFrom = timeline.phases.map(({ fromNs }) => fromNs);
  const early = createEarlyFragments(engine.share, phasesFrom, false);
  const verdicts: FrameVerdict[] = [];
  for (const settled of [early.take(room.slot, count, waiting), early.finish()]) {
    for (const run of settled) {
      verdicts.push(...readVerdicts(room.memory, run.batch, run.count, names));
      onRun?.(run);
    }
  }
  return verdicts;
}

function createRoom(traced: boolean): Room {
  const memory = createMemory();
  return {
    memory,
    slot: allocateSlot(memory, 1 << 18, traced),
    walk: allocate(memory, WALK_SIZE),
  };
}

/** Little-endian nanosecond records, frames as `encodeFrame` writes them. */
function writeRecords(target: Uint8Array, packets: readonly Packet[]): number {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  let at = 0;
  for (const packet of packets) {
    const frame = encodeFrame(packet);
    view.setUint32(at, Number(packet.timeNs / 1_000_000_000n), true);
    view.setUint32(at + 4, Number(packet.timeNs % 1_000_000_000n), true);
    view.setUint32(at + 8, frame.length, true);
    view.setUint32(at + 12, frame.length, true);
    target.set(frame, at + RECORD_HEADER);
    at += RECORD_HEADER + frame.length;
  }
  return at;
}
