import type { CodeEntry, CodeKind } from '../src/model/code-entry.js';
import { entriesByKind } from '../src/model/code-book.js';

/** The README's reference of codes, as Markdown: a table of what sgsim names itself, and the names of AWS's refusals. */
export function codesReference(): string {
  const rows = entriesByKind().flatMap((entries) =>
    entries[0]!.kind === 'refusal' ? [] : rowsOf(entries),
  );
  const refusals = entriesByKind()
    .flat()
    .filter(({ kind }) => kind === 'refusal')
    .map(({ code }) => `\`${code}\``);
  return [
    '| code | kind | meaning |',
    '| --- | --- | --- |',
    ...rows,
    '',
    `Refusals, with AWS's own codes: ${refusals.join(', ')}.`,
  ].join('\n');
}

const KINDS: Readonly<Record<CodeKind, string>> = {
  verdict: 'verdict',
  cause: 'cause',
  diagnostic: 'error or warning',
  refusal: 'refusal',
};

const rowsOf = (entries: readonly CodeEntry[]): readonly string[] =>
  entries.map(({ code, kind, verdict, text }) => {
    const what = verdict === undefined ? KINDS[kind] : `${KINDS[kind]}: ${verdict}`;
    return `| \`${code}\` | ${what} | ${text} |`;
  });
