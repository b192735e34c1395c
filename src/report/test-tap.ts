import { printable } from '../model/diagnostic.js';
import type { TestReport, TestResult } from '../model/test-report.js';
import { failureFacts } from './failure-facts.js';
import { quoteJson } from './json-escape.js';

/**
 * TAP version 14 (https://testanything.org/tap-version-14-specification.html): a test point for each expectation; one that is
 * about nothing is skipped. What a failing one has to say stands in a YAML block whose values are JSON.
 */
export function testTap({ results }: TestReport): string {
  const lines = results.flatMap((result, index) => pointLines(result, index + 1));
  return ['TAP version 14', `1..${results.length}`, ...lines].map((line) => `${line}\n`).join('');
}

function pointLines(result: TestResult, number: number): readonly string[] {
  const { expectation, status, looked, failure } = result;
  const point = `${status === 'fails' ? 'not ok' : 'ok'} ${number} - ${escaped(expectation.text)}`;
  if (status === 'nothing') return [`${point} # SKIP ${escaped(looked)}`];
  if (failure === undefined) return [point];
  const { file, line } = expectation.place;
  const facts = failureFacts(expectation, failure);
  const labels = [...new Set(facts.map(({ label }) => label))];
  const told = labels.map((label) => {
    const texts = facts.filter((fact) => fact.label === label).map(({ text }) => quoted(text));
    return `${label}: ${texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`}`;
  });
  return [
    point,
    ...[
      '---',
      `file: ${quoted(file)}`,
      `line: ${line}`,
      `code: ${quoted(failure.code)}`,
      ...told,
      '...',
    ].map((text) => `  ${text}`),
  ];
}

/** A hash begins a directive. */
const escaped = (text: string): string =>
  printable(text).replaceAll(/[\\#]/g, (sign) => `\\${sign}`);

const quoted = (text: string): string => quoteJson(printable(text));
