import {
  CODE_VERDICT_SHIFT,
  FRAGMENT_WAITS,
  FRAME_SIZE,
  ROW_SHARD_HASH,
  ROW_SIZE,
  VERDICT_CODE,
  VERDICT_FLAGS,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import { bytesAt } from '../engine/memory.js';
import type { RecordNames } from '../engine/remembered.js';
import type { JudgedBatch } from '../engine/verdicts.js';
import type { Case, Findings } from '../model/case.js';
import type { Evidence } from '../model/evidence.js';
import { type CaseBook, type CaseWorld, createCaseBook } from './case-book.js';
import { readEvidence } from './kept-evidence.js';
import { type NotedCase, frameNumber, shareOf } from './noted-case.js';
import {
  type KeptRows,
  type RowViews,
  type Words,
  copyRow,
  copyVerdict,
  keepRows,
  viewRows,
} from './kept-rows.js';
import type { RecordedBatch, Recorder } from './recorder.js';

/** Which packets are asked about. */
export interface CaseQuestion {
  /** Number of one frame; what was dropped is sorted into cases besides. */
  readonly frame?: number;
  /** In the syntax of pcap-filter(7): what matches is sorted into cases, whatever its verdict; else what was dropped. */
  readonly filter?: string;
}

/** Packets that are kept to tell what a change would do to them. */
const DOCKET_MAX = 4096;
/** Fragments that wait for the first of their datagram: those of a window of frames, and of one batch. */
const WAITING_MAX = 1 << 15;

const DROP = 1;
const WAITS = FRAGMENT_WAITS | (FRAGMENT_WAITS << 1);

/**
 * Sorts what was asked about into cases while a replay goes on, and keeps the packets of address pairs that had a drop,
 * from their first drop on. A packet that is not asked about costs a few nanoseconds. `world` is asked once packets come.
 */
export function createCaseRecorder(
  { frame: asked, filter }: CaseQuestion,
  world: () => CaseWorld,
): Recorder & { findings(): Findings } {
  let room: Room | undefined;
  let askedCase: NotedCase | undefined;
  let isFound = false;

  const isWanted = (code: number, isMarked: boolean): boolean =>
    filter === undefined ? isDrop(code) : isMarked;

  const look = (
    at: Room,
    from: RowViews,
    index: number,
    wanted: boolean,
    isAsked: boolean,
  ): void => {
    const noted = wanted ? at.book.note(from, index) : undefined;
    if (!isAsked) return;
    copyRow(at.asked, 0, from, index);
    isFound = true;
    askedCase = noted;
  };
  return {
    ...(filter === undefined ? {} : { mark: filter }),
    onJudged: (batch) => {
      room ??= createRoom(batch.memory, batch.names, world());
      const at = room;
      const views = viewsOf(at, batch);
      const codes = views.verdicts.bytes;
      const hashes = views.rows.words;
      const marks = batch.marks === 0 ? undefined : bytesAt(at.memory, batch.marks, batch.count);
      const askedAt = asked === undefined ? -1 : indexOfFrame(views.frames, batch.count, asked);
      for (let i = 0; i < batch.count; i++) {
        const code = codes[i * VERDICT_SIZE + VERDICT_CODE]!;
        const waits = (codes[i * VERDICT_SIZE + VERDICT_FLAGS]! & WAITS) !== 0;
        const isMarked = marks?.[i] === 1;
        const docket = at.docketIsWhole
          ? keepInDocket(at, views, i, hashes[i * PAIR_STEP + PAIR_AT]!, waits || isDrop(code))
          : -1;
        const wanted = isWanted(code, isMarked);
        if (waits) hold(at, views, i, docket, isMarked);
        else if (wanted || i === askedAt) look(at, views, i, wanted, i === askedAt);
      }
    },
    onSettled: ({ batch, count }) => {
      if (room === undefined || room.waiting.size === 0) return;
      const at = room;
      const { frames, verdicts } = settledWords(at.memory, batch, count);
      for (let i = 0; i < count && at.waiting.size > 0; i++) {
        const number = frameNumber(frames, i);
        const held = at.waiting.get(number);
        if (held === undefined) continue;
        const { place, docket, isMarked } = held;
        at.waiting.delete(number);
        at.free.push(place);
        copyVerdict(at.held, place, verdicts, i);
        if (docket >= 0) copyVerdict(at.docket, docket, verdicts, i);
        const code = at.held.verdicts.bytes[place * VERDICT_SIZE + VERDICT_CODE]!;
        look(at, at.held, place, isWanted(code, isMarked), number === asked);
      }
    },
    findings: () =>
      room === undefined ? NOTHING : findingsOf(room, isFound ? { of: askedCase } : undefined),
  };
}

const NOTHING: Findings = {
  cases: [],
  unlisted: { packets: 0, bytes: 0 },
  docket: { packets: [], complete: true },
};

/** Where things are kept. */
interface Room {
  readonly memory: WebAssembly.Memory;
  readonly names: RecordNames;
  readonly world: CaseWorld;
  readonly book: CaseBook;
  readonly asked: KeptRows;
  readonly docket: KeptRows;
  docketCount: number;
  docketIsWhole: boolean;
  /** Hashes of address pairs of which something was dropped. */
  readonly pairs: Set<number>;
  /** Fragments whose verdicts may still change, by frame number. */
  readonly waiting: Map<number, Held>;
  readonly held: KeptRows;
  readonly free: number[];
  /** By address of the batch's rows. */
  readonly views: Map<number, { readonly rows: RowViews; readonly count: number }>;
}

interface Held {
  readonly place: number;
  /** Place in the docket; -1 without one. */
  readonly docket: number;
  readonly isMarked: boolean;
}

const PAIR_STEP = ROW_SIZE / 4;
const PAIR_AT = ROW_SHARD_HASH / 4;

function createRoom(memory: WebAssembly.Memory, names: RecordNames, world: CaseWorld): Room {
  return {
    ...{ memory, names, world },
    book: createCaseBook(memory, world),
    asked: keepRows(memory, 1),
    docket: keepRows(memory, DOCKET_MAX),
    docketCount: 0,
    docketIsWhole: true,
    pairs: new Set(),
    waiting: new Map(),
    held: keepRows(memory, WAITING_MAX),
    free: Array.from({ length: WAITING_MAX }, (_, i) => i),
    views: new Map(),
  };
}

function viewsOf({ memory, views }: Room, batch: RecordedBatch): RowViews {
  const known = views.get(batch.rows);
  if (known !== undefined && known.count >= batch.count) return known.rows;
  const rows = viewRows(memory, batch, batch.count);
  views.set(batch.rows, { rows, count: batch.count });
  return rows;
}

/** Of a run that settled: it may stand elsewhere than where it was judged. */
function settledWords(
  { buffer }: WebAssembly.Memory,
  { table, verdicts }: JudgedBatch,
  count: number,
): Record<'frames' | 'verdicts', Words> {
  return {
    frames: { words: new Uint32Array(buffer, table, (count * FRAME_SIZE) / 4) },
    verdicts: { words: new Uint32Array(buffer, verdicts, (count * VERDICT_SIZE) / 4) },
  };
}

/** Place of the row in the docket, -1 when it is not for it; `opens`: its pair is, from here on. */
function keepInDocket(
  at: Room,
  rows: RowViews,
  index: number,
  pair: number,
  opens: boolean,
): number {
  if (opens) at.pairs.add(pair);
  else if (at.pairs.size === 0 || !at.pairs.has(pair)) return -1;
  if (at.docketCount === DOCKET_MAX) {
    at.docketIsWhole = false;
    return -1;
  }
  copyRow(at.docket, at.docketCount, rows, index);
  return at.docketCount++;
}

function hold(at: Room, rows: RowViews, index: number, docket: number, isMarked: boolean): void {
  const place = at.free.pop()!;
  copyRow(at.held, place, rows, index);
  at.waiting.set(frameNumber(rows.frames, index), { place, docket, isMarked });
}

function findingsOf(at: Room, asked: { of: NotedCase | undefined } | undefined): Findings {
  const { memory, names, world, book } = at;
  const read = (kept: KeptRows, count: number): Evidence[] =>
    readEvidence(memory, kept, count, names, world.phasesFrom);
  const firsts = read(book.kept, book.cases.length);
  const cases = book.cases.map((noted): Case => {
    const { kind, port, isRest, row, enis } = noted;
    const share = shareOf(noted);
    const known = { first: firsts[row]!, share, kind, enis: [...enis], isRest };
    return port < 0 ? known : { ...known, port };
  });
  const own = asked?.of === undefined ? undefined : cases[book.cases.indexOf(asked.of)];
  return {
    cases: cases.toSorted((one, other) => one.share.firstFrame - other.share.firstFrame),
    unlisted: book.unlisted,
    ...(asked !== undefined && {
      asked: { evidence: read(at.asked, 1)[0]!, ...(own === undefined ? {} : { case: own }) },
    }),
    docket: { packets: read(at.docket, at.docketCount), complete: at.docketIsWhole },
  };
}

function isDrop(code: number): boolean {
  return code >> CODE_VERDICT_SHIFT === DROP;
}

/** Numbers ascend within a batch. */
function indexOfFrame(frames: Words, count: number, number: number): number {
  if (count === 0 || number < frameNumber(frames, 0)) return -1;
  for (let i = 0; i < count; i++) if (frameNumber(frames, i) === number) return i;
  return -1;
}
