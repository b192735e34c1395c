import {
  CST,
  Composer,
  type Document,
  Lexer,
  LineCounter,
  Parser,
  YAMLParseError,
  isAlias,
  isMap,
  isScalar,
  isSeq,
} from 'yaml';
import type { YAMLMap } from 'yaml';
import type { Span } from '../model/span.js';
import { shown } from './faults.js';
import { fail, joinPath, type ParsedText, type Place } from './place.js';

/**
 * Parses one YAML 1.2 document. Duplicate keys, several documents, deep nesting and aliases that multiply the
 * document are refused. Reports every syntax fault and gives undefined. `place` knows lines and columns.
 * With `failsafe`, every scalar is its text.
 */
export function parseYaml(
  text: string,
  top: Place,
  schema: 'core' | 'failsafe' = 'core',
): ParsedText | undefined {
  if (text.length > LARGEST) {
    const fact = `${text.length} characters are more than the ${LARGEST} read of YAML`;
    fail(top, 'yaml-size', fact, 'split it or give the AWS JSON');
    return undefined;
  }
  const tokens = tokensOf(text);
  if (tokens === undefined) {
    fail(top, 'nesting', `nested deeper than ${DEEPEST} levels`, 'flatten it');
    return undefined;
  }
  const lines = new LineCounter();
  const document = documentOf(tokens, text.length, lines, schema);
  const spans = new Map<string, Span>();
  const position = (path: string): string => {
    const span = spans.get(path);
    return span === undefined ? '' : lineColumn(lines, span.at);
  };
  for (const error of document.errors) {
    const at = { ...top, file: top.file + lineColumn(lines, error.pos[0]) };
    if (error.code === 'MULTIPLE_DOCS') {
      fail(at, 'yaml-syntax', 'a second document starts here', 'make it a file of its own');
    } else fail(at, 'yaml-syntax', sentence(error.message), 'mend the YAML here');
  }
  if (document.errors.length > 0) return undefined;
  const place = { ...top, position };
  const copy: Copy = { anchors: new Map(), spans, place, fromAliases: 0, failed: false };
  const value = valueOf(document.contents, '', copy, { depth: 0, aliased: false });
  return copy.failed ? undefined : { value, place, spanOf: (path) => spans.get(path) };
}

/** Characters. Nobody writes more by hand, and the parser keeps every token of it. */
const LARGEST = 8 * 1024 * 1024;
const DEEPEST = 64;
/** Columns of indentation. */
const WIDEST = 512;
/** Nodes that aliases may add. */
const MOST_FROM_ALIASES = 100_000;

/**
 * The tokens of a text; undefined when they nest too deeply. The parser recurses, and V8 aborts the process when it has
 * to compile a pattern at the end of its stack: nesting is measured on the tokens first. In blocks, indentation and the
 * indicators of a line bound it.
 */
function tokensOf(text: string): readonly string[] | undefined {
  const tokens: string[] = [];
  let flow = 0;
  let indicators = 0;
  let lineStart = true;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token) ?? 'scalar';
    if (type === 'newline') indicators = 0;
    else if (OPENS_FLOW.has(type)) flow++;
    else if (CLOSES_FLOW.has(type)) flow = Math.max(0, flow - 1);
    else if (type === 'comma') indicators = 0;
    else if (NESTS_BLOCK.has(type)) indicators++;
    else if (lineStart && type === 'space' && token.length > WIDEST) return undefined;
    lineStart = type === 'newline';
    if (flow > DEEPEST || indicators > DEEPEST) return undefined;
    tokens.push(token);
  }
  return tokens;
}

const OPENS_FLOW: ReadonlySet<string> = new Set(['flow-map-start', 'flow-seq-start']);
const CLOSES_FLOW: ReadonlySet<string> = new Set(['flow-map-end', 'flow-seq-end']);
const NESTS_BLOCK: ReadonlySet<string> = new Set([
  'seq-item-ind',
  'explicit-key-ind',
  'map-value-ind',
  'anchor',
  'tag',
]);

