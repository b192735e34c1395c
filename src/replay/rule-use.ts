import { randomBytes } from 'node:crypto';
import {
  ANSWER_CODE,
  ANSWER_RULE,
  CONTENT_IP,
  DROP_NO_STATE,
  FRAME_SIZE,
  FRAME_TIME,
  NONE,
  ROW_CLOCK,
  ROW_CONTENT,
  ROW_SIZE,
  VERDICT_ANSWERS,
  VERDICT_BEGINS,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import type { RuleTally } from '../model/tally.js';
import type { RuleUseReport } from '../model/rule-use.js';
import type { TrackingOptions } from '../model/tracking.js';
import { type RuleMatcher, createRuleMatcher } from '../policy/rule-matcher.js';
import type { Timeline } from '../policy/timeline.js';
import { answerAt, readAsked, remoteOf } from './asked-answers.js';
import { createNotedFlows } from './noted-flows.js';
import type { Observer } from './observer.js';
import { createEnds, readEnds } from './packet-ends.js';
import { type Finding, findingOf, isAsked } from './rule-findings.js';
import { type Seen, createRuleTallies } from './rule-tallies.js';
import { type RunViews, createRunViews } from './run-views.js';

/** Sees which rules flows make use of, and which of them they hang on. */
export interface RuleUseObserver extends Observer {
  /** Of the rules of an outcome. */
  report(rules: readonly RuleTally[]): RuleUseReport;
}

export interface RuleUseOptions {
  /** Flows that are told apart at a time. */
  readonly flowsMax: number;
  readonly tracking: TrackingOptions;
  /** Known once packets come. */
  readonly timelineOf: () => Timeline;
}

/** An observer of rules. What it tells is the same for any number of workers and any size of chunks. */
export function createRuleUse({ flowsMax, tracking, timelineOf }: RuleUseOptions): RuleUseObserver {
  const flows = createNotedFlows(flowsMax, randomBytes(4).readUInt32LE());
  const ends = createEnds();
  const viewsOf = createRunViews();
  const findings: Finding[] = [];
  const numbers = new Map<string, number>();
  const matchers = new Map<number, RuleMatcher>();
  const tallies = createRuleTallies(timelineOf);
  let phase = 0;

  const matcherOf = (at: number): RuleMatcher => {
    const known = matchers.get(at);
    if (known !== undefined) return known;
    // Phases follow each other: the one before is over.
    matchers.clear();
    const matcher = createRuleMatcher(timelineOf().phases[at]!.policy);
    matchers.set(at, matcher);
    return matcher;
  };
  const numberOf = (finding: Finding): number => {
    const key = `${finding.matched.join()};${finding.only};${finding.otherwise.join()}`;
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = findings.push(finding) - 1));
    return number;
  };
  /** Counts the flow for those rules for which it was not counted. */
  const count = (place: number, number: number, packet: Seen): void => {
    const noted = flows.notes(place);
    if (!noted.includes(number)) {
      flows.note(place, number);
      const before = noted.map((each) => findings[each]!);
      tallies.count(findings[number]!, before);
    }
    tallies.see(findings[number]!, packet);
  };

  const noteAnswer = (
    views: RunViews,
    i: number,
    answer: number,
    place: number,
    wasKnown: boolean,
  ): void => {
    const asked = readAsked(views, i, answer);
    if (asked === undefined) return;
    const { code, eni, direction, isBareSyn } = asked;
    const { phases } = timelineOf();
    if (code === DROP_NO_STATE && (tracking.midstream !== 'strict' || phases.length < 2)) return;
    const { interfaces } = phases[phase]!.policy;
    const isReply = !flows.isOriginal(ends, place);
    const mayHaveBeenTracked = phases.length > 1 && (wasKnown || flows.wasCleared);
    const question =
      (phase * interfaces.length + eni) * 256 +
      code * 4 +
      (isBareSyn ? 2 : 0) +
      (mayHaveBeenTracked ? 1 : 0) +
      1;
    const drawer = (isReply ? 2 : 0) + answer;
    // The same was asked of the flow's packet before.
    if (question < 2 ** 32 && !flows.changes(place, drawer, question)) return;
    const { set } = interfaces[eni]!;
    if (set === undefined) return;
    const remote = remoteOf(ends, asked);
    const finding = findingOf(
      { ...asked, set, remote, isReply, mayHaveBeenTracked },
      matcherOf(phase),
    );
    count(place, numberOf(finding), { ...asked, remote, direction });
  };

  const note = (views: RunViews, i: number): void => {
    const row = i * ROW_SIZE;
    const verdict = i * VERDICT_SIZE;
    const answers = views.verdicts.bytes[verdict + VERDICT_ANSWERS]!;
    if (views.rows.bytes[row + ROW_CONTENT] !== CONTENT_IP || answers === 0) return;
    let asked = false;
    for (let answer = 0; answer < answers; answer++) {
      const at = answerAt(i, answer);
      const rule = views.verdicts.words[(at + ANSWER_RULE) / 4]!;
      if (rule !== NONE) tallies.hit(rule, views.frames.words, (i * FRAME_SIZE + FRAME_TIME) / 4);
      asked ||= isAsked(views.verdicts.bytes[at + ANSWER_CODE]!);
    }
    const begins = views.verdicts.bytes[verdict + VERDICT_BEGINS] === 1;
    if (!asked && !begins) return;
    phase = phaseAt(timelineOf(), views.rows.words, (row + ROW_CLOCK) / 4, phase);
    readEnds(ends, views.rows, i);
    const place = flows.placeOf(ends, begins);
    const { wasKnown } = flows;
    for (let answer = 0; answer < answers; answer++) noteAnswer(views, i, answer, place, wasKnown);
  };
  return {
    onSettled: (run) => {
      const views = viewsOf(run);
      for (let i = 0; i < run.count; i++) note(views, i);
    },
    report: (rules) => ({
      rules: tallies.report(rules),
      flowsMax,
      isFlowsMaxReached: flows.wasCleared,
    }),
  };
}

/** The clock never goes back, but for frames that were held: their phase may be one before. */
function phaseAt({ phases }: Timeline, rows: Uint32Array, at: number, known: number): number {
  if (phases.length === 1) return 0;
  const clock = (BigInt(rows[at + 1]! | 0) << 32n) | BigInt(rows[at]!);
  let phase = phases[known]!.fromNs <= clock || known === 0 ? known : 0;
  while (phase + 1 < phases.length && phases[phase + 1]!.fromNs <= clock) phase++;
  return phase;
}
