import {
  COVER_PARENT,
  COVER_TABLE,
  IMAGE_SETS,
  INTERVALS_COUNT,
  INTERVALS_HEADER,
  INTERVALS_PORTLESS,
  NONE,
  OPEN_TCP,
  OPEN_UDP,
  SET_SIZE,
  SIDE_ANY_PEER,
  SIDE_OPEN,
  SIDE_ROOT,
  SIDE_SIZE,
  TABLE_DEFAULT,
  TABLE_HEADER,
  TABLE_ICMP,
  TABLE_OTHERS,
  TABLE_TCP,
  TABLE_UDP,
} from './layout';
import { lookupPrefix } from './prefix-trie';
import { ICMP, ICMPV6, TCP, UDP } from './protocol';

/** Port argument of a packet whose ports are unknown: a later fragment without its first. */
export const NO_PORT: u32 = 0x10000;

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
  let cover = firstCover(image, side, v6, hi, lo);
  while (cover != 0) {
    const intervals = intervalsOf(image + load<u32>(image + cover, COVER_TABLE), v6, protocol);
    if (intervals != 0) {
      const always = load<u32>(image + intervals, INTERVALS_PORTLESS);
      if (always != 0) first = min<u32>(first, load<u32>(image + always, 4));
      const ranged = rangedRules(image, intervals, port);
      if (ranged != 0) first = min<u32>(first, load<u32>(image + ranged, 4));
    }
    cover = load<u32>(image + cover, COVER_PARENT);
  }
  return first;
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
  let cover = firstCover(image, side, v6, hi, lo);
  while (cover != 0) {
    const intervals = intervalsOf(image + load<u32>(image + cover, COVER_TABLE), v6, protocol);
    if (intervals != 0) {
      found = copyRules(image, load<u32>(image + intervals, INTERVALS_PORTLESS), out, found, most);
      found = copyRules(image, rangedRules(image, intervals, port), out, found, most);
    }
    cover = load<u32>(image + cover, COVER_PARENT);
  }
  return found;
}

function copyRules(image: usize, rules: u32, out: usize, found: u32, most: u32): u32 {
  if (rules == 0) return found;
  const count = load<u32>(image + rules);
  for (let i: u32 = 0; i < count && found + i < most; i++) {
    store<u32>(out + ((<usize>(found + i)) << 2), load<u32>(image + rules + 4 + ((<usize>i) << 2)));
  }
  return found + count;
}

/** Whether a rule whose peer is literally everything matches: CT-4 (a). */
export function anyPeerMatches(image: usize, side: usize, v6: bool, protocol: u8, port: u32): bool {
  const table = load<u32>(side, SIDE_ANY_PEER);
  if (table == 0) return false;
  const intervals = intervalsOf(image + table, v6, protocol);
  if (intervals == 0) return false;
  return (
    load<u32>(image + intervals, INTERVALS_PORTLESS) != 0 ||
    rangedRules(image, intervals, port) != 0
  );
}

/** Whether one rule lets everybody reach every port of the protocol: CT-4 (b). */
export function isOpen(side: usize, protocol: u8): bool {
  return (load<u32>(side, SIDE_OPEN) & (protocol == TCP ? OPEN_TCP : OPEN_UDP)) != 0;
}

function firstCover(image: usize, side: usize, v6: bool, hi: u64, lo: u64): u32 {
  const root = load<u32>(side, SIDE_ROOT);
  if (root == 0) return 0;
  return v6 ? lookupPrefix(image, root, hi, lo) : lookupPrefix(image, root, lo << 32, 0);
}

/** Rules that name ports and match this one: offset of a count and the rules in document order, or 0. */
function rangedRules(image: usize, intervals: u32, port: u32): u32 {
  const at = image + intervals;
  const count = load<u32>(at, INTERVALS_COUNT);
  if (count == 0 || port == NO_PORT) return 0;
  const starts = at + INTERVALS_HEADER;
  let low: u32 = 0;
  let high = count;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (load<u32>(starts + ((<usize>middle) << 2)) <= port) low = middle;
    else high = middle;
  }
  return load<u32>(starts + ((<usize>(count + low)) << 2));
}

function intervalsOf(table: usize, v6: bool, protocol: u8): u32 {
  if (protocol == TCP) return load<u32>(table, TABLE_TCP);
  if (protocol == UDP) return load<u32>(table, TABLE_UDP);
  if (protocol == (v6 ? ICMPV6 : ICMP)) return load<u32>(table, TABLE_ICMP);
  const others = load<u32>(table, TABLE_OTHERS);
  for (let i: u32 = 0; i < others; i++) {
    const pair = table + TABLE_HEADER + ((<usize>i) << 3);
    if (load<u32>(pair) == protocol) return load<u32>(pair, 4);
  }
  return load<u32>(table, TABLE_DEFAULT);
}
