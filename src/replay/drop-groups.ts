import { GROUPS_MAX } from '../kernel/layout.js';
import { type EngineCounters, type GroupCounters, readGroups } from '../engine/counters.js';

/**
 * Adds up the shards' drop groups. Each shard widened its port ranges only when its own groups were too many; the sum is
 * brought to the width that one shard with all packets would have ended with, so that it does not depend on the shards.
 */
export function mergeDropGroups(shards: readonly EngineCounters[]): {
  groups: GroupCounters[];
  shift: number;
} {
  const filled = shards.filter((shard) => shard.groups.length > 0);
  const groups = filled.flatMap((shard) => readGroups(shard.groups));
  // The kernel has joined them as far as must be.
  if (filled.length === 1) return { groups, shift: filled[0]!.groupShift };
  let shift = Math.max(...shards.map(({ groupShift }) => groupShift));
  for (;;) {
    const joined = joinGroups(groups, shift);
    if (joined.size <= GROUPS_MAX || shift === 16) return { groups: [...joined.values()], shift };
    shift += 8;
  }
}

/** Adds up the groups that are one without the lowest `shift` bits of their ports. */
export function joinGroups(groups: readonly GroupCounters[], shift: number): GroupSums {
  const byKey: GroupSums = new Map();
  for (const group of groups) addGroup(byKey, group, shift);
  return byKey;
}

/** Groups by key, which are added to in place. */
export type GroupSums = Map<
  bigint,
  { -readonly [Name in keyof GroupCounters]: GroupCounters[Name] }
>;

export function addGroup(byKey: GroupSums, group: GroupCounters, shift: number): void {
  const key = widen(group.key, shift);
  const sum = byKey.get(key);
  if (sum === undefined) {
    byKey.set(key, { ...group, key });
    return;
  }
  sum.packets += group.packets;
  sum.bytes += group.bytes;
  sum.flows += group.flows;
  if (group.firstNs < sum.firstNs) sum.firstNs = group.firstNs;
  if (group.lastNs > sum.lastNs) sum.lastNs = group.lastNs;
  if (group.frame >= sum.frame) return;
  sum.frame = group.frame;
  sum.ipv6 = group.ipv6;
  sum.source = group.source;
  sum.destination = group.destination;
  sum.sourcePort = group.sourcePort;
  sum.destinationPort = group.destinationPort;
}

function widen(key: bigint, shift: number): bigint {
  if (shift === 0) return key;
  const bits = BigInt(shift);
  return (key & ~0xffffn) | (((key & 0xffffn) >> bits) << bits);
}

/** The parts of a group's key, as the kernel's drop-groups.ts draws it. */
export interface DropCause {
  readonly code: number;
  readonly hasPort: boolean;
  readonly direction: number;
  /** The interface's position from 0. */
  readonly eni: number;
  readonly protocol: number;
  /** 0 without one. */
  readonly port: number;
}

export function keyOfCause({ code, hasPort, direction, eni, protocol, port }: DropCause): bigint {
  const place = (value: number, shift: bigint): bigint => BigInt(value) << shift;
  return (
    place(code, 56n) |
    place(hasPort ? 0 : 1, 53n) |
    place(direction, 52n) |
    place(eni + 1, 24n) |
    place(protocol, 16n) |
    BigInt(port)
  );
}

export function causeOfKey(key: bigint): DropCause {
  const high = Number(key >> 32n);
  const low = Number(key & 0xffff_ffffn);
  return {
    code: high >>> 24,
    hasPort: (high & (1 << 21)) === 0,
    direction: (high >>> 20) & 1,
    eni: ((high & 0xfff) << 8) + (low >>> 24) - 1,
    protocol: (low >>> 16) & 0xff,
    port: low & 0xffff,
  };
}
