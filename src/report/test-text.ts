import { printable } from '../model/diagnostic.js';
import type { TestReport, TestResult } from '../model/test-report.js';
import { beside, labelled } from './beside.js';
import { paragraph } from './columns.js';
import { failureFacts, placeOf, summaryText } from './failure-facts.js';
import type { Line } from './line.js';
import { line, paint } from './line.js';

/**
 * What became of expectations, for people: each that fails, with the reason and what would change it; what says nothing; a line
 * that counts them. 80 columns wide, but for the commands of a fix. Nothing from a file can steer the terminal (`printable`).
 */
export function testText(report: TestReport, { color }: { readonly color: boolean }): string {
  const blocks = [
    ...report.results.filter(({ status }) => status === 'fails').map(failureLines),
    report.results.filter(({ status }) => status === 'nothing').flatMap(nothingLines),
    [line(summaryText(report))],
  ];
  const lines = blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : [line(''), ...block]));
  return lines.map((spans) => `${paint(spans, color)}\n`).join('');
}

const WIDTH = 80;

function failureLines(result: TestResult): readonly Line[] {
  const { expectation, failure } = result;
  return [
    ...beside([{ text: 'FAIL  ', style: 'dropped' }], expectation.text, WIDTH),
    ...paragraph(placeOf(result), WIDTH, 2, 'secondary'),
    ...failureFacts(expectation, failure!).flatMap(({ label, text }) =>
      labelled(label, text, WIDTH),
    ),
    ...failure!.fixes.flatMap(({ commands }) =>
      commands.map((command) => line(`  ${printable(command)}`)),
    ),
  ];
}

function nothingLines(result: TestResult): readonly Line[] {
  const { expectation, looked } = result;
  return paragraph(`note: ${placeOf(result)}: ${expectation.text}: ${looked}`, WIDTH, 0);
}
