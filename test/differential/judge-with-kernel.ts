import { compileImage } from '../../src/compile/rule-image.js';
import { createEngine, shareImages } from '../../src/engine/engine.js';
import { compileKernel } from '../../src/engine/kernel-module.js';
import { allocate, bytesAt, createMemory, viewAt } from '../../src/engine/memory.js';
import { readVerdicts } from '../../src/engine/verdicts.js';
import { encodeFrame } from '../../src/generate/frame.js';
import {
  FORMAT_NANOSECONDS,
  RECORD_HEADER,
  WALK_FORMAT,
  WALK_LINK_TYPE,
  WALK_SIZE,
} from '../../src/kernel/layout.js';
import type { Packet } from '../../src/model/packet.js';
import type { TrackingOptions } from '../../src/model/tracking.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import type { Timeline } from '../../src/policy/timeline.js';
import { createAdmission } from '../../src/replay/admission.js';
import { createEarlyFragments } from '../../src/replay/early-fragments.js';
import { allocateSlot } from '../../src/replay/slot.js';

export type Judge = (
  timeline: Timeline,
  options: TrackingOptions,
  packets: readonly Packet[],
) => FrameVerdict[];

/** Worlds that one memory serves before it is left to the collector: each takes some pages for good. */
const WORLDS_PER_MEMORY = 150;

/** Judges packets by the real path: frames, walk, decode, judge, verdict rows. */
export function createKernelJudge(module = compileKernel()): Judge {
  let memory = createMemory();
  let room = createRoom(memory);
  let worlds = 0;
  return ({ phases, rules }, options, packets) => {
    if (worlds++ === WORLDS_PER_MEMORY) {
      memory = createMemory();
      room = createRoom(memory);
      worlds = 1;
    }
    const images = phases.map(({ fromNs, policy }) => ({
      fromNs,
      image: compileImage(policy, rules.length),
    }));
    const share = shareImages(module, memory, images, options, 7n);
    const engine = createEngine(share);
    const { slot, walk } = room;
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
    const waiting = kernel.judge(slot.rows, slot.verdicts, count, slot.table, 0, 1, 0);
    const names = {
      interfaces: phases[0]!.policy.interfaces.map(({ eni }) => eni.id),
      rules: rules.map(({ id }) => id),
    };
    const early = createEarlyFragments(
      share,
      phases.map(({ fromNs }) => fromNs),
      false,
    );
    const verdicts: FrameVerdict[] = [];
    for (const settled of [early.take(slot, count, waiting), early.finish()]) {
      for (const run of settled) {
        verdicts.push(...readVerdicts(memory, run.batch, run.count, names));
      }
    }
    return verdicts;
  };
}

function createRoom(memory: WebAssembly.Memory) {
  return { slot: allocateSlot(memory, 1 << 18), walk: allocate(memory, WALK_SIZE) };
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
