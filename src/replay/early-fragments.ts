import type { EngineCounters } from '../engine/counters.js';
import type { EngineShare } from '../engine/engine.js';
import { viewAt } from '../engine/memory.js';
import {
  FRAGMENT_COVERS,
  ANSWER_DIRECTION,
  ANSWER_INTERFACE,
  FRAGMENT_WAITS,
  FRAME_NUMBER,
  FRAME_SIZE,
  ROW_CLOCK,
  ROW_DESTINATION_PORT,
  ROW_SIZE,
  ROW_SOURCE_PORT,
  VERDICT_ANSWERS,
  VERDICT_BEGINS,
  VERDICT_FIRST,
  VERDICT_FLAGS,
  VERDICT_SECOND,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import { EARLY_FRAGMENT_FRAMES } from '../model/tracking.js';
import { type Fragment, createWaitingFragments, isTooLate, readFragment } from './datagrams.js';
import { type HeldFrames, type JudgedRows, createHeldFrames, frameBytes } from './held-frames.js';
import { type DatagramPorts, createLateTally } from './late-tally.js';

/**
 * CT-18: a later fragment that comes before the first of its datagram waits for it. The kernel gave it the answer that
 * stands if none comes, and did not count it. Here, where every verdict passes in file order, it gets the verdict of the
 * first fragment that was asked about at the same interfaces, or keeps its own; then it is counted. While it waits,
 * whatever comes after it waits behind it, so that verdicts leave in file order: EARLY_FRAGMENT_FRAMES at the most.
 */
export interface EarlyFragments {
  /**
   * Takes the next batch of `count` frames, of which `waiting` wait by the kernel's count, and gives those whose verdicts
   * stand by now, in file order. Each run is valid until the next is asked for; all must be.
   */
  take(batch: JudgedRows, count: number, waiting: number): Iterable<SettledRun>;
  /** There are no more frames: gives the rest. */
  finish(): Iterable<SettledRun>;
  /** What was counted here. */
  counters(): EngineCounters;
}

/** Frames that follow each other. */
export interface SettledRun {
  readonly batch: JudgedRows;
  readonly count: number;
  /** Captured bytes of one of them, if they are kept. */
  bytesOf(index: number): Uint8Array;
}

/**
 * `phasesFrom`: when each phase of the replay begins, in nanoseconds; that of the first is not asked. `keepBytes`: whether
 * somebody will ask for the bytes of frames that were held.
 */
export function createEarlyFragments(
  { memory, interfaceCount, ruleCount }: EngineShare,
  phasesFrom: readonly bigint[],
  keepBytes: boolean,
): EarlyFragments {
  const waiting = createWaitingFragments();
  const tally = createLateTally(interfaceCount, ruleCount, phasesFrom.length);
  let held: HeldFrames | undefined;
  /** Frames in the batches before, and the verdicts of the one at hand. */
  let before = 0;
  let verdicts = viewAt(memory, 0, 0);
  return { take, finish, counters: () => tally.counters() };

  function* take(batch: JudgedRows, count: number, arrived: number): Generator<SettledRun> {
    if (waiting.size === 0 && arrived === 0) {
      before += count;
      yield runOf(batch, count);
      return;
    }
    verdicts = viewAt(memory, batch.verdicts, count * VERDICT_SIZE);
    lookThrough(batch, count);
    const oldest = waiting.oldest?.position ?? before + count;
    held ??= createHeldFrames(memory, EARLY_FRAGMENT_FRAMES + 1, keepBytes);
    yield* letGo(held, Math.min(held.count, oldest - firstHeld()));
    const here = Math.max(0, oldest - before);
    if (here > 0) yield runOf(batch, here);
    held.append(batch, here, count - here);
    before += count;
  }

  function* finish(): Generator<SettledRun> {
    for (let { oldest } = waiting; oldest !== undefined; { oldest } = waiting) settle(oldest);
    if (held !== undefined) yield* letGo(held, held.count);
  }

  function* letGo(frames: HeldFrames, count: number): Generator<SettledRun> {
    if (count > 0) yield { batch: frames.batch, count, bytesOf: (index) => frames.bytesOf(index) };
    frames.drop(count);
  }

  function runOf(batch: JudgedRows, count: number): SettledRun {
    // A view each time would cost the collector as much as the memory is large: made when somebody asks.
    let frames: DataView | undefined;
    const bytesOf = (index: number): Uint8Array => {
      frames ??= viewAt(memory, batch.table, count * FRAME_SIZE);
      return frameBytes(memory, frames, index);
    };
    return { batch, count, bytesOf };
  }

  function lookThrough(batch: JudgedRows, count: number): void {
    const rows = viewAt(memory, batch.rows, count * ROW_SIZE);
    const table = viewAt(memory, batch.table, count * FRAME_SIZE);
    const read = (i: number): Fragment => {
      const number = Number(table.getBigUint64(i * FRAME_SIZE + FRAME_NUMBER, true));
      return readFragment(rows, i * ROW_SIZE, before + i, number);
    };
    for (let i = 0; i < count; i++) {
      if (waiting.size > 0) {
        const clockNs = rows.getBigInt64(i * ROW_SIZE + ROW_CLOCK, true);
        settleLate({ position: before + i, clockNs });
      }
      const flags = verdicts.getUint8(i * VERDICT_SIZE + VERDICT_FLAGS);
      if ((flags & WAITS) !== 0) {
        waiting.add(read(i));
      } else if (flags !== 0 && waiting.size > 0) {
        const sourcePort = rows.getUint16(i * ROW_SIZE + ROW_SOURCE_PORT, true);
        const destinationPort = rows.getUint16(i * ROW_SIZE + ROW_DESTINATION_PORT, true);
        coverEarlier(read(i), { sourcePort, destinationPort });
      }
    }
  }

  /** Those that waited the longest; one behind them that is too late as well is found out when it matters. */
  function settleLate(now: Pick<Fragment, 'position' | 'clockNs'>): void {
    for (let { oldest } = waiting; oldest !== undefined; { oldest } = waiting) {
      if (!isTooLate(oldest, now)) return;
      settle(oldest);
    }
  }

  function coverEarlier(first: Fragment, ports: DatagramPorts): void {
    const by = recordOf(first);
    for (const fragment of waiting.of(first.datagram)) {
      const own = recordOf(fragment);
      if (isTooLate(fragment, first) || !covers(by, own)) continue;
      for (let i = 0; i < VERDICT_SIZE; i++) {
        own.view.setUint8(own.at + i, by.view.getUint8(by.at + i));
      }
      own.view.setUint8(own.at + VERDICT_BEGINS, 0);
      settle(fragment, ports);
    }
  }

  function settle(fragment: Fragment, ports?: DatagramPorts): void {
    const { view, at } = recordOf(fragment);
    tally.count(fragment, phaseAt(phasesFrom, fragment.clockNs), view, at, ports);
    waiting.remove(fragment);
  }

  /** Position of the first frame that is held. */
  function firstHeld(): number {
    return before - (held?.count ?? 0);
  }

  function recordOf({ position }: Fragment): VerdictRecord {
    return position >= before
      ? { view: verdicts, at: (position - before) * VERDICT_SIZE }
      : { view: held!.verdicts, at: held!.verdictAt(position - firstHeld()) };
  }
}

interface VerdictRecord {
  readonly view: DataView;
  readonly at: number;
}

const WAITS = FRAGMENT_WAITS | (FRAGMENT_WAITS << 1);
const PLACES = [VERDICT_FIRST, VERDICT_SECOND];

/** Whether a first fragment was asked about where the other one waits, and at no other interfaces than that one. */
function covers(first: VerdictRecord, early: VerdictRecord): boolean {
  const flags = (record: VerdictRecord): number => record.view.getUint8(record.at + VERDICT_FLAGS);
  const waitsAt = (flags(early) & FRAGMENT_WAITS) !== 0 ? 0 : 1;
  if ((flags(first) & (FRAGMENT_COVERS << waitsAt)) === 0) return false;
  const answers = (record: VerdictRecord): number =>
    record.view.getUint8(record.at + VERDICT_ANSWERS);
  return PLACES.slice(0, Math.min(answers(first), answers(early))).every(
    (place) => askedAt(first, place) === askedAt(early, place),
  );
}

/** Interface and direction. */
function askedAt({ view, at }: VerdictRecord, place: number): number {
  const eni = view.getUint32(at + place + ANSWER_INTERFACE, true);
  return eni * 2 + view.getUint8(at + place + ANSWER_DIRECTION);
}

function phaseAt(phasesFrom: readonly bigint[], clockNs: bigint): number {
  return Math.max(
    0,
    phasesFrom.findLastIndex((fromNs, phase) => phase > 0 && clockNs >= fromNs),
  );
}
