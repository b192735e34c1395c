import type { RuleReference } from '../model/explanation.js';
import type { Failure, TestReport, TestResult } from '../model/test-report.js';
import { escapeJson } from './json-escape.js';

/**
 * What became of expectations, for programs: one JSON object, described by `expectations.schema.json`, indented by two spaces, a
 * newline at the end. Version 1 only grows. Keys are always present and in the same order; what is absent is null.
 */
export function testJson({ file, results }: TestReport): string {
  const sum = (status: TestResult['status']): number =>
    results.filter((result) => result.status === status).length;
  const document = {
    version: 1,
    tool: 'sgsim',
    file,
    total: {
      expectations: results.length,
      holds: sum('holds'),
      fails: sum('fails'),
      nothing: sum('nothing'),
    },
    expectations: results.map(resultObject),
  };
  return `${escapeJson(JSON.stringify(document, null, 2))}\n`;
}

// Every object is written out key by key: the order is part of the format, and nothing unknown gets in.

const resultObject = ({ expectation, status, looked, failure }: TestResult) => ({
  kind: expectation.kind,
  text: expectation.text,
  because: expectation.because ?? null,
  line: expectation.place.line,
  column: expectation.place.column,
  status,
  looked,
  failure: failure === undefined ? null : failureObject(failure),
});

const failureObject = (failure: Failure) => ({
  code: failure.code,
  got: failure.got,
  wrong: failure.wrong,
  asked: failure.asked,
  subjects: failure.subjects,
  reason: failure.reason ?? null,
  rules: failure.rules.map(ruleObject),
  fixes: failure.fixes.map(({ certainty, text, commands }) => ({ certainty, text, commands })),
  others: failure.others.map(({ code, count }) => ({ code, count })),
});

const ruleObject = (rule: RuleReference) => ({
  id: rule.id,
  groupId: rule.groupId,
  direction: rule.direction,
  text: rule.text,
  place: rule.place,
  file: rule.source?.file ?? null,
  line: rule.source?.line ?? null,
});
