import { entriesOf } from '../model/code-book.js';
import { printable } from '../model/diagnostic.js';
import type { RuleReference } from '../model/explanation.js';
import type { TestReport, TestResult } from '../model/test-report.js';
import { factLines, failureFacts } from './failure-facts.js';
import { escapeJson } from './json-escape.js';

/**
 * SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/): a result for each expectation that fails, whose rule is its
 * code, at its line; the security group rules that have to do with it are related locations. `version`: that of sgsim.
 */
export function testSarif({ results }: TestReport, version: string): string {
  const failed = results.filter(({ status }) => status === 'fails');
  const codes = [...new Set(failed.map(({ failure }) => failure!.code))];
  const document = {
    $schema:
      'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'sgsim', version, rules: codes.map(ruleObject) } },
        columnKind: 'utf16CodeUnits',
        results: failed.map((result) => resultObject(result, codes)),
      },
    ],
  };
  return `${escapeJson(JSON.stringify(document, null, 2))}\n`;
}

/** What `sgsim explain` says of a code. */
function ruleObject(code: string) {
  const [entry] = entriesOf(code);
  if (entry === undefined) return { id: code };
  const { text, usually, remedy } = entry;
  return {
    id: code,
    shortDescription: message(text),
    fullDescription: message(`${text}: usually, ${usually}`),
    help: message(remedy),
  };
}

function resultObject({ expectation, failure }: TestResult, codes: readonly string[]) {
  const { text, place } = expectation;
  const { code, rules } = failure!;
  const lines = [printable(text), ...factLines(failureFacts(expectation, failure!))];
  const related = rules.flatMap(relatedLocation);
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: 'error',
    message: message(lines.join('\n')),
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(place.file) },
          region: { startLine: place.line, startColumn: place.column },
        },
      },
    ],
    ...(related.length === 0 ? {} : { relatedLocations: related }),
  };
}

function relatedLocation(rule: RuleReference, index: number) {
  if (rule.source === undefined) return [];
  const { file, line } = rule.source;
  return [
    {
      id: index + 1,
      physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line } },
      message: message(printable(`${rule.id} of ${rule.groupId}: ${rule.text}`)),
    },
  ];
}

/** Braces are of placeholders (3.11.5), and brackets before a parenthesis of links (3.11.6): here is neither. */
function message(text: string) {
  return {
    text: text
      .toWellFormed()
      .replaceAll(/[{}]/g, (brace) => brace + brace)
      .replaceAll('](', '] ('),
  };
}

/** A path as a reference by RFC 3986; one of this machine's root as its file URI. */
function uriOf(path: string): string {
  const parts = path
    .toWellFormed()
    .replace(/^(?:\.\/+)+/, '')
    .split('/');
  const encoded = parts.map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}
