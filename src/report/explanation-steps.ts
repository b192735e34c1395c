import type { Question, Step } from '../model/explanation.js';
import { beside } from './beside.js';
import { paragraph } from './columns.js';
import type { Line, Style } from './line.js';
import { line } from './line.js';
import { documentLine } from './rule-lines.js';

/** What was asked, in order, under the interface that it was asked at. */
export function stepLines(steps: readonly Step[], width: number): readonly Line[] {
  if (steps.length === 0) return [];
  const numberWidth = String(steps.length).length;
  const questionWidth = Math.max(...steps.map(({ question }) => QUESTIONS[question].length));
  const entries = steps.flatMap((step, index) => {
    const { word, style } = RESULTS[step.result];
    const spans: Line = [
      { text: `    ${String(index + 1).padStart(numberWidth)}  `, style: 'plain' },
      { text: word, style },
      { text: `  ${QUESTIONS[step.question].padEnd(questionWidth)}  `, style: 'plain' },
    ];
    const below = INDENT + numberWidth + 2 + word.length + 2;
    return [
      ...headingOf(step, steps[index - 1], width),
      ...beside(spans, step.text, width, step.result === 'skip' ? 'secondary' : 'plain'),
      ...(step.rule === undefined ? [] : documentLine(step.rule, width, below)),
    ];
  });
  return [line('steps', 'secondary'), ...entries];
}

const INDENT = 4;

/** Words of one width. Capitals where it was decided. */
const RESULTS: Readonly<Record<Step['result'], { readonly word: string; readonly style: Style }>> =
  {
    pass: { word: 'PASS', style: 'allowed' },
    drop: { word: 'DROP', style: 'dropped' },
    next: { word: 'next', style: 'secondary' },
    skip: { word: 'skip', style: 'secondary' },
  };

/** What is asked, in words. */
export const QUESTIONS: Readonly<Record<Question, string>> = {
  interface: 'interface',
  'source-dest-check': 'address check',
  exempt: 'exempt',
  multicast: 'multicast',
  groups: 'groups',
  fragment: 'fragment',
  connection: 'connection',
  related: 'related error',
  'denied-opening': 'denied opening',
  tracking: 'tracking',
  'mid-stream': 'mid-stream',
  rules: 'rules',
};

function headingOf(step: Step, before: Step | undefined, width: number): readonly Line[] {
  const { eni, direction } = step;
  if (eni === undefined) return [];
  if (before !== undefined && before.eni === eni && before.direction === direction) return [];
  return paragraph(direction === undefined ? eni : `${eni} ${direction}`, width, 2);
}
