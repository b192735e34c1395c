import {
  PART_SHIFT,
  PART_TABLE,
  PEER_FIRST,
  PEER_HASH,
  PEER_RULES,
  PEER_SLOT_SIZE,
} from '../kernel/layout.js';
import type { ResolvedRule } from '../policy/resolve.js';
import { type ImageWriter, putU32, reserve } from './image-writer.js';
import type { Peers } from './peers.js';
import { type WrittenLists, writeRuleList } from './rule-list.js';

/** What the parts of one image have in common. */
export interface PartContext {
  readonly peers: Peers;
  readonly written: WrittenLists;
}

/** Writes rules of one family, ascending by index, as a part at `at`. */
export function writePart(
  writer: ImageWriter,
  at: number,
  rules: readonly ResolvedRule[],
  family: 4 | 6,
  { peers, written }: PartContext,
): void {
  const byPeer = new Map<number, ResolvedRule[]>();
  for (const rule of rules) {
    const peer = peers.numberOf(rule, family);
    const known = byPeer.get(peer);
    if (known === undefined) byPeer.set(peer, [rule]);
    else known.push(rule);
  }
  byPeer.delete(0);
  if (byPeer.size === 0) return;
  // At most half full, so that a miss ends soon; eight slots have four bytes of bits.
  const bits = Math.max(3, Math.ceil(Math.log2(byPeer.size * 2)));
  const shift = 32 - bits;
  const filled = new Map<number, number>();
  let end = 2 ** bits;
  for (const peer of byPeer.keys()) {
    let place = hash(peer) >>> shift;
    while (filled.has(place)) place++;
    filled.set(place, peer);
    end = Math.max(end, place + 1);
  }
  const filterSize = 2 ** (bits - 1);
  // The last slot is free.
  const table = reserve(writer, filterSize + (end + 1) * PEER_SLOT_SIZE);
  putU32(writer, at + PART_TABLE, table);
  putU32(writer, at + PART_SHIFT, shift);
  for (const [place, peer] of filled) {
    const bit = hash(peer) >>> (shift - 2);
    writer.bytes[table + (bit >>> 3)]! |= 1 << (bit & 7);
    const slot = table + filterSize + place * PEER_SLOT_SIZE;
    putU32(writer, slot, peer);
    const own = byPeer.get(peer)!;
    putU32(writer, slot + PEER_RULES, writeRuleList(writer, own, written));
    putU32(writer, slot + PEER_FIRST, own[0]!.index);
  }
}

const hash = (peer: number): number => Math.imul(peer, PEER_HASH) >>> 0;
