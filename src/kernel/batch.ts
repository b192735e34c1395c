import * as layout from './layout';
import { FRAME_SIZE } from './layout';

/** One captured frame in memory, whichever file format it came in. */
@unmanaged
export class Frame {
  timeNs: i64;
  number: u64;
  origin: u64;
  at: u32;
  captured: u32;
  wire: u32;
  /** With LINK_UNTIMED. */
  linkType: u16;
  capture: u16;
}

/** Frames in a row, filled by `walk` or by a host that merges captures, thinned by `admit`, read by `decode` and `judge`. */
@unmanaged
export class Batch {
  table: u32;
  frames: u32;
  bytes: u32;
  padding: u32;
  clockNs: i64;
}

// A record that drifts from the layout does not compile.
if (offsetof<Frame>() != FRAME_SIZE) ERROR('frame: size');
if (offsetof<Frame>('number') != layout.FRAME_NUMBER) ERROR('frame: number');
if (offsetof<Frame>('origin') != layout.FRAME_ORIGIN) ERROR('frame: origin');
if (offsetof<Frame>('at') != layout.FRAME_AT) ERROR('frame: address');
if (offsetof<Frame>('captured') != layout.FRAME_CAPTURED) ERROR('frame: captured');
if (offsetof<Frame>('wire') != layout.FRAME_WIRE) ERROR('frame: wire');
if (offsetof<Frame>('linkType') != layout.FRAME_LINK_TYPE) ERROR('frame: link type');
if (offsetof<Frame>('capture') != layout.FRAME_CAPTURE) ERROR('frame: capture');
if (offsetof<Batch>('frames') != layout.BATCH_FRAMES) ERROR('batch: frames');
if (offsetof<Batch>('bytes') != layout.BATCH_BYTES) ERROR('batch: bytes');
if (offsetof<Batch>('clockNs') != layout.BATCH_CLOCK) ERROR('batch: clock');

export function frameAt(table: usize, index: u32): Frame {
  return changetype<Frame>(table + <usize>index * FRAME_SIZE);
}

/** Adds a frame of another batch to this one, its bytes at `to`; returns where they end. */
export function moveFrame(batch: Batch, frame: Frame, to: usize): usize {
  const moved = frameAt(batch.table, batch.frames);
  batch.frames++;
  memory.copy(changetype<usize>(moved), changetype<usize>(frame), FRAME_SIZE);
  memory.copy(to, frame.at, frame.captured);
  moved.at = <u32>to;
  return to + frame.captured;
}
