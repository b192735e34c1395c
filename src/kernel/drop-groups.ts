import { Connection } from './connection';
import { DENIED_TCP, GROUPS_MAX } from './layout';
import { takeTable } from './pages';
import { Visit } from './visit';

/**
 * Dropped packets with one cause. The key is the cause:
 *
 *   63   56 55  54     53      52        51      44 43      24 23      16 15    0
 *   | code |     | no port | ingress |           | interface | protocol | port  |
 *
 * The table is bounded: past GROUPS_MAX groups, ports are joined to ranges of 256, then to one range. Which width a set of
 * packets ends with depends on the set alone, so shards can be added up (see replay/drop-groups.ts).
 */
@unmanaged
class Group {
  key: u64;
  packets: u64;
  bytes: u64;
  flows: u64;
  firstNs: i64;
  lastNs: i64;
  /** The group's first frame and its addresses. */
  frame: u64;
  sourceHi: u64;
  sourceLo: u64;
  destinationHi: u64;
  destinationLo: u64;
  sourcePort: u16;
  destinationPort: u16;
  flags: u32;
}
const GROUP: usize = 96;
if (offsetof<Group>() != GROUP) ERROR('group: size');

let groups: usize = 0;
let mask: u32 = 0;
let count: u32 = 0;
let shift: u32 = 0;

export function setupDropGroups(): bool {
  count = 0;
  shift = 0;
  mask = 511;
  groups = takeTable(512 * GROUP);
  return groups != 0;
}

export function dropGroups(): usize {
  return groups;
}

export function dropGroupSlots(): u32 {
  return mask + 1;
}

/** Bits of the port that are left out of the key: 0, 8 or 16. */
export function dropGroupShift(): u32 {
  return shift;
}

/** Reads the groups that the packets of a denied flow were counted in last. */
export function touchDropGroup(c: Connection): u64 {
  const denied = 0 - u32(c.state >= DENIED_TCP);
  const own = changetype<usize>(c) & ~denied;
  return load<u64>(own | (c.rule & denied)) + load<u64>(own | (c.replyRule & denied));
}

/**
 * Counts a dropped packet; returns the address of its group, or of another where there was no room. `known` is the address of
 * the group that it may be in, or any other.
 */
export function countDrop(
  code: u32,
  visit: Visit,
  hasPort: bool,
  frame: u64,
  begins: bool,
  known: usize,
): u32 {
  const row = visit.row;
  const ports = hasPort ? (visit.port >> shift) << shift : 0;
  const key =
    ((<u64>code) << 56) |
    ((<u64>u32(!hasPort)) << 53) |
    ((<u64>visit.direction) << 52) |
    ((<u64>visit.number) << 24) |
    ((<u64>row.protocol) << 16) |
    ports;
  const group = changetype<Group>(isGroup(known, key) ? known : slotOf(key));
  if (group.key == 0) {
    // Only where memory ended before the table could grow: a full one would be searched for ever. Its packets are
    // counted by code and interface all the same.
    if (count * 8 > mask * 7) return <u32>groups;
    group.key = key;
    group.firstNs = row.timeNs;
    group.lastNs = row.timeNs;
    group.frame = frame;
    group.sourceHi = row.sourceHi;
    group.sourceLo = row.sourceLo;
    group.destinationHi = row.destinationHi;
    group.destinationLo = row.destinationLo;
    group.sourcePort = row.sourcePort;
    group.destinationPort = row.destinationPort;
    group.flags = row.flags;
    count++;
  }
  group.packets++;
  group.bytes += row.length;
  group.flows += u64(begins);
  group.firstNs = min<i64>(group.firstNs, row.timeNs);
  group.lastNs = max<i64>(group.lastNs, row.timeNs);
  if (count * 2 > mask || count > GROUPS_MAX) makeRoom();
  return <u32>changetype<usize>(group);
}

/** Tables that were outgrown still stand in memory. */
function isGroup(at: usize, key: u64): bool {
  const end = groups + (<usize>mask + 1) * GROUP;
  return at >= groups && at < end && load<u64>(at) == key;
}

function makeRoom(): void {
  if (count > GROUPS_MAX && shift < 16) {
    shift += 8;
    rebuild(mask + 1);
  } else if (count * 2 > mask) {
    rebuild((mask + 1) << 1);
  }
}

function slotOf(key: u64): usize {
  const x = key * 0x9e3779b97f4a7c15;
  let at = (<u32>(x >> 32)) & mask;
  while (true) {
    const slot = groups + <usize>at * GROUP;
    const there = load<u64>(slot);
    if (there == key || there == 0) return slot;
    at = (at + 1) & mask;
  }
}

/** Moves every group to a table of `size` slots, under keys of the current width. Without memory, stays as it is. */
function rebuild(size: u32): void {
  const old = groups;
  const oldMask = mask;
  const fresh = takeTable(<usize>size * GROUP);
  if (fresh == 0) return;
  groups = fresh;
  mask = size - 1;
  count = 0;
  for (let i: u32 = 0; i <= oldMask; i++) {
    const from = changetype<Group>(old + <usize>i * GROUP);
    if (from.key == 0) continue;
    const key = (from.key & ~(<u64>0xffff)) | (((from.key & 0xffff) >> shift) << shift);
    const to = changetype<Group>(slotOf(key));
    if (to.key == 0) {
      memory.copy(changetype<usize>(to), changetype<usize>(from), GROUP);
      to.key = key;
      count++;
      continue;
    }
    to.packets += from.packets;
    to.bytes += from.bytes;
    to.flows += from.flows;
    to.firstNs = min<i64>(to.firstNs, from.firstNs);
    to.lastNs = max<i64>(to.lastNs, from.lastNs);
    if (from.frame < to.frame) {
      memory.copy(
        changetype<usize>(to) + offsetof<Group>('frame'),
        changetype<usize>(from) + offsetof<Group>('frame'),
        GROUP - offsetof<Group>('frame'),
      );
    }
  }
}
