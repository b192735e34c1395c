import {
  BATCH_FRAMES,
  FRAME_AT,
  FRAME_CAPTURE,
  FRAME_CAPTURED,
  FRAME_LINK_TYPE,
  FRAME_NUMBER,
  FRAME_ORIGIN,
  FRAME_SIZE,
  FRAME_TIME,
  FRAME_WIRE,
} from '../kernel/layout.js';
import { type ParsedFrame, createPcapParserReader } from '../capture/pcap-parser-frames.js';
import type { CaptureSource } from '../capture/source.js';
import type { FrameStream } from './frame-stream.js';
import type { OpenRoom } from './slot.js';

/** One classic capture as the package pcap-parser reads it: a second opinion, an object for each packet. */
export function openParserFrames(source: CaptureSource, capture: number): Promise<FrameStream> {
  const parser = createPcapParserReader(source.name, source);
  const linkTypes = new Set<number>();
  let waiting: readonly ParsedFrame[] = [];
  let taken = 0;
  let found = 0;

  const next = async (room: OpenRoom): Promise<boolean> => {
    while (taken === waiting.length) {
      const batch = await parser.batches.next();
      if (batch.done === true) return false;
      waiting = batch.value;
      taken = 0;
    }
    let frames = 0;
    let size = 0;
    for (; taken < waiting.length && frames < room.framesMax; taken++, frames++) {
      const frame = waiting[taken]!;
      if (size + frame.bytes.length > room.recordsSize) break;
      linkTypes.add(frame.linkType);
      found++;
      writeFrame(room, frames, size, frame, found, capture);
      size += frame.bytes.length;
    }
    room.batchView.setUint32(BATCH_FRAMES, frames, true);
    return true;
  };
  return Promise.resolve({
    source,
    format: 'pcap, read by pcap-parser',
    linkTypes,
    next,
    bytesRead: () => source.bytesConsumed?.() ?? 0,
    stopped: () => {
      const fact = parser.stopped() ?? source.damage?.();
      return fact === undefined ? undefined : { frame: found + 1, fact };
    },
  });
}

/** Puts a frame's bytes `offset` into the room, and what is known of it into the table: see layout.ts. */
function writeFrame(
  { recordBytes, records, tableView }: OpenRoom,
  index: number,
  offset: number,
  { timeNs, bytes, wire, linkType }: ParsedFrame,
  number: number,
  capture: number,
): void {
  const at = index * FRAME_SIZE;
  recordBytes.set(bytes, offset);
  tableView.setBigInt64(at + FRAME_TIME, timeNs, true);
  tableView.setBigUint64(at + FRAME_NUMBER, BigInt(number), true);
  tableView.setBigUint64(at + FRAME_ORIGIN, BigInt(number), true);
  tableView.setUint32(at + FRAME_AT, records + offset, true);
  tableView.setUint32(at + FRAME_CAPTURED, bytes.length, true);
  tableView.setUint32(at + FRAME_WIRE, wire, true);
  tableView.setUint16(at + FRAME_LINK_TYPE, linkType, true);
  tableView.setUint16(at + FRAME_CAPTURE, capture, true);
}