/** The first document of a text of `size` characters, as the library's own parseDocument makes it of the tokens. */
function documentOf(
  tokens: readonly string[],
  size: number,
  lines: LineCounter,
  schema: 'core' | 'failsafe',
): Document.Parsed {
  const parser = new Parser(lines.addNewLine);
  // Duplicate keys are looked for below: the parser's own check is quadratic in the keys of a mapping.
  const composer = new Composer({ uniqueKeys: false, stringKeys: true, schema });
  lines.addNewLine(0);
  const nodes = function* (): Generator<CST.Token, void> {
    for (const token of tokens) yield* parser.next(token);
    yield* parser.end();
  };
  const [document, second] = composer.compose(nodes(), true, size);
  if (second !== undefined) {
    const [at, end] = second.range;
    document!.errors.push(new YAMLParseError([at, end], 'MULTIPLE_DOCS', ''));
  }
  return document!;
}

interface Copy {
  /** Nodes by anchor. The parser's own look-up walks the whole document for every alias. */
  readonly anchors: Map<string, unknown>;
  readonly spans: Map<string, Span>;
  readonly place: Place;
  fromAliases: number;
  failed: boolean;
}

interface Level {
  readonly depth: number;
  readonly aliased: boolean;
}

function valueOf(node: unknown, path: string, copy: Copy, level: Level): unknown {
  if (copy.failed) return undefined;
  if (level.aliased && ++copy.fromAliases > MOST_FROM_ALIASES) {
    const fact = `aliases add more than ${MOST_FROM_ALIASES} values`;
    refuse(copy, '', 'yaml-alias', fact, 'write the values out');
    return undefined;
  }
  if (level.depth > DEEPEST) {
    refuse(copy, '', 'nesting', `nested deeper than ${DEEPEST} levels`, 'flatten it');
    return undefined;
  }
  const below = { ...level, depth: level.depth + 1 };
  if (isAlias(node)) {
    const target = copy.anchors.get(node.source);
    if (target !== undefined) return valueOf(target, path, copy, { ...below, aliased: true });
    const fact = `alias ${shown(node.source)} has no anchor before it`;
    refuse(copy, path, 'yaml-alias', fact, 'write the value out');
    return undefined;
  }
  if ((isScalar(node) || isSeq(node) || isMap(node)) && node.anchor !== undefined) {
    copy.anchors.set(node.anchor, node);
  }
  if (isScalar(node)) return node.value;
  if (isSeq(node)) {
    return node.items.map((item, index) => {
      const at = joinPath(path, index);
      note(copy, at, item);
      return valueOf(item, at, copy, below);
    });
  }
  return isMap(node) ? mappingOf(node, path, copy, below) : null;
}

function mappingOf(node: YAMLMap, path: string, copy: Copy, below: Level): unknown {
  const entries = new Map<string, unknown>();
  for (const pair of node.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const at = joinPath(path, key);
    if (entries.has(key)) {
      copy.spans.delete(at);
      note(copy, at, pair.key);
      const fact = `key ${shown(key)} stands twice`;
      fail({ ...copy.place, path: at }, 'duplicate-key', fact, 'remove one');
      continue;
    }
    note(copy, at, pair.key, pair.value);
    entries.set(key, valueOf(pair.value, at, copy, below));
  }
  return Object.fromEntries(entries);
}

function refuse(copy: Copy, path: string, code: string, fact: string, fix: string): void {
  if (!copy.failed) fail({ ...copy.place, path }, code, fact, fix);
  copy.failed = true;
}

/** The first node of a path is kept: what an alias repeats stands elsewhere. */
function note(copy: Copy, path: string, first: unknown, last?: unknown): void {
  if (copy.spans.has(path)) return;
  const start = rangeOf(first);
  if (start === undefined) return;
  const [at] = start;
  const end = Math.max(start[1], rangeOf(last)?.[1] ?? 0);
  copy.spans.set(path, { at, length: end - at });
}

/** Where a node starts, and where it ends. */
function rangeOf(node: unknown): readonly [number, number] | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return undefined;
  return node.range ? [node.range[0], node.range[1]] : undefined;
}

function lineColumn(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `:${line}:${col}`;
}

/** The parser's message as one of ours: one line, lowercase, no full stop. */
function sentence(message: string): string {
  const [line = ''] = message.split('\n');
  const short = line.replace(/[.:]+$/, '').slice(0, 120);
  return short.charAt(0).toLowerCase() + short.slice(1);
}
