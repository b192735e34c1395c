import {
  BATCH_FRAMES,
  BATCH_TABLE,
  CARD_SIZE,
  FAULT_BLOCK_ENDS,
  FAULT_BLOCK_LENGTH,
  FAULT_INTERFACE,
  FAULT_OVERLONG,
  FAULT_SHORT_BLOCK,
  CAPTURED_MAX,
  FORMAT_SWAPPED,
  FRAME_SIZE,
  NEXT_BLOCK,
  WALK_CAPTURE,
  NEXT_DAMAGED,
  WALK_FAULT,
  WALK_FORMAT,
  WALK_FRAMES,
  WALK_INTERFACES,
  WALK_LINK_TYPE,
  WALK_SIZE,
  WALK_SKIP,
  NEXT_SKIP,
} from '../kernel/layout.js';
import type { CaptureSource } from '../capture/source.js';
import type { KernelExports } from '../engine/kernel-module.js';
import { allocate, bytesAt, viewAt } from '../engine/memory.js';
import { inputError } from '../model/diagnostic.js';
import type { CaptureSummary } from '../model/outcome.js';
import { INTERFACES_MAX, readBlock } from './section.js';
import { readStart } from './capture-start.js';
import type { HandedReading } from './handed-reading.js';
import { type OpenRoom, batchExtent } from './slot.js';

/** One capture as frames in memory, batch by batch. */
export interface FrameStream {
  readonly source: CaptureSource;
  /** What the file is, e.g. `pcap, little-endian, microseconds`. */
  readonly format: string;
  /** Link types that the capture has told of so far. */
  readonly linkTypes: ReadonlySet<number>;
  /** Fills a room with the next frames, one at least; false at the end. Throws InputError. */
  next(room: OpenRoom): Promise<boolean>;
  /** Bytes of the capture that were passed: of the file, where the source tells. */
  bytesRead(): number;
  /**
   * Lets other threads read on in its place, where they can; until `takeBack` only `bytesRead` is asked of it, which goes by
   * `positionNow`, in the file.
   */
  handOver?(positionNow: () => number): HandedReading | undefined;
  takeBack?(reading: HandedReading): void;
  /** Why reading ended before the capture did: the frame that could not be read, from 1, and what is wrong. */
  stopped(): CaptureSummary['stopped'];
}

const FAULTS: Readonly<Record<number, string>> = {
  [FAULT_OVERLONG]: `the record claims more than ${CAPTURED_MAX} captured bytes; what follows cannot be found`,
  [FAULT_BLOCK_LENGTH]: 'the block has a length that no block has; what follows cannot be found',
  [FAULT_BLOCK_ENDS]: 'the block tells two different lengths; what follows cannot be found',
  [FAULT_INTERFACE]: 'the packet is from an interface that its section has not described',
  [FAULT_SHORT_BLOCK]: 'the block is too short for the packet that it claims to hold',
};

/** Kernel memory that serves the reading of one capture at a time. */
export interface Desk {
  readonly kernel: KernelExports;
  readonly memory: WebAssembly.Memory;
  /** Address, see layout.ts. */
  readonly walk: number;
  /** The interfaces of a pcapng section; taken when the first such capture comes. */
  cards?: { readonly address: number; readonly view: DataView };
}

export function createDesk(kernel: KernelExports, memory: WebAssembly.Memory): Desk {
  return { kernel, memory, walk: allocate(memory, WALK_SIZE) };
}

/** Begins to read the `capture`th capture; see `openFrames`. */
export type OpenFrames = (
  source: CaptureSource,
  capture: number,
  desk: Desk,
  chunkBytes: number,
) => Promise<FrameStream>;

