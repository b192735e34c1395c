import {
  BATCH_BYTES,
  BATCH_FIRST_FRAME,
  BATCH_FRAMES,
  BATCH_SIZE,
  CAPTURED_MAX,
  RECORD_HEADER,
  ROW_SIZE,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import { allocate, bytesAt, viewAt } from '../engine/memory.js';

/** Room for one batch in shared memory: its records, rows and verdicts. All are addresses or sizes in bytes. */
export interface Slot {
  readonly batch: number;
  readonly records: number;
  readonly recordsSize: number;
  readonly rows: number;
  readonly verdicts: number;
  readonly framesMax: number;
}

/** Smallest records that are expected in numbers: shorter ones only make a batch end early. */
const USUAL_RECORD = 64;

/** A slot that takes `chunkBytes` at a time, beside what the batch before left over. */
export function allocateSlot(memory: WebAssembly.Memory, chunkBytes: number): Slot {
  const framesMax = Math.max(64, Math.ceil(chunkBytes / USUAL_RECORD));
  const recordsSize = chunkBytes + CAPTURED_MAX + RECORD_HEADER;
  return {
    batch: allocate(memory, BATCH_SIZE),
    records: allocate(memory, recordsSize),
    recordsSize,
    rows: allocate(memory, framesMax * ROW_SIZE),
    verdicts: allocate(memory, framesMax * VERDICT_SIZE),
    framesMax,
  };
}

/** A slot as one thread sees it: views are made once, for each costs the collector as much as the memory is large. */
export interface OpenSlot extends Slot {
  readonly recordBytes: Uint8Array;
  readonly batchView: DataView;
}

export function openSlot(memory: WebAssembly.Memory, slot: Slot): OpenSlot {
  return {
    ...slot,
    recordBytes: bytesAt(memory, slot.records, slot.recordsSize),
    batchView: viewAt(memory, slot.batch, BATCH_SIZE),
  };
}

/** Frames in a slot's batch, the number of the first, and how many bytes their records take. */
export function batchExtent({ batchView: view }: OpenSlot): {
  frames: number;
  firstFrame: bigint;
  bytes: number;
} {
  return {
    frames: view.getUint32(BATCH_FRAMES, true),
    firstFrame: view.getBigUint64(BATCH_FIRST_FRAME, true),
    bytes: view.getUint32(BATCH_BYTES, true),
  };
}
