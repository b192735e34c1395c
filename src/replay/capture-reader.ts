import {
  BATCH_FORMAT,
  BATCH_LINK_TYPE,
  FORMAT_NANOSECONDS,
  FORMAT_SWAPPED,
  RECORD_HEADER,
  WALK_BYTES,
  WALK_DISORDERED,
  WALK_EARLIEST,
  WALK_FRAMES,
  WALK_LATEST,
  WALK_OVERLONG,
  WALK_SIZE,
} from '../kernel/layout.js';
import { linkTypeName } from '../capture/link-type.js';
import {
  PCAP_HEADER_SIZE,
  type PcapHeader,
  describePcap,
  parsePcapHeader,
} from '../capture/pcap-header.js';
import { cutRecord, overlongRecord } from './record-stream.js';
import { type CaptureSource, readFully } from '../capture/source.js';
import type { KernelExports } from '../engine/kernel-module.js';
import { allocate, viewAt } from '../engine/memory.js';
import type { CaptureSummary } from '../model/outcome.js';
import { type OpenSlot, batchExtent } from './slot.js';

/** Cuts a capture into batches of whole records. */
export interface CaptureReader {
  /** Fills a slot with the next batch; false at the end. Throws InputError. */
  next(slot: OpenSlot): Promise<boolean>;
  /** Time of the first packet; 0 in an empty capture. */
  readonly firstTimeNs: bigint;
  /** Table of the captures, when there are several: its address, see layout.ts. */
  readonly captures?: { readonly table: number; readonly count: number };
  /** What was read so far of each capture. */
  summaries(): CaptureSummary[];
  /** Bytes of the files that batches have covered. */
  bytesRead(): number;
}

/** Reads the file header. Throws InputError when the source is no capture. */
export async function createCaptureReader(
  source: CaptureSource,
  kernel: KernelExports,
  memory: WebAssembly.Memory,
  chunkBytes: number,
): Promise<CaptureReader> {
  const header = new Uint8Array(PCAP_HEADER_SIZE);
  const headerBytes = await readFully(source, header);
  const format = parsePcapHeader(source.name, header.subarray(0, headerBytes));
  const flags =
    (format.swapped ? FORMAT_SWAPPED : 0) | (format.nanoseconds ? FORMAT_NANOSECONDS : 0);
  const found = allocate(memory, WALK_SIZE);
  const foundView = viewAt(memory, found, WALK_SIZE);
  const frames = (): number => Number(foundView.getBigUint64(WALK_FRAMES, true));
  // What the batch before left: the beginning of a record, or records that had no room.
  const first = new Uint8Array(RECORD_HEADER);
  let rest: Uint8Array = first.subarray(0, await readFully(source, first));
  const firstTimeNs = rest.length < RECORD_HEADER ? 0n : recordTimeNs(rest, format);
  let ended = false;
  let stopped: CaptureSummary['stopped'];
  let bytesRead = headerBytes;

  const next = async (slot: OpenSlot): Promise<boolean> => {
    const { recordBytes: records, batchView: batch } = slot;
    records.set(rest);
    let size = rest.length;
    batch.setUint32(BATCH_LINK_TYPE, format.linkType, true);
    batch.setUint32(BATCH_FORMAT, flags, true);
    for (;;) {
      if (!ended && size < slot.recordsSize) {
        const room = records.subarray(size, Math.min(slot.recordsSize, size + chunkBytes));
        const count = await source.read(room);
        ended = count === 0;
        size += count;
      }
      const end = slot.records + size;
      const damaged = kernel.walk(slot.batch, found, slot.records, end, slot.framesMax) !== 0;
      const { frames: taken, bytes } = batchExtent(slot);
      rest = records.subarray(bytes, size);
      bytesRead += bytes;
      if (taken > 0) return true;
      if (damaged) {
        stopped = { frame: frames() + 1, fact: overlongRecord() };
        return false;
      }
      if (ended) {
        if (rest.length > 0) {
          stopped = { frame: frames() + 1, fact: cutRecord(rest.length) };
        }
        return false;
      }
    }
  };

  const summary = (): CaptureSummary => ({
    name: source.name,
    ...(source.takenAt === undefined ? {} : { takenAt: source.takenAt }),
    format: describePcap(format),
    linkType: linkTypeName(format.linkType),
    packets: frames(),
    bytes: Number(foundView.getBigUint64(WALK_BYTES, true)),
    ...(frames() === 0
      ? {}
      : {
          firstTimeNs: foundView.getBigInt64(WALK_EARLIEST, true),
          lastTimeNs: foundView.getBigInt64(WALK_LATEST, true),
        }),
    disordered: Number(foundView.getBigUint64(WALK_DISORDERED, true)),
    overlong: Number(foundView.getBigUint64(WALK_OVERLONG, true)),
    ...(stopped === undefined ? {} : { stopped }),
  });
  return { next, firstTimeNs, summaries: () => [summary()], bytesRead: () => bytesRead };
}

/** Time in the header of a pcap record, in nanoseconds. */
function recordTimeNs(record: Uint8Array, { swapped, nanoseconds }: PcapHeader): bigint {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const seconds = BigInt(view.getUint32(0, !swapped));
  const fraction = BigInt(view.getUint32(4, !swapped));
  return seconds * 1_000_000_000n + fraction * (nanoseconds ? 1n : 1000n);
}
