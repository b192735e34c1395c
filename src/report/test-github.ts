import { printable } from '../model/diagnostic.js';
import type { TestReport, TestResult } from '../model/test-report.js';
import { factLines, failureFacts, summaryText } from './failure-facts.js';

/**
 * Workflow commands that annotate the file in GitHub: an error for each expectation that fails, a notice for one that is about
 * nothing; then a line that counts them.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function testGithub(report: TestReport): string {
  const lines = [...report.results.flatMap(annotation), summaryText(report)];
  return lines.map((line) => `${line}\n`).join('');
}

function annotation({ expectation, status, looked, failure }: TestResult): readonly string[] {
  if (status === 'holds') return [];
  const { text, place } = expectation;
  const title = failure === undefined ? text : `${text} (${failure.code})`;
  const message =
    failure === undefined
      ? printable(looked)
      : factLines(failureFacts(expectation, failure)).join('\n');
  const properties = `file=${property(place.file)},line=${place.line},title=${property(title)}`;
  return [`::${failure === undefined ? 'notice' : 'error'} ${properties}::${data(message)}`];
}

/** As @actions/core escapes it. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(printable(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
