import { BATCH_FRAMES, FRAME_SIZE, FRAME_TIME } from '../kernel/layout.js';
import { linkTypeName } from '../capture/link-type.js';
import type { CaptureSource } from '../capture/source.js';
import type { KernelExports } from '../engine/kernel-module.js';
import type { CaptureSummary } from '../model/outcome.js';
import { type Admission, admit, admittedOf, createAdmission, isFull } from './admission.js';
import type { HandedReading } from './handed-reading.js';
import { type FrameStream, type OpenFrames, createDesk } from './frame-stream.js';
import { type OpenRoom, type OpenSlot, allocateRoom, batchExtent, open } from './slot.js';

/** Cuts captures into batches of the frames that are to be judged. */
export interface CaptureReader {
  /** Fills a slot with the next batch; false at the end. A batch may be empty. Throws InputError. */
  next(slot: OpenSlot): Promise<boolean>;
  /** Time of the first packet; 0 in an empty capture. */
  readonly firstTimeNs: bigint;
  readonly admission: Admission;
  /** Link types that the captures have told of so far. */
  readonly linkTypes: ReadonlySet<number>;
  /** What was read so far of each capture. */
  summaries(): CaptureSummary[];
  /** Bytes of the captures that batches have covered. */
  bytesRead(): number;
  /** Lets other threads fill slots in its place, where they can; until `takeBack` no slot is to be filled here: see FrameStream. */
  handOver?(positionNow: () => number): HandedReading | undefined;
  takeBack?(reading: HandedReading): void;
}

/** Bytes of the first batch: the time of the first frame must be known before anything can be judged. */
export const FIRST_CHUNK = 1 << 16;

/** Reads the beginning of a capture. Throws InputError when the source is none. */
export async function createCaptureReader(
  source: CaptureSource,
  kernel: KernelExports,
  memory: WebAssembly.Memory,
  chunkBytes: number,
  openFrames: OpenFrames,
  networkCount: number,
): Promise<CaptureReader> {
  const admission = createAdmission(memory, 1 + networkCount);
  const stream = await openFrames(source, 0, createDesk(kernel, memory), chunkBytes);
  const first = open(memory, allocateRoom(memory, Math.min(FIRST_CHUNK, chunkBytes)));
  let waits = await stream.next(first);
  const firstTimeNs = waits ? timeOfFrame(first, 0) : 0n;

  const next = async (slot: OpenSlot): Promise<boolean> => {
    if (isFull(admission)) return false;
    if (waits) {
      moveBatch(kernel, first, slot);
      waits = false;
    } else if (!(await stream.next(slot))) {
      return false;
    }
    admit(kernel, admission, slot.batch, stream.linkTypes);
    return true;
  };
  return {
    next,
    firstTimeNs,
    admission,
    linkTypes: stream.linkTypes,
    summaries: () => [summarize(stream, 0, admission)],
    bytesRead: () => stream.bytesRead(),
    handOver: (positionNow) =>
      waits || isFull(admission) ? undefined : stream.handOver?.(positionNow),
    takeBack: (reading) => {
      stream.takeBack!(reading);
      admission.filter?.check();
    },
  };
}

/** Time of a frame in a room, in nanoseconds. */
export function timeOfFrame({ tableView }: OpenRoom, index: number): bigint {
  return tableView.getBigInt64(index * FRAME_SIZE + FRAME_TIME, true);
}

/** Copies a batch that fits: the first one is not larger than any slot. */
function moveBatch(kernel: KernelExports, from: OpenRoom, to: OpenSlot): void {
  const { frames } = batchExtent(from);
  let end = to.records;
  to.batchView.setUint32(BATCH_FRAMES, 0, true);
  for (let i = 0; i < frames; i++) {
    end = kernel.moveFrame(to.batch, from.table + i * FRAME_SIZE, end);
  }
}

/** Nobody reads more of them; a file can tell of 65,536. */
const NAMED_MAX = 16;

function nameLinkTypes(linkTypes: ReadonlySet<number>): string {
  const names = [...linkTypes].slice(0, NAMED_MAX).map(linkTypeName);
  const more = linkTypes.size - names.length;
  return more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`;
}

/** What was read of the `capture`th capture so far. */
export function summarize(
  stream: FrameStream,
  capture: number,
  admission: Admission,
): CaptureSummary {
  const { source, format } = stream;
  const { packets, bytes, firstTimeNs, lastTimeNs, disordered, overlong, untimed } = admittedOf(
    admission,
    capture,
  );
  const stopped = stream.stopped();
  return {
    name: source.name,
    ...(source.takenAt === undefined ? {} : { takenAt: source.takenAt }),
    format,
    linkType: nameLinkTypes(stream.linkTypes),
    packets,
    bytes,
    ...(firstTimeNs === undefined || lastTimeNs === undefined ? {} : { firstTimeNs, lastTimeNs }),
    disordered,
    overlong,
    untimed,
    ...(stopped === undefined ? {} : { stopped }),
  };
}
