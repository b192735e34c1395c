import { GROUPS_MAX } from '../kernel/layout.js';
import type { EngineCounters, GroupCounters } from '../engine/counters.js';

/**
 * Adds up the shards' drop groups. Each shard widened its port ranges only when its own groups were too many; the sum is
 * brought to the width that one shard with all packets would have ended with, so that it does not depend on the shards.
 */
export function mergeDropGroups(shards: readonly EngineCounters[]): {
  groups: GroupCounters[];
  shift: number;
} {
  let shift = Math.max(...shards.map(({ groupShift }) => groupShift));
  for (;;) {
    const groups = joinGroups(
      shards.flatMap((shard) => shard.groups),
      shift,
    );
    if (groups.length <= GROUPS_MAX || shift === 16) return { groups, shift };
    shift += 8;
  }
}

/** Adds up the groups that are one without the lowest `shift` bits of their ports. */
export function joinGroups(groups: readonly GroupCounters[], shift: number): GroupCounters[] {
  const byKey = new Map<bigint, GroupCounters>();
  for (const group of groups) {
    const key = widen(group.key, shift);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? { ...group, key } : add(known, group));
  }
  return [...byKey.values()];
}

function add(a: GroupCounters, b: GroupCounters): GroupCounters {
  const first = a.frame <= b.frame ? a : b;
  return {
    ...first,
    key: a.key,
    packets: a.packets + b.packets,
    bytes: a.bytes + b.bytes,
    flows: a.flows + b.flows,
    firstNs: a.firstNs < b.firstNs ? a.firstNs : b.firstNs,
    lastNs: a.lastNs > b.lastNs ? a.lastNs : b.lastNs,
  };
}

function widen(key: bigint, shift: number): bigint {
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
  const field = (shift: bigint, bits: bigint): number =>
    Number((key >> shift) & ((1n << bits) - 1n));
  return {
    code: field(56n, 8n),
    hasPort: field(53n, 1n) === 0,
    direction: field(52n, 1n),
    eni: field(24n, 20n) - 1,
    protocol: field(16n, 8n),
    port: field(0n, 16n),
  };
}
