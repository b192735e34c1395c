import { printable } from '../model/diagnostic.js';
import type { TestReport, TestResult } from '../model/test-report.js';
import { factLines, failureFacts } from './failure-facts.js';

/**
 * JUnit XML as CI systems read it: the file is the suite, each expectation a case with file and line; the type of a failure is
 * its code. Nothing takes time worth telling.
 */
export function testJunit({ file, results }: TestReport): string {
  const failures = results.filter(({ status }) => status === 'fails').length;
  const skipped = results.filter(({ status }) => status === 'nothing').length;
  const sums = attributes({ tests: results.length, failures, errors: 0, skipped, time: 0 });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'sgsim test' })}${sums}>`,
    `  <testsuite${attributes({ name: file })}${sums}>`,
    ...results.flatMap(caseLines),
    '  </testsuite>',
    '</testsuites>',
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function caseLines({ expectation, status, looked, failure }: TestResult): readonly string[] {
  const { text, place } = expectation;
  const { file, line } = place;
  const head = `    <testcase${attributes({ name: text, classname: file, file, line, time: 0 })}`;
  if (failure !== undefined) {
    const facts = factLines(failureFacts(expectation, failure)).map(xml).join('\n');
    const about = attributes({ type: failure.code, message: failure.got });
    return [`${head}>`, `      <failure${about}>${facts}</failure>`, '    </testcase>'];
  }
  if (status === 'nothing') {
    return [`${head}>`, `      <skipped${attributes({ message: looked })}/>`, '    </testcase>'];
  }
  return [`${head}/>`];
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xml(String(value))}"`)
    .join('');
}

/** Text for content or an attribute in double quotes: without what XML 1.0 does not allow even when it is escaped. */
function xml(text: string): string {
  return printable(text)
    .toWellFormed()
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign]!);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
