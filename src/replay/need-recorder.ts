import { randomBytes } from 'node:crypto';
import {
  ALLOW_INFERRED,
  ALLOW_RULE,
  ALLOW_UNTRACKED,
  ANSWER_INTERFACE,
  ANSWER_RULE,
  CODE_VERDICT_SHIFT,
  CONTENT_IP,
  ROW_CONTENT,
  ROW_SIZE,
  VERDICT_ANSWERS,
  VERDICT_BEGINS,
  VERDICT_CODE,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import { formatAddress } from '../model/address.js';
import type { RuleNeed } from '../policy/rule-need.js';
import type { Timeline } from '../policy/timeline.js';
import { type AskedAnswer, answerAt, readAsked, remoteOf } from './asked-answers.js';
import { createNotedFlows } from './noted-flows.js';
import type { Observer } from './observer.js';
import { createEnds, readEnds } from './packet-ends.js';
import { type RunViews, createRunViews } from './run-views.js';

/** Packets that passed before and that other rules drop, by position among all frames, from 0. */
export type Missing = ReadonlySet<number>;

/** Sees what rules must let pass so that everything passes that does. */
export interface NeedRecorder extends Observer {
  /** Each once, in order of their first packets. */
  needs(): readonly RuleNeed[];
  /** Rules, by number, that decided on a packet after there was no room for more needs: they are needed as they are. */
  needed(): ReadonlySet<number>;
  /** Interfaces, by number, at which missing packets were judged. */
  missingAt(): ReadonlySet<number>;
  /** Whether the frame at a position passed. */
  passed(position: number): boolean;
}

/** More would be no smallest set of rules, but a list of all hosts. */
const NEEDS_MAX = 1 << 18;
const FLOWS_MAX = 1 << 20;

/**
 * An observer of one timeline. Answers of flows that are not tracked are taken to be those of a tracked one, but for those that
 * are known to be `missing` then.
 */
export function createNeedRecorder(timelineOf: () => Timeline, missing: Missing): NeedRecorder {
  const flows = createNotedFlows(FLOWS_MAX, randomBytes(4).readUInt32LE());
  const ends = createEnds();
  const viewsOf = createRunViews();
  const needs = new Map<string, RuleNeed>();
  const whole = new Set<number>();
  const enis = new Set<number>();
  const passed = createBits();
  let frames = 0;

  const need = (views: RunViews, i: number, answer: number, asked: AskedAnswer): void => {
    const { policy } = timelineOf().phases[0]!;
    const { set } = policy.interfaces[asked.eni]!;
    const number = views.verdicts.words[(answerAt(i, answer) + ANSWER_RULE) / 4]!;
    const rule = timelineOf().rules[number];
    if (set === undefined || rule === undefined) return;
    const { direction } = rule;
    const remote = remoteOf(ends, asked);
    const port = direction === asked.direction ? asked.port : asked.replyPort;
    const key = [set, direction, asked.protocol, port, formatAddress(remote)].join(' ');
    if (needs.has(key)) return;
    if (needs.size < NEEDS_MAX) {
      needs.set(key, { set, direction, remote, protocol: asked.protocol, port });
    } else whole.add(number);
  };
  const note = (views: RunViews, i: number): void => {
    const position = frames++;
    const verdict = i * VERDICT_SIZE;
    const answers = views.verdicts.bytes[verdict + VERDICT_ANSWERS]!;
    const code = views.verdicts.bytes[verdict + VERDICT_CODE]!;
    passed.push(code >> CODE_VERDICT_SHIFT === 0);
    if (views.rows.bytes[i * ROW_SIZE + ROW_CONTENT] !== CONTENT_IP || answers === 0) return;
    readEnds(ends, views.rows, i);
    const place = flows.placeOf(ends, views.verdicts.bytes[verdict + VERDICT_BEGINS] === 1);
    const isReply = !flows.isOriginal(ends, place);
    const isMissing = missing.has(position);
    for (let answer = 0; answer < answers; answer++) {
      if (isMissing) enis.add(views.verdicts.words[(answerAt(i, answer) + ANSWER_INTERFACE) / 4]!);
      const asked = readAsked(views, i, answer);
      if (asked === undefined) continue;
      const isAllowed =
        asked.code === ALLOW_RULE ||
        asked.code === ALLOW_INFERRED ||
        asked.code === ALLOW_UNTRACKED;
      if (!isAllowed || (asked.code === ALLOW_UNTRACKED && isReply && !isMissing)) continue;
      need(views, i, answer, asked);
    }
  };
  return {
    onSettled: (run) => {
      const views = viewsOf(run);
      for (let i = 0; i < run.count; i++) note(views, i);
    },
    needs: () => [...needs.values()],
    needed: () => whole,
    missingAt: () => enis,
    passed: (position) => passed.at(position),
  };
}

/** A bit for each frame. */
function createBits(): { push(bit: boolean): void; at(position: number): boolean } {
  let bytes = new Uint8Array(1 << 12);
  let count = 0;
  return {
    push(bit) {
      if (count >> 3 === bytes.length) {
        const old = bytes;
        bytes = new Uint8Array(old.length * 2);
        bytes.set(old);
      }
      if (bit) bytes[count >> 3]! |= 1 << (count & 7);
      count++;
    },
    at: (position) => ((bytes[Math.floor(position / 8)]! >> (position % 8)) & 1) === 1,
  };
}
