import { Batch, Frame } from './batch';
import {
  CAPTURED_MAX,
  FAULT_OVERLONG,
  FORMAT_LENGTHS_DOUBTFUL,
  FORMAT_LENGTHS_SWAPPED,
  FORMAT_MODIFIED,
  FORMAT_NANOSECONDS,
  FORMAT_SWAPPED,
  FRAME_SIZE,
  RECORD_HEADER,
  RECORD_HEADER_MAX,
  NEXT_DAMAGED,
  NEXT_BYTES,
} from './layout';
import { Walk } from './walk';

// Classic pcap records (draft-ietf-opsawg-pcap section 5):
//   0 seconds | 4 microseconds or nanoseconds | 8 captured length | 12 length on the wire | 16 frame
// Kuznetzov's have eight bytes more before the frame.

/** `walkCapture` for classic captures. A record that claims more bytes than any capture holds hides what is behind it. */
export function walkRecords(walk: Walk, batch: Batch, from: usize, to: usize, framesMax: u32): u32 {
  const format = walk.format;
  const swapped = (format & FORMAT_SWAPPED) != 0;
  const headerSize: usize = format & FORMAT_MODIFIED ? RECORD_HEADER_MAX : RECORD_HEADER;
  const fractionNs: i64 = format & FORMAT_NANOSECONDS ? 1 : 1000;
  const odd = (format & (FORMAT_LENGTHS_SWAPPED | FORMAT_LENGTHS_DOUBTFUL)) != 0;
  const linkType = <u16>walk.linkType;
  const capture = <u16>walk.capture;
  const found = walk.frames;
  let entry = <usize>batch.table;
  let at = from;
  let frames: u32 = 0;
  let ended = NEXT_BYTES;
  while (frames < framesMax && at + headerSize <= to) {
    let captured = field(at + 8, swapped);
    let wire = field(at + 12, swapped);
    if (odd && (format & FORMAT_LENGTHS_SWAPPED || captured > wire)) {
      const other = captured;
      captured = wire;
      wire = other;
    }
    if (captured > CAPTURED_MAX) {
      walk.fault = FAULT_OVERLONG;
      ended = NEXT_DAMAGED;
      break;
    }
    const next = at + headerSize + captured;
    if (next > to) break;
    frames++;
    const frame = changetype<Frame>(entry);
    frame.timeNs =
      <i64>field(at, swapped) * 1_000_000_000 + <i64>field(at + 4, swapped) * fractionNs;
    frame.number = found + frames;
    frame.origin = found + frames;
    frame.at = <u32>(at + headerSize);
    frame.captured = captured;
    frame.wire = wire;
    frame.linkType = linkType;
    frame.capture = capture;
    entry += FRAME_SIZE;
    at = next;
  }
  walk.frames = found + frames;
  batch.frames = frames;
  batch.bytes = <u32>(at - from);
  return ended;
}

/** A word in the capture's byte order. */
export function field(at: usize, swapped: bool): u32 {
  const value = load<u32>(at);
  return swapped ? bswap<u32>(value) : value;
}
