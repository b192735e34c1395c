import type { Answer, Answers } from '../model/answers.js';
import type { Explanation } from '../model/explanation.js';
import { connectionLines, peerLines } from './explanation-connection.js';
import { assumptionLines, fixLines, shareLines } from './explanation-fixes.js';
import { disagreementLines, headLines, packetLines } from './explanation-head.js';
import { ruleLines } from './explanation-rules.js';
import { stepLines } from './explanation-steps.js';
import { paragraph } from './columns.js';
import type { Line } from './line.js';
import { line, paint } from './line.js';
import { count, counted } from './quantity.js';

export interface ExplanationTextOptions {
  /** Whether to mark allowed, dropped and secondary text with ANSI colours. */
  readonly color: boolean;
  /** In terminal columns, 80 unless told; below 60 is taken as 60. */
  readonly width?: number;
}

/**
 * One explanation for people: verdict and cause, the packet, the steps, what was remembered, the rules, the other end, fixes,
 * how many packets share the cause, assumptions; a newline at the end. No line is wider than `width` but the commands of a
 * fix, which stay on one line each to be copied. Nothing from a document or capture can steer the terminal (`printable`).
 */
export function explanationText(
  explanation: Explanation,
  { color, width = 80 }: ExplanationTextOptions,
): string {
  return paintBlocks(blocksOf(explanation, Math.max(60, width)), color);
}

/**
 * Several explanations, a headline before each when there are several, and a line that counts those not shown. Every
 * other promise is that of `explanationText`.
 */
export function explanationsText(
  { shown, total }: Answers,
  { color, width = 80 }: ExplanationTextOptions,
): string {
  const columns = Math.max(60, width);
  if (shown.length === 0 && total.answers === 0) return 'nothing to explain\n';
  const blocks = shown.flatMap((answer, index) => [
    answerHead(answer, index, total, columns),
    ...blocksOf(answer.explanation, columns),
  ]);
  return paintBlocks([...blocks, restLines({ shown, total }, columns)], color);
}

function blocksOf(explanation: Explanation, width: number): readonly (readonly Line[])[] {
  const { steps, connection, peer, fixes, share, assumptions } = explanation;
  return [
    disagreementLines(explanation, width),
    headLines(explanation, width),
    packetLines(explanation, width),
    stepLines(steps, width),
    connectionLines(connection, width),
    ruleLines(explanation, width),
    [...peerLines(peer, width), ...shareLines(share, width)],
    fixLines(fixes, width),
    assumptionLines(assumptions, width),
  ];
}

/** `2 of 5: 1,204 packets, 37 flows`, filled up with dashes so that the eye finds it; then who shares the answer. */
function answerHead(
  { explanation: { share }, subjects }: Answer,
  index: number,
  total: Answers['total'],
  width: number,
): readonly Line[] {
  const size =
    share === undefined
      ? ''
      : `: ${counted(share.packets, 'packet')}, ${counted(share.flows, 'flow')}`;
  const head = `${count(index + 1)} of ${count(total.answers)}${size} `;
  return [
    ...(total.answers === 1 ? [] : [line(head.padEnd(width, '-'))]),
    ...(subjects === undefined ? [] : subjectLines(subjects, total.subjects, width)),
  ];
}

function subjectLines(
  subjects: readonly string[],
  all: number | undefined,
  width: number,
): readonly Line[] {
  const named = subjects.slice(0, SUBJECTS_MAX).join(', ');
  const rest = subjects.length - SUBJECTS_MAX;
  const more = rest > 0 ? ` and ${count(rest)} more` : '';
  const of = `${count(subjects.length)} of ${count(all ?? subjects.length)}`;
  return paragraph(`${of}: ${named}${more}`, width, 0);
}

/** Members of a question that are named. */
const SUBJECTS_MAX = 12;

function restLines({ shown, total }: Answers, width: number): readonly Line[] {
  const rest = total.answers - shown.length;
  if (rest <= 0) return [];
  const sum = (pick: 'packets' | 'flows'): number =>
    shown.reduce((known, { explanation }) => known + (explanation.share?.[pick] ?? 0), 0);
  const { packets, flows } = total;
  const numbers = [
    counted(rest, 'more answer'),
    ...(packets === undefined ? [] : [counted(packets - sum('packets'), 'packet')]),
    ...(flows === undefined ? [] : [counted(flows - sum('flows'), 'flow')]),
  ];
  return paragraph(`not shown: ${numbers.join(', ')}`, width, 0);
}

function paintBlocks(blocks: readonly (readonly Line[])[], color: boolean): string {
  const lines = blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : [line(''), ...block]));
  return lines.map((spans) => `${paint(spans, color)}\n`).join('');
}
