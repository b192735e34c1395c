// What the host may call. Everything it passes is an address in the memory that both share, or a small number.
import { admitFrames, markFrames } from './admit';
import { setupAllowances } from './allowance';
import { Batch, moveFrame } from './batch';
import { runFilter } from './bpf';
import { setupChecksums, wrongHeaderChecksums, wrongTransportChecksums } from './checksum';
import { connectionCount, connectionsMade, setupConnections } from './connection-table';
import { setupCounters } from './counters';
import { dropGroupShift, dropGroupSlots, dropGroups, setupDropGroups } from './drop-groups';
import { setupKeys } from './flow-key';
import { decodeBatch } from './frame';
import { setupInterfaces } from './interfaces';
import { SCRATCH_SIZE, judgeRows, setupJudge } from './judge';
import {
  FORMAT_PCAPNG,
  NOT_JUDGED_LINK_TYPE,
  PRIVATE_SIZE,
  SEGMENTS_MAX,
  SETTINGS_CHECKSUMS,
  SETTINGS_SEED,
} from './layout';
import { touched } from './known';
import { decodeAnyLink } from './link';
import { walkRecords } from './pcap';
import { walkBlocks } from './pcapng';
import { Row, clearRow } from './row';
import { everyRule, sideOf } from './rule-image';
import { image, phasesInAll, setupPolicy } from './policy';
import { assignRows, touchedRows } from './shards';
import { TCP_TABLE_SIZE, setupTcp } from './tcp';
import { Walk } from './walk';
import { peeledFrames, setupTunnels } from './tunnel';

if (((<usize>SEGMENTS_MAX) << 2) + SCRATCH_SIZE + TCP_TABLE_SIZE > <usize>PRIVATE_SIZE)
  ERROR('private memory: size');

export { admitFrames as admit, decodeBatch as decode, judgeRows as judge };
export { assignRows, touchedRows };
export { markFrames as mark, moveFrame, runFilter as filter };
export { peeledFrames, wrongHeaderChecksums, wrongTransportChecksums };
export { connectionCount, connectionsMade, touched, dropGroupShift, dropGroupSlots, dropGroups };

/** Prepares this instance to decode by the settings at `settings`; without it nothing is peeled or verified. */
export function setupDecode(settings: usize): void {
  setupTunnels(settings);
  setupChecksums(load<u32>(settings, SETTINGS_CHECKSUMS) != 0);
}

/**
 * Prepares this instance to judge by the settings at `settings`. `counters` and `table` are private zeroed memory of
 * this instance. Returns 1, or 0 when there is no memory for its tables.
 */
export function setup(settings: usize, counters: usize, table: usize): i32 {
  const scratch = table + ((<usize>SEGMENTS_MAX) << 2);
  setupJudge(scratch);
  setupTcp(scratch + SCRATCH_SIZE);
  setupKeys(load<u64>(settings, SETTINGS_SEED));
  setupDecode(settings);
  setupPolicy(settings);
  setupInterfaces(image);
  setupAllowances(setupCounters(image, phasesInAll(), counters));
  return i32(setupConnections(table) && setupDropGroups());
}

/**
 * Puts the whole frames of a capture's bytes into `batch`, at most `framesMax`, and tells how many bytes they took.
 * Returns why it ended: NEXT_BYTES and the like.
 */
export function walk(walk: Walk, batch: Batch, from: usize, to: usize, framesMax: u32): u32 {
  return walk.format & FORMAT_PCAPNG
    ? walkBlocks(walk, batch, from, to, framesMax)
    : walkRecords(walk, batch, from, to, framesMax);
}

/** Whether frames of a link type are read at all. `row` is scratch. */
export function readsLink(row: Row, linkType: u32): bool {
  clearRow(row);
  return decodeAnyLink(row, linkType, 0, 0, 0) != NOT_JUDGED_LINK_TYPE;
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
