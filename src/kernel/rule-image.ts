import {
  COVER_COUNT,
  COVER_HEADER,
  COVER_NEXT,
  IMAGE_PEERS4,
  IMAGE_PEERS6,
  IMAGE_SETS,
  NONE,
  OPEN_TCP,
  OPEN_UDP,
  PART_SHIFT,
  PART_TABLE,
  PEER_FIRST,
  PEER_HASH,
  PEER_RULES,
  PEER_SLOT_SIZE,
  PORT_UNKNOWN,
  SET_SIZE,
  SIDE_ANY_PEER,
  SIDE_OPEN,
  SIDE_PART,
  SIDE_SHARED,
  SIDE_SIZE,
} from './layout';
import { lookupPrefix } from './prefix-trie';
import { TCP } from './protocol';
import { copyRules, firstOfRules, wordAt } from './rule-list';

/** Port argument of a packet whose ports are unknown: a later fragment without its first. */
export const NO_PORT: u32 = PORT_UNKNOWN;

/** One direction and family of a group set. */
export function sideOf(image: usize, set: u32, direction: u32, v6: bool): usize {
  const sets = image + load<u32>(image, IMAGE_SETS);
  return sets + <usize>set * SET_SIZE + <usize>((direction << 1) | u32(v6)) * SIDE_SIZE;
}

/** The first rule, in document order, that matches; NONE when none does (SG-1, SG-2). */
export function firstRule(
  image: usize,
  side: usize,
  v6: bool,
  hi: u64,
  lo: u64,
  protocol: u8,
  port: u32,
): u32 {
  let first: u32 = NONE;
  const shared = load<u32>(side, SIDE_SHARED);
  let cover = coverOf(image, v6, hi, lo);
  while (cover != 0) {
    const peers = image + cover + COVER_HEADER;
    const count = load<u32>(image + cover, COVER_COUNT);
    for (let i: u32 = 0; i < count; i++) {
      const peer = wordAt(peers, i);
      first = firstOfPeer(image, side + SIDE_PART, peer, protocol, port, first);
      if (shared != 0) first = firstOfShared(image, shared, peer, protocol, port, first);
    }
    cover = load<u32>(image + cover, COVER_NEXT);
  }
  return first;
}

/** `first`, or a rule of the shared parts that comes before it and matches. */
function firstOfShared(
  image: usize,
  shared: u32,
  peer: u32,
  protocol: u8,
  port: u32,
  first: u32,
): u32 {
  const count = load<u32>(image + shared);
  for (let i: u32 = 1; i <= count; i++) {
    const part = image + wordAt(image + shared, i);
    first = firstOfPeer(image, part, peer, protocol, port, first);
  }
  return first;
}

/** The same of one part. */
function firstOfPeer(
  image: usize,
  part: usize,
  peer: u32,
  protocol: u8,
  port: u32,
  first: u32,
): u32 {
  const slot = slotOf(image, part, peer);
  if (slot == 0 || load<u32>(slot, PEER_FIRST) >= first) return first;
  return firstOfRules(image, load<u32>(slot, PEER_RULES), protocol, port, first);
}

/** Writes every matching rule to `out`, in no order; returns how many there are, which may be more than `most`. */
export function everyRule(
  image: usize,
  side: usize,
  v6: bool,
  hi: u64,
  lo: u64,
  protocol: u8,
  port: u32,
  out: usize,
  most: u32,
): u32 {
  let found: u32 = 0;
  const shared = load<u32>(side, SIDE_SHARED);
  const parts: u32 = shared == 0 ? 0 : load<u32>(image + shared);
  let cover = coverOf(image, v6, hi, lo);
  for (; cover != 0; cover = load<u32>(image + cover, COVER_NEXT)) {
    const count = load<u32>(image + cover, COVER_COUNT);
    for (let i: u32 = 0; i < count; i++) {
      const peer = wordAt(image + cover + COVER_HEADER, i);
      for (let n: u32 = 0; n <= parts; n++) {
        const part = n == 0 ? side + SIDE_PART : image + wordAt(image + shared, n);
        const slot = slotOf(image, part, peer);
        if (slot == 0) continue;
        const rules = load<u32>(slot, PEER_RULES);
        found = copyRules(image, rules, protocol, port, out, found, most);
      }
    }
  }
  return found;
}

/** The cover of the longest prefix that any rule names and that holds an address; 0 for none. */
function coverOf(image: usize, v6: bool, hi: u64, lo: u64): u32 {
  const root = v6 ? load<u32>(image, IMAGE_PEERS6) : load<u32>(image, IMAGE_PEERS4);
  if (root == 0) return 0;
  return v6 ? lookupPrefix(image, root, hi, lo) : lookupPrefix(image, root, lo << 32, 0);
}

/** Address of a part's slot of a peer; 0 when none of its rules names it. */
function slotOf(image: usize, part: usize, peer: u32): usize {
  const table = load<u32>(part, PART_TABLE);
  if (table == 0) return 0;
  const shift = load<u32>(part, PART_SHIFT);
  const hash = peer * PEER_HASH;
  const bits: u32 = load<u8>(image + table + (hash >> (shift + 1)));
  if (!((bits >> ((hash >> (shift - 2)) & 7)) & 1)) return 0;
  const slots = image + table + ((<usize>1) << (31 - shift));
  let slot = slots + <usize>(hash >> shift) * PEER_SLOT_SIZE;
  while (true) {
    const other = load<u32>(slot);
    if (other == peer) return slot;
    if (other == 0) return 0;
    slot += PEER_SLOT_SIZE;
  }
}

/** Whether a rule whose peer is literally everything matches: CT-4 (a). */
export function anyPeerMatches(image: usize, side: usize, v6: bool, protocol: u8, port: u32): bool {
  const rules = load<u32>(side, SIDE_ANY_PEER);
  return rules != 0 && firstOfRules(image, rules, protocol, port, NONE) != NONE;
}

/** Whether one rule lets everybody reach every port of the protocol: CT-4 (b). */
export function isOpen(side: usize, protocol: u8): bool {
  return (load<u32>(side, SIDE_OPEN) & (protocol == TCP ? OPEN_TCP : OPEN_UDP)) != 0;
}
