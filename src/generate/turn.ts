import { FIN, ICMP, ICMPV6, SYN, TCP } from '../model/protocol.js';
import { FRAME_MIN, type FrameDraft, headerBytes } from './frame-record.js';
import { IPV6, KIND, LEFT, PROTOCOL_SHIFT, SCRIPT_MASK, SENT, SEQUENCE } from './flow-words.js';
import { PAYLOAD_STARTS } from './payload.js';
import { DATA, FLAGS_MASK, PSH, REPLY, SCRIPTS, type Script, turnOf } from './script.js';
import type { Sizes } from './traffic-options.js';

/** Sizes of frames that may carry data, each as likely as it stands here. */
export type SizeTable = Int32Array;

export function createSizes(sizes: Sizes): SizeTable {
  if (sizes === 'imix') return Int32Array.from(IMIX);
  return Int32Array.from({ length: sizes.to - sizes.from + 1 }, (_, i) => sizes.from + i);
}

/** 7 : 4 : 1. */
const IMIX = [60, 60, 60, 60, 60, 60, 60, 590, 590, 590, 590, 1514];

/**
 * Drafts the next packet of the flow at `words[flow]` and moves the flow on; returns the frame's size. `chance` is for
 * `turnOf`, `more` has 32 other random bits.
 */
export function takeTurn(
  draft: FrameDraft,
  words: Int32Array,
  flow: number,
  sizes: SizeTable,
  chance: number,
  more: number,
): number {
  const kind = words[flow + KIND]!;
  const protocol = kind >>> PROTOCOL_SHIFT;
  const script = (kind & SCRIPT_MASK) as Script;
  const sent = words[flow + SENT]!;
  const turn = turnOf(script, protocol, sent, words[flow + LEFT]!, chance);
  const side = (turn & REPLY) === 0 ? 0 : 1;
  let flags = turn & FLAGS_MASK;
  const headers = headerBytes((kind & IPV6) !== 0, protocol, flags);
  let size = 0;
  let start = more & (PAYLOAD_STARTS - 1) & ~3;
  if ((turn & DATA) !== 0) {
    const frame = sizes[((more >>> 16) * sizes.length) >>> 16]!;
    size = frame > headers ? frame - headers : 0;
    if (size === 0) flags &= ~PSH;
  }
  draft.side = side;
  draft.flags = flags;
  if (protocol === TCP) {
    draft.sequence = words[flow + SEQUENCE + side]!;
    draft.acknowledged = words[flow + SEQUENCE + 1 - side]!;
    if (script !== SCRIPTS.unanswered) {
      // RFC 9293 section 3.4: SYN and FIN are numbered like a byte each.
      const numbered = size + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
      words[flow + SEQUENCE + side] = draft.sequence + numbered;
    }
  } else if (protocol === ICMP || protocol === ICMPV6) {
    draft.query = script === SCRIPTS.exchange ? (sent >>> 1) + 1 : sent + 1;
    draft.query &= 0xffff;
    if (side === 0) {
      words[flow + SEQUENCE] = start;
      words[flow + SEQUENCE + 1] = size;
    } else {
      // RFC 792: the data received in the echo message is returned.
      start = words[flow + SEQUENCE]!;
      size = words[flow + SEQUENCE + 1]!;
    }
  }
  draft.payloadStart = start;
  draft.payloadSize = size;
  const full = headers + size;
  return full < FRAME_MIN ? FRAME_MIN : full;
}
