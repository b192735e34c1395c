import {
  ANSWER_INTERFACE,
  ANSWER_RULE,
  CODE_VERDICT_SHIFT,
  CONTENT_IP,
  NONE,
  ROW_CONTENT,
  ROW_SIZE,
  VERDICT_ANSWERS,
  VERDICT_CODE,
  VERDICT_FIRST,
  VERDICT_SECOND,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import { VERDICT_CHANGES, type VerdictChange } from '../model/verdict-change.js';
import { type CaseKey, emptyCaseKey, readCaseKey } from './case-key.js';
import type { RowViews } from './kept-rows.js';

/** Rows of one batch as two timelines judged them. */
export interface PairViews {
  readonly before: RowViews;
  readonly after: RowViews;
}

/** What tells changed packets apart, as far as rows can tell why they changed. */
export interface ChangeKey {
  /** Position in VERDICT_CHANGES. */
  change: number;
  /** Verdicts on both sides, four times that of before plus that of after. */
  transition: number;
  /** The side that tells where the answers part: the one that drops. */
  side: 'before' | 'after';
  /** That side's key. */
  readonly at: CaseKey;
  /** Rule of the other side at the same interface; -1 without one. */
  rule: number;
  isIp: boolean;
}

export const emptyChangeKey = (): ChangeKey => ({
  ...{ change: 0, transition: 0, side: 'after', rule: -1, isIp: false },
  at: emptyCaseKey(),
});

/** Verdict of a judged row, as CODE_VERDICT_SHIFT has it. */
export function verdictAt({ verdicts }: RowViews, index: number): number {
  return verdicts.bytes[index * VERDICT_SIZE + VERDICT_CODE]! >> CODE_VERDICT_SHIFT;
}

const ALLOW = 0;
const DROP = 1;

/** The kind of change between two verdicts: position in VERDICT_CHANGES. */
export function changeOf(before: number, after: number): number {
  if (before === ALLOW && after === DROP) return NEWLY_DROPPED;
  return before === DROP && after === ALLOW ? NEWLY_ALLOWED : OTHERWISE;
}

const numberOf = (change: VerdictChange): number => VERDICT_CHANGES.indexOf(change);
const NEWLY_DROPPED = numberOf('newly-dropped');
const NEWLY_ALLOWED = numberOf('newly-allowed');
const OTHERWISE = numberOf('otherwise');

/** Reads the key of a changed row into `key`. `sameInterface`: position on the other side of one of `side`'s, -1 without. */
export function readChangeKey(
  key: ChangeKey,
  views: PairViews,
  index: number,
  sameInterface: (side: 'before' | 'after', eni: number) => number,
): void {
  const [one, other] = [verdictAt(views.before, index), verdictAt(views.after, index)];
  key.change = changeOf(one, other);
  key.transition = one * 4 + other;
  // Who drops tells more than who allows, and that more than who does not filter, or does not judge.
  const isBefore = one === DROP || (other !== DROP && one < other);
  key.side = isBefore ? 'before' : 'after';
  const from = views[key.side];
  readCaseKey(key.at, from, index);
  key.isIp = from.rows.bytes[index * ROW_SIZE + ROW_CONTENT] === CONTENT_IP;
  const across = views[key.side === 'before' ? 'after' : 'before'];
  key.rule = key.at.eni < 0 ? -1 : ruleAt(across, index, sameInterface(key.side, key.at.eni));
}

function ruleAt({ verdicts }: RowViews, index: number, eni: number): number {
  const at = index * VERDICT_SIZE;
  const answers = verdicts.bytes[at + VERDICT_ANSWERS]!;
  for (const place of [VERDICT_FIRST, VERDICT_SECOND].slice(0, answers)) {
    if (verdicts.words[(at + place + ANSWER_INTERFACE) >> 2] !== eni) continue;
    const rule = verdicts.words[(at + place + ANSWER_RULE) >> 2]!;
    return rule === NONE ? -1 : rule;
  }
  return -1;
}
