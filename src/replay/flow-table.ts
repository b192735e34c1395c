import { randomBytes } from 'node:crypto';
import {
  CODE_VERDICT_SHIFT,
  CONTENT_IP,
  FRAME_NUMBER,
  FRAME_SIZE,
  FRAME_TIME,
  ROW_CONTENT,
  ROW_LENGTH,
  ROW_SIZE,
  ROW_TCP_FLAGS,
  VERDICT_BEGINS,
  VERDICT_CODE,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import type { RecordNames } from '../engine/remembered.js';
import { codeName } from '../engine/verdicts.js';
import type { Flow, UnlistedFlows } from '../model/flow.js';
import type { Tally } from '../model/tally.js';
import type { Verdict, VerdictCode } from '../model/verdict.js';
import {
  ENTRY_FIRST,
  ENTRY_FLAGS,
  ENTRY_HASH,
  ENTRY_KIND,
  ENTRY_LAST,
  ENTRY_SUMS,
  ENTRY_VERDICT,
  ENTRY_WORDS,
  SUM_FRAME,
  SUM_ORIGINAL,
  SUM_VERDICTS,
  VERDICT_WORDS,
  createEntries,
  growEntries,
  moveEntry,
  readFlows,
} from './flow-entries.js';
import { createFlowIndex } from './flow-index.js';
import type { Observer } from './observer.js';
import { createEnds, readEnds } from './packet-ends.js';
import { type RunViews, createRunViews } from './run-views.js';

export interface FlowTableOptions {
  /** Flows that are told apart at a time. */
  readonly flowsMax: number;
  /**
   * Takes the flows that were silent the longest, half of them, when there are too many: what comes of them later is an entry of
   * its own, which is not counted. Without it, packets of flows beyond the first ones are only summed.
   */
  readonly onRetired?: (flows: Iterable<Flow>) => void;
}

/** Puts packets together by flow. Sums over all flows, retired ones too, and what is unlisted are those of the report. */
export interface FlowTable extends Observer {
  /** Those that are not retired, by first frame. Each call reads anew. */
  flows(): Iterable<Flow>;
  unlisted(): UnlistedFlows;
}

/** Entries that a table begins with. */
const FIRST_ROOM = 4096;

/** An observer that keeps a table of flows: the same one for any number of workers and any size of chunks. */
export function createFlowTable({ flowsMax, onRetired }: FlowTableOptions): FlowTable {
  const entries = createEntries(Math.min(FIRST_ROOM, flowsMax));
  const index = createFlowIndex(entries, flowsMax, randomBytes(4).readUInt32LE());
  const ends = createEnds();
  const viewsOf = createRunViews();
  const nameless = new Map<number, { packets: number; bytes: number }>();
  const beyond = { flows: 0, sums: new Float64Array(8) };
  let names: RecordNames | undefined;
  let count = 0;

  const retire = (): void => {
    const order = bySilence(entries.words, count);
    const gone = order.subarray(0, Math.ceil(count / 2)).sort();
    onRetired!(readFlows(entries, gone, names!));
    const isGone = new Uint8Array(count);
    for (const each of gone) isGone[each] = 1;
    let kept = 0;
    for (let i = 0; i < count; i++) if (isGone[i] === 0) moveEntry(entries, i, kept++);
    count = kept;
    index.rebuild(count);
  };
  /** Room for a new entry; -1 when there is none. */
  const takePlace = (): number => {
    if (count === flowsMax) {
      if (onRetired === undefined) return -1;
      retire();
    } else if (count * ENTRY_SUMS === entries.sums.length) {
      growEntries(entries, flowsMax);
    }
    return count++;
  };
  const begin = (views: RunViews, i: number, hash: number): number => {
    const place = takePlace();
    if (place < 0) return -1;
    const { words, sums } = entries;
    const at = place * ENTRY_WORDS;
    words.set(ends.words, at);
    words[at + ENTRY_KIND] = ends.kind;
    words[at + ENTRY_FLAGS] = ends.typeAndCode << 8;
    words[at + ENTRY_HASH] = hash;
    copyTime(words, at + ENTRY_FIRST, views.frames.words, i);
    copyTime(words, at + ENTRY_LAST, views.frames.words, i);
    for (let word = 0; word < VERDICT_WORDS; word++) {
      words[at + ENTRY_VERDICT + word] = views.verdicts.words[(i * VERDICT_SIZE) / 4 + word]!;
    }
    sums.fill(0, place * ENTRY_SUMS, (place + 1) * ENTRY_SUMS);
    const of = (i * FRAME_SIZE + FRAME_NUMBER) / 4;
    sums[place * ENTRY_SUMS + SUM_FRAME] =
      views.frames.words[of]! + views.frames.words[of + 1]! * 2 ** 32;
    index.put(hash, place);
    return place;
  };
  const note = (views: RunViews, i: number): void => {
    const code = views.verdicts.bytes[i * VERDICT_SIZE + VERDICT_CODE]!;
    const bytes = views.rows.words[(i * ROW_SIZE + ROW_LENGTH) / 4]!;
    if (views.rows.bytes[i * ROW_SIZE + ROW_CONTENT] !== CONTENT_IP) {
      const tally = nameless.get(code) ?? { packets: 0, bytes: 0 };
      nameless.set(code, { packets: tally.packets + 1, bytes: tally.bytes + bytes });
      return;
    }
    readEnds(ends, views.rows, i);
    const hash = index.hashOf(ends);
    const begins = views.verdicts.bytes[i * VERDICT_SIZE + VERDICT_BEGINS] === 1;
    const found = index.find(ends, hash);
    const place = found < 0 || begins ? begin(views, i, hash) : found;
    const verdict = (code >> CODE_VERDICT_SHIFT) * 2;
    if (place < 0) {
      if (begins) beyond.flows++;
      beyond.sums[verdict]! += 1;
      beyond.sums[verdict + 1]! += bytes;
      return;
    }
    const { words, sums } = entries;
    const at = place * ENTRY_SUMS;
    sums[at + SUM_VERDICTS + verdict]! += 1;
    sums[at + SUM_VERDICTS + verdict + 1]! += bytes;
    if (index.isOriginal(ends, place)) {
      sums[at + SUM_ORIGINAL]! += 1;
      sums[at + SUM_ORIGINAL + 1]! += bytes;
    }
    words[place * ENTRY_WORDS + ENTRY_FLAGS]! |= views.rows.bytes[i * ROW_SIZE + ROW_TCP_FLAGS]!;
    const last = place * ENTRY_WORDS + ENTRY_LAST;
    if (isLater(views.frames.words, i, words, last)) copyTime(words, last, views.frames.words, i);
  };
  return {
    onSettled: (run) => {
      names = run.names;
      const views = viewsOf(run);
      for (let i = 0; i < run.count; i++) note(views, i);
    },
    flows: () => (names === undefined ? [] : readFlows(entries, Array(count).keys(), names)),
    unlisted: () => ({
      nameless: new Map<VerdictCode, Tally>(
        [...nameless].sort(([one], [other]) => one - other).map(([code, t]) => [codeName(code), t]),
      ),
      beyond: { flows: beyond.flows, byVerdict: verdictSums(beyond.sums) },
    }),
  };
}

function copyTime(to: Uint32Array, at: number, frames: Uint32Array, index: number): void {
  const of = (index * FRAME_SIZE + FRAME_TIME) / 4;
  to[at] = frames[of]!;
  to[at + 1] = frames[of + 1]!;
}

function isLater(frames: Uint32Array, index: number, words: Uint32Array, at: number): boolean {
  const of = (index * FRAME_SIZE + FRAME_TIME) / 4;
  const [high, known] = [frames[of + 1]! | 0, words[at + 1]! | 0];
  return high === known ? frames[of]! > words[at]! : high > known;
}

/** Places of entries, those first whose last packet is the oldest; of equals, the earlier entry. */
function bySilence(words: Uint32Array, count: number): Uint32Array {
  const lastOf = (place: number): number => {
    const at = place * ENTRY_WORDS + ENTRY_LAST;
    return (words[at + 1]! | 0) * 2 ** 32 + words[at]!;
  };
  const times = Float64Array.from({ length: count }, (_, place) => lastOf(place));
  return Uint32Array.from({ length: count }, (_, place) => place).sort(
    (one, other) => times[one]! - times[other]! || one - other,
  );
}

function verdictSums(sums: Float64Array): Readonly<Record<Verdict, Tally>> {
  const tally = (place: number): Tally => ({ packets: sums[place]!, bytes: sums[place + 1]! });
  return { allow: tally(0), drop: tally(2), 'not-filtered': tally(4), 'not-judged': tally(6) };
}
