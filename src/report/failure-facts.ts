import { printable } from '../model/diagnostic.js';
import type { Expectation } from '../model/expectation.js';
import type { Failure, TestReport, TestResult } from '../model/test-report.js';
import { count, counted } from './quantity.js';
import { ruleWhere } from './rule-lines.js';

/** One thing that a reader should know of an expectation that fails. */
export interface Fact {
  readonly label: 'because' | 'got' | 'with' | 'why' | 'rule' | 'fix';
  readonly text: string;
}

/** In the order in which they are told. */
export function failureFacts({ kind, because }: Expectation, failure: Failure): readonly Fact[] {
  const { subjects, reason, rules, fixes } = failure;
  const shown = subjects.slice(0, SUBJECTS_SHOWN);
  const more = failure.wrong - shown.length;
  return [
    ...(because === undefined ? [] : [{ label: 'because', text: because } as const]),
    { label: 'got', text: gotText(kind, failure) },
    ...(shown.length === 0
      ? []
      : [
          {
            label: 'with',
            text: `${shown.join('; ')}${more > 0 ? `; and ${count(more)} more` : ''}`,
          } as const,
        ]),
    ...(reason === undefined ? [] : [{ label: 'why', text: reason } as const]),
    ...rules
      .slice(0, RULES_SHOWN)
      .map((rule) => ({ label: 'rule', text: `${rule.text}: ${ruleWhere(rule)}` }) as const),
    ...fixes.map(({ text }) => ({ label: 'fix', text }) as const),
  ];
}

/** Members or flows that are named, and rules. */
const SUBJECTS_SHOWN = 3;
const RULES_SHOWN = 3;

function gotText(kind: Expectation['kind'], { got, wrong, asked, others }: Failure): string {
  const of = `${count(wrong)} of ${counted(asked, kind === 'flow' ? 'packet' : 'flow')}`;
  const share =
    wrong === 0 || (asked === 1 && kind === 'flow')
      ? ''
      : kind === 'flow'
        ? `, ${of}`
        : ` in ${of}`;
  const rest = others.map((other) => `${count(other.count)} ${other.code}`).join(', ');
  return `${got}${share}${rest === '' ? '' : `; among them ${rest}`}`;
}

/** The facts as lines, `got: ...`, which can neither steer a terminal nor begin another line. */
export function factLines(facts: readonly Fact[]): readonly string[] {
  return facts.map(({ label, text }) => printable(`${label}: ${text}`));
}

/** `fixtures/expectations.yaml:12`. */
export function placeOf({ expectation: { place } }: TestResult): string {
  return `${place.file}:${place.line}`;
}

/** `14 expectations: 11 hold, 2 fail, 1 is about nothing`. */
export function summaryText({ results }: TestReport): string {
  const [holds, fails, nothing] = (['holds', 'fails', 'nothing'] as const).map(
    (status) => results.filter((result) => result.status === status).length,
  ) as [number, number, number];
  const parts = [
    ...(holds === 0 ? [] : [`${count(holds)} ${holds === 1 ? 'holds' : 'hold'}`]),
    ...(fails === 0 ? [] : [`${count(fails)} ${fails === 1 ? 'fails' : 'fail'}`]),
    ...(nothing === 0 ? [] : [`${count(nothing)} ${nothing === 1 ? 'is' : 'are'} about nothing`]),
  ];
  return `${counted(results.length, 'expectation')}: ${parts.join(', ')}`;
}
