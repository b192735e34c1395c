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
import { MOST_NS, admit, createAdmission, isFull } from './admission.js';
import { type CaptureReader, FIRST_CHUNK, summarize, timeOfFrame } from './capture-reader.js';
import { type Desk, type FrameStream, type OpenFrames, createDesk } from './frame-stream.js';
import { type OpenRoom, type OpenSlot, allocateRoom, batchExtent, open } from './slot.js';

/** Captures that stay open from the beginning; others are opened when their time comes. */
const OPEN_AT_ONCE = 64;
/** Every open capture takes memory and a descriptor. */
const OPEN_MAX = 1000;
/** A frame has 16 bits to tell its capture. */
const CAPTURES_MAX = 60_000;

/** Kernel memory for one open capture. */
interface Station {
  readonly desk: Desk;
  readonly room: OpenRoom;
}

/** A capture among others, and its next frame. */
interface Merged {
  readonly stream: FrameStream;
  readonly index: number;
  readonly station: Station;
  frames: number;
  next: number;
  latestNs: bigint;
  /** Link types that it had told of. */
  linkTypes: number;
}

/** A capture whose time has not come. */
interface Waiting {
  readonly index: number;
  readonly firstNs: bigint;
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
  openFrames: OpenFrames,
  networkCount: number,
): Promise<CaptureReader> {
  if (sources.length > CAPTURES_MAX) throw tooMany(`${sources.length} captures are more than`);
  const admission = createAdmission(memory, sources.length + networkCount);
  const spans = admission.captureView;
  const streams: FrameStream[] = [];
  const linkTypes = new Set<number>();
  const idle: Station[] = [];
  // Latest first, so that the next one is taken from the end.
  const queue: Merged[] = [];
  const waiting: Waiting[] = [];

  const begin = async (source: CaptureSource, index: number): Promise<Merged | undefined> => {
    const station = idle.pop() ?? createStation(kernel, memory);
    const stream = await openFrames(source, index, station.desk, FIRST_CHUNK);
    streams[index] = stream;
    const merged = { stream, index, station, frames: 0, next: 0, latestNs: 0n, linkTypes: 0 };
    if (!(await advance(merged))) return undefined;
    merged.latestNs = headTime(merged);
    return merged;
  };
  /** Reads a capture on; at its end, gives back what it took. */
  const advance = async (merged: Merged): Promise<boolean> => {
    const { stream, station } = merged;
    const more = await stream.next(station.room);
    if (stream.linkTypes.size > merged.linkTypes) {
      for (const linkType of stream.linkTypes) linkTypes.add(linkType);
      merged.linkTypes = stream.linkTypes.size;
    }
    merged.frames = more ? batchExtent(station.room).frames : 0;
    merged.next = 0;
    if (!more) end(merged);
    return more;
  };
  const end = ({ stream, station }: Merged): void => {
    stream.source.close();
    idle.push(station);
  };
  const enqueue = (merged: Merged): void => {
    if (queue.length === OPEN_MAX)
      throw tooMany(`more than ${OPEN_MAX} captures of one time are more than`);
    queue.splice(placeOf(queue, merged), 0, merged);
  };
  /** Opens the captures that begin before the next frame. */
  const admitWaiting = async (): Promise<void> => {
    for (let first = waiting.at(-1); first !== undefined; first = waiting.at(-1)) {
      const head = queue.at(-1);
      if (head !== undefined && first.firstNs > headTime(head)) return;
      waiting.pop();
      const merged = await begin(sources[first.index]!.again!(), first.index);
      if (merged !== undefined) enqueue(merged);
    }
  };

  for (const [index, source] of sources.entries()) {
    const merged = await begin(source, index);
    spans.setBigInt64(index * CAPTURE_SIZE + CAPTURE_FROM, merged?.latestNs ?? MOST_NS, true);
    if (merged === undefined) continue;
    if (queue.length < OPEN_AT_ONCE || source.again === undefined) {
      enqueue(merged);
    } else {
      waiting.push({ index, firstNs: merged.latestNs });
      end(merged);
    }
  }
  waiting.sort((one, other) =>
    one.firstNs === other.firstNs ? other.index - one.index : one.firstNs < other.firstNs ? 1 : -1,
  );
  await admitWaiting();

  const next = async (slot: OpenSlot): Promise<boolean> => {
    if (isFull(admission) || queue.length === 0) return false;
    const { batchView, records, framesMax } = slot;
    let to = records;
    let fetched = false;
    batchView.setUint32(BATCH_FRAMES, 0, true);
    for (let frames = 0; frames < framesMax && to < records + chunkBytes && !fetched; frames++) {
      const merged = queue.at(-1);
      if (merged === undefined) break;
      const { room } = merged.station;
      const timeNs = headTime(merged);
      if (timeNs > merged.latestNs) merged.latestNs = timeNs;
      to = kernel.moveFrame(slot.batch, room.table + merged.next * FRAME_SIZE, to);
      merged.next++;
      if (merged.next === merged.frames) {
        // A pipe that speaks seldom is judged as it speaks.
        fetched = true;
        if (!(await advance(merged))) {
          queue.pop();
          spans.setBigInt64(merged.index * CAPTURE_SIZE + CAPTURE_TO, merged.latestNs, true);
        }
      }
      if (queue.length > 1 && queue.at(-1) === merged && isLater(merged, queue.at(-2)!)) {
        queue.pop();
        queue.splice(placeOf(queue, merged), 0, merged);
      }
      if (waiting.length > 0) await admitWaiting();
    }
    admit(kernel, admission, slot.batch, linkTypes);
    return true;
  };
  return {
    next,
    firstTimeNs: queue.length === 0 ? 0n : headTime(queue.at(-1)!),
    admission,
    linkTypes,
    summaries: () => streams.map((stream, index) => summarize(stream, index, admission)),
    bytesRead: () => streams.reduce((sum, stream) => sum + stream.bytesRead(), 0),
  };
}

function tooMany(what: string): Error {
  const fix = 'merge some of them with `mergecap`';
  return inputError('usage', '-r', `${what} can be merged at once`, fix);
}

function createStation(kernel: KernelExports, memory: WebAssembly.Memory): Station {
  return {
    desk: createDesk(kernel, memory),
    room: open(memory, allocateRoom(memory, FIRST_CHUNK)),
  };
}

const headTime = ({ station, next }: Merged): bigint => timeOfFrame(station.room, next);

/** Whether a capture's next frame comes after another's. */
function isLater(one: Merged, other: Merged): boolean {
  const high = upper(one) - upper(other);
  if (high !== 0) return high > 0;
  const low = lower(one) - lower(other);
  return low === 0 ? one.index > other.index : low > 0;
}

// A time in two words, because big integers are slow.
const upper = ({ station, next }: Merged): number =>
  station.room.tableView.getInt32(next * FRAME_SIZE + FRAME_TIME + 4, true);
const lower = ({ station, next }: Merged): number =>
  station.room.tableView.getUint32(next * FRAME_SIZE + FRAME_TIME, true);

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
