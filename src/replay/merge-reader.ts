import {
  BATCH_CAPTURES,
  BATCH_FORMAT,
  CAPTURE_FROM,
  CAPTURE_LINK_TYPE,
  MERGED_SHIFT,
  CAPTURE_SIZE,
  CAPTURE_TO,
  FORMAT_MERGED,
  FORMAT_NANOSECONDS,
  RECORD_HEADER,
  WALK_SIZE,
} from '../kernel/layout.js';
import { linkTypeName } from '../capture/link-type.js';
import { describePcap } from '../capture/pcap-header.js';
import { type RecordStream, fetchHead, openRecords, passHead } from './record-stream.js';
import type { CaptureSource } from '../capture/source.js';
import type { KernelExports } from '../engine/kernel-module.js';
import { allocate, viewAt } from '../engine/memory.js';
import { inputError } from '../model/diagnostic.js';
import type { CaptureSummary } from '../model/outcome.js';
import type { CaptureReader } from './capture-reader.js';
import { type OpenSlot, batchExtent } from './slot.js';

/** Every open capture takes memory and a descriptor; a record has room to tell 4,096 apart. */
const CAPTURES_MAX = 1000;

const NEVER = 0x7fff_ffff_ffff_ffffn;

/** A capture among others, and what was merged of it so far. */
interface Merged {
  readonly stream: RecordStream;
  readonly index: number;
  readonly firstNs: bigint;
  bytes: number;
  disordered: number;
  overlong: number;
  earliestNs: bigint;
  latestNs: bigint;
}

/**
 * Merges captures by time into batches of nanosecond records that name their capture; of records with one time, that of
 * the capture named first comes first. A capture that is not in order comes out as it is. Throws InputError when one of
 * them is no capture.
 */
export async function createMergeReader(
  sources: readonly CaptureSource[],
  kernel: KernelExports,
  memory: WebAssembly.Memory,
  chunkBytes: number,
): Promise<CaptureReader> {
  if (sources.length > CAPTURES_MAX) {
    const fact = `${sources.length} captures are more than can be merged at once`;
    throw inputError('usage', '-r', fact, 'merge some of them with `mergecap -F pcap`');
  }
  const all: Merged[] = [];
  for (const [index, source] of sources.entries())
    all.push(beginMerge(await openRecords(source), index));
  const table = allocate(memory, all.length * CAPTURE_SIZE);
  const rows = viewAt(memory, table, all.length * CAPTURE_SIZE);
  for (const { index, stream, firstNs } of all) {
    const at = index * CAPTURE_SIZE;
    rows.setUint32(at + CAPTURE_LINK_TYPE, stream.header.linkType, true);
    rows.setBigInt64(at + CAPTURE_FROM, firstNs, true);
    rows.setBigInt64(at + CAPTURE_TO, NEVER, true);
  }
  // Latest first, so that the next one is taken from the end.
  const queue: Merged[] = [];
  for (const merged of all) {
    if (merged.stream.head !== undefined) queue.splice(placeOf(queue, merged), 0, merged);
  }
  const found = allocate(memory, WALK_SIZE);

  const next = async (slot: OpenSlot): Promise<boolean> => {
    const { recordBytes, batchView } = slot;
    const records = new DataView(recordBytes.buffer, recordBytes.byteOffset, recordBytes.length);
    let size = 0;
    let fetched = false;
    for (let frames = 0; frames < slot.framesMax && size < chunkBytes && !fetched; frames++) {
      const merged = queue.at(-1);
      if (merged === undefined) break;
      size = copyHead(merged, recordBytes, records, size);
      const { stream } = merged;
      if (!passHead(stream)) {
        await fetchHead(stream);
        // A pipe that speaks seldom is judged as it speaks.
        fetched = true;
      }
      if (stream.head === undefined) {
        queue.pop();
        rows.setBigInt64(merged.index * CAPTURE_SIZE + CAPTURE_TO, merged.latestNs, true);
      } else if (queue.length > 1 && isLater(merged, queue.at(-2)!)) {
        queue.pop();
        queue.splice(placeOf(queue, merged), 0, merged);
      }
    }
    batchView.setUint32(BATCH_FORMAT, FORMAT_MERGED | FORMAT_NANOSECONDS, true);
    batchView.setUint32(BATCH_CAPTURES, table, true);
    kernel.walk(slot.batch, found, slot.records, slot.records + size, slot.framesMax);
    return batchExtent(slot).frames > 0;
  };
  return {
    next,
    firstTimeNs: queue.length === 0 ? 0n : headTimeNs(queue.at(-1)!.stream),
    captures: { table, count: all.length },
    summaries: () => all.map(summarize),
    bytesRead: () => all.reduce((sum, { stream }) => sum + stream.passed, 0),
  };
}

function beginMerge(stream: RecordStream, index: number): Merged {
  const firstNs = stream.head === undefined ? NEVER : headTimeNs(stream);
  return {
    ...{ stream, index, firstNs, bytes: 0, disordered: 0, overlong: 0 },
    ...{ earliestNs: firstNs, latestNs: firstNs },
  };
}

/** Writes the next record of a capture at `at` and notes what it tells; returns where the one after it goes. */
function copyHead(merged: Merged, target: Uint8Array, view: DataView, at: number): number {
  const { stream, index } = merged;
  const { seconds, nanoseconds, captured, wire } = stream.head!;
  view.setUint32(at, seconds, true);
  view.setUint32(at + 4, nanoseconds, true);
  view.setUint32(at + 8, ((index << MERGED_SHIFT) | captured) >>> 0, true);
  view.setUint32(at + 12, wire, true);
  const from = stream.start + RECORD_HEADER;
  target.set(stream.buffer.subarray(from, from + captured), at + RECORD_HEADER);
  const timeNs = headTimeNs(stream);
  if (timeNs >= merged.latestNs) merged.latestNs = timeNs;
  else merged.disordered++;
  if (timeNs < merged.earliestNs) merged.earliestNs = timeNs;
  merged.bytes += wire;
  if (captured > wire) merged.overlong++;
  return at + RECORD_HEADER + captured;
}

function headTimeNs({ head }: RecordStream): bigint {
  return BigInt(head!.seconds) * 1_000_000_000n + BigInt(head!.nanoseconds);
}

/** Whether a capture's next record comes after another's. */
function isLater({ stream, index }: Merged, other: Merged): boolean {
  const one = stream.head!;
  const two = other.stream.head!;
  if (one.seconds !== two.seconds) return one.seconds > two.seconds;
  if (one.nanoseconds !== two.nanoseconds) return one.nanoseconds > two.nanoseconds;
  return index > other.index;
}

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

function summarize({ stream, ...merged }: Merged): CaptureSummary {
  const { packets, damage } = stream;
  return {
    name: stream.source.name,
    ...(stream.source.takenAt === undefined ? {} : { takenAt: stream.source.takenAt }),
    format: describePcap(stream.header),
    linkType: linkTypeName(stream.header.linkType),
    packets,
    bytes: merged.bytes,
    ...(packets === 0 ? {} : { firstTimeNs: merged.earliestNs, lastTimeNs: merged.latestNs }),
    disordered: merged.disordered,
    overlong: merged.overlong,
    ...(damage === undefined ? {} : { stopped: { frame: packets + 1, fact: damage } }),
  };
}
