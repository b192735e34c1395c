import {
  BATCH_BYTES,
  BATCH_FRAMES,
  BATCH_SIZE,
  BATCH_TABLE,
  BLOCK_MAX,
  FRAME_SIZE,
  ORDER_HEADER,
  ROW_SIZE,
  TRACE_SIZE,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import { allocate, bytesAt, viewAt } from '../engine/memory.js';

/** Room for one batch of frames in shared memory. All are addresses or sizes in bytes. */
export interface FrameRoom {
  readonly batch: number;
  /** Bytes of the capture: the frames, and what stands around them in the file. */
  readonly records: number;
  readonly recordsSize: number;
  /** Where each frame is: see layout.ts. */
  readonly table: number;
  readonly framesMax: number;
}

/** Room for a batch and what becomes of it. */
export interface Slot extends FrameRoom {
  readonly rows: number;
  readonly verdicts: number;
  /** What was remembered before each row was judged; 0 unless somebody asks. */
  readonly traces: number;
  /** A list of the rows of each shard, and the size of one; 0 for one shard. */
  readonly orders: number;
  readonly orderSize: number;
}

/** Bytes of a batch: worth the promises that reading it takes, and handing it over when several threads judge. */
export const CHUNK_BYTES = 1 << 19;

/** Smallest records that are expected in numbers: shorter ones only make a batch end early. */
const USUAL_RECORD = 64;

/** Most frames of a batch of `chunkBytes`. */
export function framesIn(chunkBytes: number): number {
  return Math.max(64, Math.ceil(chunkBytes / USUAL_RECORD));
}

/** A room that takes `chunkBytes` at a time, beside what the batch before left over. */
export function allocateRoom(memory: WebAssembly.Memory, chunkBytes: number): FrameRoom {
  const framesMax = framesIn(chunkBytes);
  const recordsSize = chunkBytes + BLOCK_MAX;
  const room = {
    batch: allocate(memory, BATCH_SIZE),
    records: allocate(memory, recordsSize),
    recordsSize,
    table: allocate(memory, framesMax * FRAME_SIZE),
    framesMax,
  };
  viewAt(memory, room.batch, BATCH_SIZE).setUint32(BATCH_TABLE, room.table, true);
  return room;
}

export function allocateSlot(
  memory: WebAssembly.Memory,
  chunkBytes: number,
  traced = false,
  shards = 1,
): Slot {
  const room = allocateRoom(memory, chunkBytes);
  const orderSize = ORDER_HEADER + room.framesMax * 4;
  return {
    ...room,
    rows: allocate(memory, room.framesMax * ROW_SIZE),
    verdicts: allocate(memory, room.framesMax * VERDICT_SIZE),
    traces: traced ? allocate(memory, room.framesMax * TRACE_SIZE) : 0,
    orders: shards > 1 ? allocate(memory, shards * orderSize) : 0,
    orderSize,
  };
}

/** A room as one thread sees it: views are made once, for each costs the collector as much as the memory is large. */
export type Opened<Room extends FrameRoom> = Room & {
  readonly recordBytes: Uint8Array;
  readonly batchView: DataView;
  readonly tableView: DataView;
};

export type OpenRoom = Opened<FrameRoom>;
export type OpenSlot = Opened<Slot>;

export function open<Room extends FrameRoom>(memory: WebAssembly.Memory, room: Room): Opened<Room> {
  return {
    ...room,
    recordBytes: bytesAt(memory, room.records, room.recordsSize),
    batchView: viewAt(memory, room.batch, BATCH_SIZE),
    tableView: viewAt(memory, room.table, room.framesMax * FRAME_SIZE),
  };
}

/** Frames in a room's batch, and how many bytes of the capture it covers. */
export function batchExtent({ batchView: view }: OpenRoom): { frames: number; bytes: number } {
  return {
    frames: view.getUint32(BATCH_FRAMES, true),
    bytes: view.getUint32(BATCH_BYTES, true),
  };
}
