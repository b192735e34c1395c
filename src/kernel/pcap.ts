import * as layout from './layout';
import {
  CAPTURED_MAX,
  MERGED_SHIFT,
  FORMAT_MERGED,
  FORMAT_NANOSECONDS,
  FORMAT_SWAPPED,
  RECORD_HEADER,
} from './layout';

// Classic pcap records (draft-ietf-opsawg-pcap section 5):
//   0 seconds | 4 microseconds or nanoseconds | 8 captured length | 12 length on the wire | 16 frame

/** What walking found so far in a capture. */
@unmanaged
export class Walk {
  frames: u64;
  bytes: u64;
  earliest: i64;
  latest: i64;
  disordered: u64;
  overlong: u64;
}

/** A run of whole records, filled by `walk`, read by `decode`. */
@unmanaged
export class Batch {
  records: u32;
  bytes: u32;
  frames: u32;
  linkType: u32;
  format: u32;
  captures: u32;
  firstFrame: u64;
  clockNs: i64;
}

// A record that drifts from the layout does not compile.
if (offsetof<Walk>('earliest') != layout.WALK_EARLIEST) ERROR('walk: earliest');
if (offsetof<Walk>('overlong') != layout.WALK_OVERLONG) ERROR('walk: overlong');
if (offsetof<Batch>('records') != layout.BATCH_RECORDS) ERROR('batch: records');
if (offsetof<Batch>('format') != layout.BATCH_FORMAT) ERROR('batch: format');
if (offsetof<Batch>('captures') != layout.BATCH_CAPTURES) ERROR('batch: captures');
if (offsetof<Batch>('firstFrame') != layout.BATCH_FIRST_FRAME) ERROR('batch: first frame');
if (offsetof<Batch>('clockNs') != layout.BATCH_CLOCK) ERROR('batch: clock');

function field(at: usize, swapped: bool): u32 {
  const value = load<u32>(at);
  return swapped ? bswap<u32>(value) : value;
}

export function recordTime(at: usize, format: u32): i64 {
  const swapped = (format & FORMAT_SWAPPED) != 0;
  const fraction = <i64>field(at + 4, swapped);
  return (
    <i64>field(at, swapped) * 1_000_000_000 +
    (format & FORMAT_NANOSECONDS ? fraction : fraction * 1000)
  );
}

export function capturedLength(at: usize, format: u32): u32 {
  const length = field(at + 8, (format & FORMAT_SWAPPED) != 0);
  return format & FORMAT_MERGED ? length & ((1 << MERGED_SHIFT) - 1) : length;
}

/** Which of the merged captures the record is from. */
export function captureOf(at: usize): u32 {
  return load<u32>(at, 8) >> MERGED_SHIFT;
}

export function wireLength(at: usize, format: u32): u32 {
  return field(at + 12, (format & FORMAT_SWAPPED) != 0);
}

/**
 * Takes whole records from `from` on into `batch`, at most `framesMax`, and adds them to `found`. Returns 1 when the
 * next record claims more bytes than any capture holds: nothing behind it can be found. Otherwise 0.
 */
export function walkRecords(
  batch: Batch,
  found: Walk,
  from: usize,
  to: usize,
  framesMax: u32,
): i32 {
  const format = batch.format;
  batch.records = <u32>from;
  batch.firstFrame = found.frames + 1;
  batch.clockNs = found.frames == 0 ? i64.MIN_VALUE : found.latest;
  let at = from;
  let frames: u32 = 0;
  let damaged = 0;
  while (frames < framesMax && at + RECORD_HEADER <= to) {
    const captured = capturedLength(at, format);
    if (captured > CAPTURED_MAX) {
      damaged = 1;
      break;
    }
    const next = at + RECORD_HEADER + captured;
    if (next > to) break;
    const wire = wireLength(at, format);
    const time = recordTime(at, format);
    if (found.frames + frames == 0) {
      found.earliest = time;
      found.latest = time;
    } else if (time >= found.latest) {
      found.latest = time;
    } else {
      found.disordered++;
      if (time < found.earliest) found.earliest = time;
    }
    if (captured > wire) found.overlong++;
    found.bytes += wire;
    frames++;
    at = next;
  }
  found.frames += frames;
  batch.frames = frames;
  batch.bytes = <u32>(at - from);
  return damaged;
}
