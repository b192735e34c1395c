import * as layout from './layout';
import { Batch, Frame } from './batch';
import {
  BLOCK_MAX,
  CAPTURED_MAX,
  CARD_SIZE,
  CLOCK_BINARY,
  CLOCK_FAST,
  FAULT_BLOCK_ENDS,
  FAULT_BLOCK_LENGTH,
  FAULT_INTERFACE,
  FAULT_OVERLONG,
  FAULT_SHORT_BLOCK,
  FORMAT_SWAPPED,
  FRAME_SIZE,
  LINK_UNTIMED,
  NEXT_BLOCK,
  NEXT_DAMAGED,
  NEXT_BYTES,
  NEXT_SKIP,
} from './layout';
import { field } from './pcap';
import { Walk } from './walk';

// pcapng blocks (draft-ietf-opsawg-pcapng):
//   0 type | 4 total length | 8 body, padded to 4 bytes | total length again
const BLOCK_OVERHEAD: u32 = 12;
const SECTION: u32 = 0x0a0d0d0a;
const INTERFACE: u32 = 1;
const OLD_PACKET: u32 = 2; // 8 interface, 10 drops | 12 time | 20 captured | 24 wire | 28 frame
const SIMPLE_PACKET: u32 = 3; // 8 wire | 12 frame
const ENHANCED_PACKET: u32 = 6; // 8 interface | 12 time | 20 captured | 24 wire | 28 frame
const FRAME_IN_PACKET: u32 = 28;
const FRAME_IN_SIMPLE: u32 = 12;

/** Interface of the current section. */
@unmanaged
class Card {
  linkType: u32;
  snapLength: u32;
  clock: u32;
  padding: u32;
  factor: u64;
  offsetNs: i64;
}
if (offsetof<Card>() != CARD_SIZE) ERROR('card: size');
if (offsetof<Card>('snapLength') != layout.CARD_SNAP_LENGTH) ERROR('card: snap length');
if (offsetof<Card>('clock') != layout.CARD_CLOCK) ERROR('card: clock');
if (offsetof<Card>('factor') != layout.CARD_FACTOR) ERROR('card: factor');
if (offsetof<Card>('offsetNs') != layout.CARD_OFFSET) ERROR('card: offset');

/**
 * `walkCapture` for pcapng. Sections and interfaces are left to the host, which reads them once; other blocks without
 * frames are passed over, by NEXT_SKIP where they are not all there.
 */
export function walkBlocks(walk: Walk, batch: Batch, from: usize, to: usize, framesMax: u32): u32 {
  const swapped = (walk.format & FORMAT_SWAPPED) != 0;
  let entry = <usize>batch.table;
  let at = from;
  let frames: u32 = 0;
  let ended = NEXT_BYTES;
  while (frames < framesMax && at + 8 <= to) {
    const type = field(at, swapped);
    // A section tells its byte order itself; its own type reads the same in both.
    if (type == SECTION || type == INTERFACE) {
      ended = NEXT_BLOCK;
      break;
    }
    const length = field(at + 4, swapped);
    const packet = type == ENHANCED_PACKET || type == SIMPLE_PACKET || type == OLD_PACKET;
    if (length < BLOCK_OVERHEAD || (packet && length > BLOCK_MAX)) {
      ended = damage(walk, FAULT_BLOCK_LENGTH);
      break;
    }
    // Some writers pad the frame and leave that out of the length.
    const size = packet ? (length + 3) & ~3 : length;
    if (size > <u32>(to - at)) {
      if (!packet) {
        walk.skip = length;
        ended = NEXT_SKIP;
      }
      break;
    }
    if (field(at + size - 4, swapped) != length) {
      ended = damage(walk, FAULT_BLOCK_ENDS);
      break;
    }
    if (packet) {
      const fault = readPacket(walk, changetype<Frame>(entry), type, at, size, swapped);
      if (fault != 0) {
        ended = damage(walk, fault);
        break;
      }
      frames++;
      entry += FRAME_SIZE;
    }
    at += size;
  }
  batch.frames = frames;
  batch.bytes = <u32>(at - from);
  return ended;
}

function damage(walk: Walk, fault: u32): u32 {
  walk.fault = fault;
  return NEXT_DAMAGED;
}

/** Fills `frame` from a whole packet block; returns what is wrong with it, or 0. */
function readPacket(
  walk: Walk,
  frame: Frame,
  type: u32,
  at: usize,
  length: u32,
  swapped: bool,
): u32 {
  const simple = type == SIMPLE_PACKET;
  const first = simple ? FRAME_IN_SIMPLE : FRAME_IN_PACKET;
  if (length < first + 4) return FAULT_SHORT_BLOCK;
  const room = length - first - 4;
  let number: u32 = 0;
  if (type == ENHANCED_PACKET) number = field(at + 8, swapped);
  else if (type == OLD_PACKET) number = half(at + 8, swapped);
  if (number >= walk.interfaceCount) return FAULT_INTERFACE;
  const card = changetype<Card>(<usize>walk.interfaces + <usize>number * CARD_SIZE);
  let captured: u32;
  let wire: u32;
  if (simple) {
    wire = field(at + 8, swapped);
    captured = card.snapLength != 0 ? min(wire, card.snapLength) : wire;
    captured = min(captured, room);
    frame.timeNs = walk.latestNs;
    frame.linkType = <u16>(card.linkType | LINK_UNTIMED);
  } else {
    captured = field(at + 20, swapped);
    wire = field(at + 24, swapped);
    if (captured > CAPTURED_MAX) return FAULT_OVERLONG;
    if (captured > room) return FAULT_SHORT_BLOCK;
    const ticks = ((<u64>field(at + 12, swapped)) << 32) | field(at + 16, swapped);
    frame.timeNs = min<i64>(nanoseconds(ticks, card), LAST_NS) + card.offsetNs;
    frame.linkType = <u16>card.linkType;
    walk.latestNs = frame.timeNs;
  }
  walk.frames++;
  frame.number = walk.frames;
  frame.origin = walk.frames;
  frame.at = <u32>at + first;
  frame.captured = captured;
  frame.wire = wire;
  frame.capture = <u16>walk.capture;
  return 0;
}

function half(at: usize, swapped: bool): u32 {
  const value = load<u16>(at);
  return swapped ? bswap<u16>(value) : value;
}

/** In the year 2116; times behind it are not told apart, so that offsets and idle limits can be added to all. */
const LAST_NS: i64 = 0x4000000000000000;

function nanoseconds(ticks: u64, card: Card): i64 {
  const factor = card.factor;
  if (card.clock == CLOCK_FAST) return <i64>(ticks / factor);
  if (card.clock == CLOCK_BINARY) {
    if (factor > 95) return 0;
    const seconds = factor > 63 ? 0 : ticks >> factor;
    if (seconds > 4_000_000_000) return LAST_NS;
    let fraction = factor > 63 ? ticks : ticks & (((<u64>1) << factor) - 1);
    // 32 bits tell more than nanoseconds do, and leave room to multiply.
    let bits = factor;
    if (bits > 32) {
      fraction >>= bits - 32;
      bits = 32;
    }
    return <i64>(seconds * 1_000_000_000 + ((fraction * 1_000_000_000) >> bits));
  }
  return ticks > <u64>LAST_NS / factor ? LAST_NS : <i64>(ticks * factor);
}
