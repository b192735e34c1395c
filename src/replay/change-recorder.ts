import type { RecordNames } from '../engine/remembered.js';
import type { Evidence } from '../model/evidence.js';
import type { FlowTally } from '../model/tally.js';
import {
  type ChangeFindings,
  type ChangedCase,
  VERDICT_CHANGES,
  type VerdictChange,
} from '../model/verdict-change.js';
import { type ChangeBook, type ChangeWorld, type Count, createChangeBook } from './change-book.js';
import { verdictAt } from './change-key.js';
import { type ChangeQueue, createChangeQueue, isWaiting } from './change-queue.js';
import { readEvidence } from './kept-evidence.js';
import { type RowViews, viewRows } from './kept-rows.js';
import { shareOf } from './noted-case.js';
import type { PairRecorder } from './pair.js';
import type { RecordedBatch } from './recorder.js';

/** Sorts packets whose verdict differs between two timelines into cases. `world` is asked once packets come. */
export function createChangeRecorder(
  world: () => ChangeWorld,
): PairRecorder & { findings(): ChangeFindings } {
  let room: Room | undefined;
  return {
    onJudged: (before, after) => {
      room ??= createRoom(before, after, world());
      const { book, queue } = room;
      const views = { before: viewsOf(room, before), after: viewsOf(room, after) };
      for (let i = 0; i < before.count; i++) {
        if (isWaiting(views.before, i) || isWaiting(views.after, i)) queue.add(views, i);
        else if (verdictAt(views.before, i) !== verdictAt(views.after, i)) {
          if (queue.isEmpty) book.note(views, i);
          else queue.add(views, i);
        }
      }
    },
    onSettled: (side, run) => room?.queue.settle(side, room.memory, run),
    findings: () => (room === undefined ? NOTHING : findingsOf(room)),
  };
}

interface Room {
  readonly memory: WebAssembly.Memory;
  readonly world: ChangeWorld;
  readonly names: Readonly<Record<'before' | 'after', RecordNames>>;
  readonly book: ChangeBook;
  readonly queue: ChangeQueue;
  /** By addresses of the batch's frames and rows: one side may have one place for its rows, whichever batch they are of. */
  readonly views: Map<string, { readonly rows: RowViews; readonly count: number }>;
}

function createRoom(before: RecordedBatch, after: RecordedBatch, world: ChangeWorld): Room {
  const { memory } = before;
  const names = { before: before.names, after: after.names };
  const book = createChangeBook(memory, world, matchInterfaces(names));
  const queue = createChangeQueue(memory, (views, index) => {
    if (verdictAt(views.before, index) !== verdictAt(views.after, index)) book.note(views, index);
  });
  return { ...{ memory, world, names, book, queue }, views: new Map() };
}

/** Finds interfaces by their ids. */
function matchInterfaces(names: Room['names']): (side: 'before' | 'after', eni: number) => number {
  const positions = (side: 'before' | 'after'): ReadonlyMap<string, number> =>
    new Map(names[side].interfaces.map((id, i) => [id, i]));
  const known = { before: positions('before'), after: positions('after') };
  return (side, eni) =>
    known[side === 'before' ? 'after' : 'before'].get(names[side].interfaces[eni]!) ?? -1;
}

function viewsOf({ memory, views }: Room, batch: RecordedBatch): RowViews {
  const key = `${batch.table} ${batch.rows}`;
  const known = views.get(key);
  if (known !== undefined && known.count >= batch.count) return known.rows;
  const rows = viewRows(memory, batch, batch.count);
  views.set(key, { rows, count: batch.count });
  return rows;
}

const NONE: Readonly<Record<VerdictChange, FlowTally>> = byChange(
  VERDICT_CHANGES.map(() => ({ packets: 0, bytes: 0, flows: 0 })),
);

const NOTHING: ChangeFindings = { cases: [], totals: NONE, unlisted: NONE, hasEveryFlow: true };

function byChange(counts: readonly Count[]): Readonly<Record<VerdictChange, FlowTally>> {
  const [dropped, allowed, otherwise] = counts.map((count) => ({ ...count }));
  return { 'newly-dropped': dropped!, 'newly-allowed': allowed!, otherwise: otherwise! };
}

function findingsOf({ memory, world, names, book }: Room): ChangeFindings {
  const { cases, kept, totals, unlisted, hasEveryFlow } = book;
  const read = (side: 'before' | 'after'): Evidence[] =>
    readEvidence(memory, kept[side], cases.length, names[side], world.phasesFrom);
  const [before, after] = [read('before'), read('after')];
  return {
    cases: cases.map((noted, i): ChangedCase => {
      const { change, eni, side, protocol, port, isRest, follows } = noted;
      return {
        ...{ change: VERDICT_CHANGES[change]!, before: before[i]!, after: after[i]!, isRest },
        share: shareOf(noted),
        ...(eni < 0 ? {} : { eni: names[side].interfaces[eni]! }),
        ...(protocol < 0 ? {} : { protocol }),
        ...(port < 0 ? {} : { port }),
        ...(follows < 0 ? {} : { follows }),
      };
    }),
    totals: byChange(totals),
    unlisted: byChange(unlisted),
    hasEveryFlow,
  };
}
