import type { DocumentSource } from '../model/explanation.js';
import type { Span } from '../model/span.js';
import { noFaults } from './faults.js';
import type { DocumentFile } from './files.js';
import { jsonSpans } from './json-spans.js';
import { isJson } from './json-text.js';
import { lineNumbers } from './line-numbers.js';
import { keysOf } from './place.js';
import { parseYaml } from './yaml-text.js';

/**
 * Tells where a place of these documents stands (`web.json: SecurityGroups[2]`, as nouns carry it), and what: the item, or
 * the key with its value, on one line, cut to LONGEST. Undefined for a place that is in none of them. A document is looked
 * through when the first place in it is asked for, and kept.
 */
export function createSources(
  files: readonly DocumentFile[],
): (place: string) => DocumentSource | undefined {
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  const opened = new Map<string, OpenDocument>();
  const open = (file: string, text: string): OpenDocument => {
    const document = opened.get(file) ?? openDocument(file, text.replace(/^\uFEFF/, ''));
    opened.set(file, document);
    return document;
  };
  return (place) => {
    for (const { file, path } of readings(place)) {
      const text = texts.get(file);
      const source = text === undefined ? undefined : sourceIn(open(file, text), file, path);
      if (source !== undefined) return source;
    }
    return undefined;
  };
}

/** Characters of what stands at a place: a rule of describe-security-group-rules as far as its peer. */
const LONGEST = 300;

interface OpenDocument {
  readonly text: string;
  readonly spanOf: (path: string) => Span | undefined;
  readonly lineOf: (offset: number) => number;
}

function openDocument(file: string, text: string): OpenDocument {
  const spanOf = isJson(file, text) ? jsonSpansOf(text) : yamlSpansOf(file, text);
  return { text, spanOf, lineOf: lineNumbers(text) };
}

/** Characters of a JSON document. What says nothing of a VPC is passed over again at every level of nesting above a rule. */
const LARGEST = 64 * 1024 * 1024;

function jsonSpansOf(text: string): OpenDocument['spanOf'] {
  if (text.length > LARGEST) return () => undefined;
  const spanOf = jsonSpans(text);
  return (path) => {
    const keys = keysOf(path);
    return keys && spanOf(keys);
  };
}

function yamlSpansOf(file: string, text: string): OpenDocument['spanOf'] {
  const parsed = parseYaml(text, { file, path: '', faults: noFaults() });
  return (path) => (path === '' ? { at: 0, length: text.length } : parsed?.spanOf?.(path));
}

/** What a place may mean: names of files hold colons too. The longest name first. */
function* readings(place: string): Generator<{ readonly file: string; readonly path: string }> {
  for (let end = place.length; end > 0; end = place.lastIndexOf(':', end - 1)) {
    const rest = /^(?::\d+:\d+)?(?:$|: )/.exec(place.slice(end));
    if (rest === null) continue;
    yield { file: place.slice(0, end), path: place.slice(end + rest[0].length) };
  }
}

function sourceIn(
  { text, spanOf, lineOf }: OpenDocument,
  file: string,
  path: string,
): DocumentSource | undefined {
  const span = spanOf(path);
  if (span === undefined) return undefined;
  const written = text.slice(span.at, span.at + span.length);
  const at = span.at + Math.max(0, written.search(/\S/));
  return { file, line: lineOf(at), text: oneLine(written) };
}

/** Characters that are looked at: indentation may be most of them. */
const LOOKED_AT = 40 * LONGEST;

function oneLine(written: string): string {
  const line = written.slice(0, LOOKED_AT).replaceAll(/\s+/g, ' ').trim();
  const isWhole = written.length <= LOOKED_AT && line.length <= LONGEST;
  return isWhole ? line : `${line.slice(0, LONGEST).toWellFormed()}...`;
}
