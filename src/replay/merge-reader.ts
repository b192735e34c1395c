import {
  BATCH_FRAMES,
  CAPTURE_FROM,
  CAPTURE_SIZE,
  CAPTURE_TO,
  FRAME_SIZE,
  FRAME_TIME,
} from '../kernel/layout.js';
import type { CaptureSource } from '../capture/source.js';
import type { KernelExports } from '../engine/kernel-module.js';
import { inputError } from '../model/diagnostic.js';
import { admit, createAdmission, isFull } from './admission.js';
import { type CaptureReader, FIRST_CHUNK, summarize, timeOfFrame } from './capture-reader.js';
import { type FrameStream, openFrames } from './frame-stream.js';
import { type OpenRoom, type OpenSlot, allocateRoom, batchExtent, open } from './slot.js';

/** Every open capture takes memory and a descriptor. */
const CAPTURES_MAX = 1000;

/** A capture among others, and its next frame. */
interface Merged {
  readonly stream: FrameStream;
  readonly index: number;
  readonly room: OpenRoom;
  frames: number;
  next: number;
  latestNs: bigint;
}

/**
 * Merges captures by time; of frames with one time, that of the capture named first comes first. A capture that is not in
 * order comes out as it is. Throws InputError when one of them is no capture.
 */
export async function createMergeReader(
  sources: readonly CaptureSource[],
  kernel: KernelExports,
  memory: WebAssembly.Memory,
  chunkBytes: number,
): Promise<CaptureReader> {
  if (sources.length > CAPTURES_MAX) {
    const fact = `${sources.length} captures are more than can be merged at once`;
    throw inputError('usage', '-r', fact, 'merge some of them with `mergecap`');
  }
  const admission = createAdmission(memory, sources.length);
  const spans = admission.captureView;
  const streams: FrameStream[] = [];
  const linkTypes = new Set<number>();
  // Latest first, so that the next one is taken from the end.
  const queue: Merged[] = [];
  for (const [index, source] of sources.entries()) {
    const stream = await openFrames(source, index, kernel, memory, FIRST_CHUNK);
    streams.push(stream);
    const room = open(memory, allocateRoom(memory, FIRST_CHUNK));
    const merged: Merged = { stream, index, room, frames: 0, next: 0, latestNs: 0n };
    if (!(await fetch(merged, linkTypes))) continue;
    merged.latestNs = timeOfFrame(room, 0);
    spans.setBigInt64(index * CAPTURE_SIZE + CAPTURE_FROM, merged.latestNs, true);
    queue.splice(placeOf(queue, merged), 0, merged);
  }

  const next = async (slot: OpenSlot): Promise<boolean> => {
    if (isFull(admission) || queue.length === 0) return false;
    const { batchView, records, framesMax } = slot;
    let end = records;
    let fetched = false;
    batchView.setUint32(BATCH_FRAMES, 0, true);
    for (let frames = 0; frames < framesMax && end < records + chunkBytes && !fetched; frames++) {
      const merged = queue.at(-1);
      if (merged === undefined) break;
      const { room } = merged;
      const timeNs = timeOfFrame(room, merged.next);
      if (timeNs > merged.latestNs) merged.latestNs = timeNs;
      end = kernel.moveFrame(slot.batch, room.table + merged.next * FRAME_SIZE, end);
      merged.next++;
      if (merged.next === merged.frames) {
        // A pipe that speaks seldom is judged as it speaks.
        fetched = true;
        if (!(await fetch(merged, linkTypes))) {
          queue.pop();
          spans.setBigInt64(merged.index * CAPTURE_SIZE + CAPTURE_TO, merged.latestNs, true);
          continue;
        }
      }
      if (queue.length > 1 && isLater(merged, queue.at(-2)!)) {
        queue.pop();
        queue.splice(placeOf(queue, merged), 0, merged);
      }
    }
    admit(kernel, admission, slot.batch, linkTypes);
    return true;
  };
  return {
    next,
    firstTimeNs: queue.length === 0 ? 0n : timeOfFrame(queue.at(-1)!.room, 0),
    admission,
    summaries: () => streams.map((stream, index) => summarize(stream, index, admission)),
    bytesRead: () => streams.reduce((sum, stream) => sum + stream.bytesRead(), 0),
  };
}

/** Reads a capture on; false at its end. Throws InputError. */
async function fetch(merged: Merged, linkTypes: Set<number>): Promise<boolean> {
  const more = await merged.stream.next(merged.room);
  for (const linkType of merged.stream.linkTypes) linkTypes.add(linkType);
  merged.frames = more ? batchExtent(merged.room).frames : 0;
  merged.next = 0;
  return more;
}

/** Whether a capture's next frame comes after another's. */
function isLater(one: Merged, other: Merged): boolean {
  const high = upper(one) - upper(other);
  if (high !== 0) return high > 0;
  const low = lower(one) - lower(other);
  return low === 0 ? one.index > other.index : low > 0;
}

// A time in two words, because big integers are slow.
const upper = ({ room, next }: Merged): number =>
  room.tableView.getInt32(next * FRAME_SIZE + FRAME_TIME + 4, true);
const lower = ({ room, next }: Merged): number =>
  room.tableView.getUint32(next * FRAME_SIZE + FRAME_TIME, true);

/** Where a capture belongs among those in order, the latest first. */
function placeOf(queue: readonly Merged[], merged: Merged): number {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isLater(queue[middle]!, merged)) low = middle + 1;
    else high = middle;
  }
  return low;
}