/** Reads the first bytes of the `capture`th capture. Throws InputError when it is none. */
export async function openFrames(
  source: CaptureSource,
  capture: number,
  desk: Desk,
  chunkBytes: number,
): Promise<FrameStream> {
  const start = await readStart(source);
  const { kernel, memory, walk } = desk;
  const view = viewAt(memory, walk, WALK_SIZE);
  bytesAt(memory, walk, WALK_SIZE).fill(0);
  view.setUint32(WALK_FORMAT, start.flags, true);
  view.setUint32(WALK_LINK_TYPE, start.linkType ?? 0, true);
  view.setUint32(WALK_CAPTURE, capture, true);
  const linkTypes = new Set(start.linkType === undefined ? [] : [start.linkType]);
  const cards = start.linkType === undefined ? cardsOf(desk) : undefined;
  view.setUint32(WALK_INTERFACES, cards?.address ?? 0, true);
  // What the batch before left: the beginning of a record, or records that had no room.
  let rest: Uint8Array = start.rest;
  let bytesRead = start.size;
  let ended = false;
  let stopped: ReturnType<FrameStream['stopped']>;
  let handedTo: (() => number) | undefined;

  const stop = (fact: string, amid = false): false => {
    const frame = Number(view.getBigUint64(WALK_FRAMES, true)) + 1;
    stopped = { frame, fact, ...(amid && { amid }) };
    rest = rest.subarray(0, 0);
    ended = true;
    return false;
  };
  const read = async (target: Uint8Array): Promise<number> => {
    const count = ended ? 0 : await source.read(target);
    ended = count === 0;
    return count;
  };
  const next = async (room: OpenRoom): Promise<boolean> => {
    const { recordBytes: records } = room;
    records.set(rest);
    let from = 0;
    let size = rest.length;
    let found = 0;
    for (;;) {
      const at = room.records + from;
      room.batchView.setUint32(BATCH_TABLE, room.table + found * FRAME_SIZE, true);
      const why = kernel.walk(walk, room.batch, at, room.records + size, room.framesMax - found);
      const { frames, bytes } = batchExtent(room);
      found += frames;
      from += bytes;
      bytesRead += bytes;
      rest = records.subarray(from, size);
      if (stopped !== undefined) return false;
      const block = why === NEXT_BLOCK ? readBlock(rest, view, cards!.view) : undefined;
      // A frame behind every block must not cost a batch.
      if (found > 0 && block?.kind !== 'read') {
        room.batchView.setUint32(BATCH_TABLE, room.table, true);
        room.batchView.setUint32(BATCH_FRAMES, found, true);
        return true;
      }
      if (why === NEXT_DAMAGED) return stop(FAULTS[view.getUint32(WALK_FAULT, true)]!);
      if (block !== undefined) {
        if (block.kind === 'fault' && bytesRead === 0) {
          const fix = 'capture again, or name another file';
          throw inputError('capture-header', source.name, block.fact, fix);
        }
        if (block.kind === 'fault') return stop(block.fact);
        if (block.kind === 'read') {
          if (block.linkType !== undefined) linkTypes.add(block.linkType);
          from += block.size;
          bytesRead += block.size;
          continue;
        }
      }
      if (why === NEXT_SKIP) {
        const skip = Number(view.getBigUint64(WALK_SKIP, true));
        const { left, last } = await skipBytes(read, records, rest, skip - rest.length);
        bytesRead += skip - left;
        if (left > 0) return stop(cutRecord(skip - left));
        const swapped = (view.getUint32(WALK_FORMAT, true) & FORMAT_SWAPPED) !== 0;
        if (last.getUint32(0, !swapped) !== skip) return stop(FAULTS[FAULT_BLOCK_ENDS]!);
        from = 0;
        size = 0;
        continue;
      }
      records.copyWithin(0, from, size);
      size -= from;
      from = 0;
      const count = await read(records.subarray(size, Math.min(records.length, size + chunkBytes)));
      size += count;
      rest = records.subarray(0, size);
      if (count > 0) continue;
      const damage = source.damage?.();
      if (damage !== undefined) return stop(damage, source.formatText?.() !== undefined);
      return size > 0 ? stop(cutRecord(size)) : false;
    }
  };
  const handOver = (positionNow: () => number): HandedReading | undefined => {
    const file = ended || stopped !== undefined ? undefined : source.plainFile?.();
    if (file === undefined || !(rest.buffer instanceof SharedArrayBuffer)) return undefined;
    handedTo = positionNow;
    const { descriptor } = file;
    return {
      descriptor,
      walk,
      position: file.position(),
      rest: rest.byteOffset,
      size: rest.length,
    };
  };
  const takeBack = ({ position, rest: at, size }: HandedReading): void => {
    handedTo = undefined;
    source.plainFile!()!.seek(position);
    rest = bytesAt(memory, at, size);
    bytesRead = position - size;
  };
  return {
    source,
    get format() {
      return source.formatText?.() ?? start.format;
    },
    linkTypes,
    next,
    handOver,
    takeBack,
    bytesRead: () => handedTo?.() ?? source.bytesConsumed?.() ?? bytesRead,
    stopped: () => stopped,
  };
}

function cardsOf(desk: Desk): NonNullable<Desk['cards']> {
  if (desk.cards === undefined) {
    const address = allocate(desk.memory, INTERFACES_MAX * CARD_SIZE);
    desk.cards = { address, view: viewAt(desk.memory, address, INTERFACES_MAX * CARD_SIZE) };
  }
  return desk.cards;
}

/**
 * Passes over bytes that are not in memory yet, `rest` being those before them; tells how many there were not, and the
 * last four.
 */
async function skipBytes(
  read: (target: Uint8Array) => Promise<number>,
  scratch: Uint8Array,
  rest: Uint8Array,
  count: number,
): Promise<{ readonly left: number; readonly last: DataView }> {
  let last = rest.slice(-4);
  let left = count;
  while (left > 0) {
    const some = await read(scratch.subarray(0, Math.min(scratch.length, left)));
    if (some === 0) break;
    left -= some;
    last = Uint8Array.of(...last, ...scratch.subarray(Math.max(0, some - 4), some)).slice(-4);
  }
  return { left, last: new DataView(last.buffer) };
}

/** What is said about a record whose end is missing. */
const cutRecord = (bytes: number): string => `the record is cut off after ${bytes} bytes`;
