// What the host may call. Everything it passes is an address in the memory that both share, or a small number.
import { connectionCount, setupConnections } from './connection-table';
import { setupCounters } from './counters';
import { dropGroupShift, dropGroupSlots, dropGroups, setupDropGroups } from './drop-groups';
import { setupKeys } from './flow-key';
import { decodeBatch } from './frame';
import { setupInterfaces } from './interfaces';
import { SCRATCH_SIZE, judgeRows, setupJudge, touched } from './judge';
import { PRIVATE_SIZE, SEGMENTS_MAX } from './layout';
import { Batch, Walk, walkRecords } from './pcap';
import { everyRule, sideOf } from './rule-image';
import { setupPolicy } from './policy';
import { TCP_TABLE_SIZE, setupTcp } from './tcp';

if (((<usize>SEGMENTS_MAX) << 2) + SCRATCH_SIZE + TCP_TABLE_SIZE > <usize>PRIVATE_SIZE)
  ERROR('private memory: size');

export { connectionCount, touched, dropGroupShift, dropGroupSlots, dropGroups };

/**
 * Prepares this instance to judge by the rule image at `image`. `counters` and `table` are private zeroed memory of
 * this instance. Returns 1, or 0 when there is no memory for its tables.
 */
export function setup(
  image: usize,
  counters: usize,
  table: usize,
  midstream: u32,
  rememberDenied: bool,
  historyNs: i64,
  seed: u64,
): i32 {
  const scratch = table + ((<usize>SEGMENTS_MAX) << 2);
  setupJudge(scratch);
  setupTcp(scratch + SCRATCH_SIZE);
  setupKeys(seed);
  setupInterfaces(image);
  setupCounters(image, counters);
  setupPolicy(image, midstream, rememberDenied, historyNs);
  return i32(setupConnections(table) && setupDropGroups());
}

/** See `walkRecords`. */
export function walk(batch: usize, found: usize, from: usize, to: usize, framesMax: u32): i32 {
  return walkRecords(changetype<Batch>(batch), changetype<Walk>(found), from, to, framesMax);
}

/** Rows of all frames of a batch. */
export function decode(batch: usize, rows: usize): void {
  decodeBatch(changetype<Batch>(batch), rows);
}

/** Judges the rows of one shard out of `shards`, in order. `firstFrame` is the number of the first row. */
export function judge(
  rows: usize,
  verdicts: usize,
  count: u32,
  firstFrame: u64,
  shard: u32,
  shards: u32,
): void {
  judgeRows(rows, verdicts, count, firstFrame, shard, shards);
}

/** All rules of a group set that match a packet from or to an address: see `everyRule`. */
export function match(
  image: usize,
  set: u32,
  direction: u32,
  v6: bool,
  hi: u64,
  lo: u64,
  protocol: u32,
  port: u32,
  out: usize,
  most: u32,
): u32 {
  return everyRule(
    image,
    sideOf(image, set, direction, v6),
    v6,
    hi,
    lo,
    <u8>protocol,
    port,
    out,
    most,
  );
}
