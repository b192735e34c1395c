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
    const groups = merge(
      shards.flatMap((shard) => shard.groups),
      shift,
    );
    if (groups.length <= GROUPS_MAX || shift === 16) return { groups, shift };
    shift += 8;
  }
}

function merge(groups: readonly GroupCounters[], shift: number): GroupCounters[] {
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

/** The parts of a group's key, as the kernel's drop-groups.ts draws it. `eni` is the interface's position from 0. */
export function groupKey(key: bigint): {
  code: number;
  hasPort: boolean;
  direction: number;
  eni: number;
  protocol: number;
  port: number;
} {
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
