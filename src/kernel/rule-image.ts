import {
  COVER_ABOVE,
  COVER_PARENT,
  COVER_RULES,
  IMAGE_LISTS4,
  IMAGE_LISTS6,
  IMAGE_SETS,
  LISTED_COUNT,
  LISTED_HEADER,
  LISTED_PARENT,
  NONE,
  OPEN_TCP,
  OPEN_UDP,
  PART_LISTS,
  PART_ROOT,
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
import { copyRules, firstOfRules, lastUpTo, wordAt } from './rule-list';

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
  const first = firstOfPart(image, side + SIDE_PART, v6, hi, lo, protocol, port, NONE);
  const shared = load<u32>(side, SIDE_SHARED);
  return shared == 0 ? first : firstOfShared(image, shared, v6, hi, lo, protocol, port, first);
}

function firstOfShared(
  image: usize,
  shared: u32,
  v6: bool,
  hi: u64,
  lo: u64,
  protocol: u8,
  port: u32,
  first: u32,
): u32 {
  const count = load<u32>(image + shared);
  for (let i: u32 = 1; i <= count; i++) {
    const part = image + wordAt(image + shared, i);
    first = firstOfPart(image, part, v6, hi, lo, protocol, port, first);
  }
  return first;
}

/** `first`, or a rule of the part that comes before it and matches. */
function firstOfPart(
  image: usize,
  part: usize,
  v6: bool,
  hi: u64,
  lo: u64,
  protocol: u8,
  port: u32,
  first: u32,
): u32 {
  let cover = lookup(image, load<u32>(part, PART_ROOT), v6, hi, lo);
  while (cover != 0) {
    first = firstOfRules(image, load<u32>(image + cover, COVER_RULES), protocol, port, first);
    if (load<u32>(image + cover, COVER_ABOVE) >= first) break;
    cover = load<u32>(image + cover, COVER_PARENT);
  }
  const lists = load<u32>(part, PART_LISTS);
  return lists == 0 ? first : firstOfLists(image, lists, v6, hi, lo, protocol, port, first);
}

/** The same over the lists that the part's rules name and that hold the address. */
function firstOfLists(
  image: usize,
  lists: u32,
  v6: bool,
  hi: u64,
  lo: u64,
  protocol: u8,
  port: u32,
  first: u32,
): u32 {
  let listed = lookup(image, listsRoot(image, v6), v6, hi, lo);
  while (listed != 0) {
    const at = image + listed;
    const count = load<u32>(at, LISTED_COUNT);
    for (let i: u32 = 0; i < count; i++) {
      const rules = rulesOfList(image, lists, wordAt(at + LISTED_HEADER, i));
      if (rules != 0) first = firstOfRules(image, rules, protocol, port, first);
    }
    listed = load<u32>(at, LISTED_PARENT);
  }
  return first;
}

/** Offset of the rules whose peer is the list; 0 when there are none. */
function rulesOfList(image: usize, lists: u32, list: u32): u32 {
  const count = load<u32>(image + lists);
  const numbers = image + lists + 4;
  const low = lastUpTo(numbers, count, list);
  return wordAt(numbers, low) == list ? wordAt(numbers, count + low) : 0;
}

function listsRoot(image: usize, v6: bool): u32 {
  return v6 ? load<u32>(image, IMAGE_LISTS6) : load<u32>(image, IMAGE_LISTS4);
}

function lookup(image: usize, root: u32, v6: bool, hi: u64, lo: u64): u32 {
  if (root == 0) return 0;
  return v6 ? lookupPrefix(image, root, hi, lo) : lookupPrefix(image, root, lo << 32, 0);
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
  let found = everyOfPart(image, side + SIDE_PART, v6, hi, lo, protocol, port, out, 0, most);
  const shared = load<u32>(side, SIDE_SHARED);
  const count: u32 = shared == 0 ? 0 : load<u32>(image + shared);
  for (let i: u32 = 1; i <= count; i++) {
    const part = image + wordAt(image + shared, i);
    found = everyOfPart(image, part, v6, hi, lo, protocol, port, out, found, most);
  }
  return found;
}

function everyOfPart(
  image: usize,
  part: usize,
  v6: bool,
  hi: u64,
  lo: u64,
  protocol: u8,
  port: u32,
  out: usize,
  found: u32,
  most: u32,
): u32 {
  let cover = lookup(image, load<u32>(part, PART_ROOT), v6, hi, lo);
  for (; cover != 0; cover = load<u32>(image + cover, COVER_PARENT)) {
    found = copyRules(
      image,
      load<u32>(image + cover, COVER_RULES),
      protocol,
      port,
      out,
      found,
      most,
    );
  }
  const lists = load<u32>(part, PART_LISTS);
  let listed: u32 = lists == 0 ? 0 : lookup(image, listsRoot(image, v6), v6, hi, lo);
  for (; listed != 0; listed = load<u32>(image + listed, LISTED_PARENT)) {
    const count = load<u32>(image + listed, LISTED_COUNT);
    for (let i: u32 = 0; i < count; i++) {
      const rules = rulesOfList(image, lists, wordAt(image + listed + LISTED_HEADER, i));
      if (rules != 0) found = copyRules(image, rules, protocol, port, out, found, most);
    }
  }
  return found;
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
