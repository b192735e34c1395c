import {
  DROP_NO_RULE,
  FRAGMENT_WAITS,
  FRAME_NUMBER,
  FRAME_SIZE,
  FRAME_TIME,
  ROW_LENGTH,
  ROW_SHARD_HASH,
  ROW_SIZE,
  TRACE_SIZE,
  VERDICT_BEGINS,
  VERDICT_CODE,
  VERDICT_FLAGS,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import type { Findings } from '../model/case.js';
import { type CaseBook, createCaseBook } from './case-book.js';
import { createKeptRows } from './kept-rows.js';
import type { JudgedRecords, Recorder } from './recorder.js';

/** Which packets are asked about. */
export interface CaseQuestion {
  /** Number of one frame. */
  readonly frame?: number;
  /** In the syntax of pcap-filter(7): only what matches is told of, whatever its verdict; else what was dropped. */
  readonly filter?: string;
}

/** What the recorder asks about the world that packets are judged in. */
export interface CaseWorld {
  /** When each phase begins, in nanoseconds; that of the first is not asked. */
  readonly phasesFrom: readonly bigint[];
  /** What packets from or to an address are put together by. */
  peerKindOf(phase: number, address: Address): string;
}

/** Packets that are kept to tell what a change would do to them. */
export const DOCKET_MAX = 20_000;

/** A drop's code, shifted: see CODE_VERDICT_SHIFT. */
const DROP = 1;

const WAITS = FRAGMENT_WAITS | (FRAGMENT_WAITS << 1);

/**
 * Sorts what was asked about into cases while a replay goes on, and keeps the packets of address pairs that had a drop.
 * Costs a few nanoseconds for a packet that is not asked about. `world` is asked once packets come.
 */
export function createCaseRecorder(
  question: CaseQuestion,
  world: () => CaseWorld,
): Recorder & { findings(): Findings } {
