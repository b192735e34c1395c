import { type Column, NO_INSTANT, NO_VALUE, type TextColumn, columnOf } from '../model/table.js';
import { type InstantBytes, createInstantBytes } from './instant-bytes.js';
import { quoteJson } from './json-escape.js';
import type { TableFile } from './table-file.js';
import {
  type TextBytes,
  createTextBytes,
  ensureRoom,
  putBytes,
  putNumber,
  takeBytes,
} from './text-bytes.js';
import { type WrittenEntries, createWrittenEntries } from './text-entries.js';

/**
 * Rows of a table of packets or flows as lines of JSON. Keys in fixed order, in camel case: which packet it is and when, `verdict`,
 * `code`, `at` (each interface: `eni`, `direction`, `verdict`, `code`, `rule` or null), then the other columns. What a row has no
 * value of is left out, and so is the capture where there is only one. Times are nanoseconds as decimal strings.
 */
export function createVerdictLines(): TableFile {
  const text = createTextBytes();
  const instants = createInstantBytes();
  const writtenOf = createWritten();
  return {
    rows: (table) => {
      const isMerged = table.columns.some(
        (column) => column.name === 'capture' && (column as TextColumn).entries.length > 1,
      );
      const prepared = table.columns
        .filter(({ name }) => (isMerged || !CAPTURE.has(name)) && !ANSWER.test(name))
        .map((column) => prepare(column, writtenOf));
      const head = prepared.filter(({ column }) => HEAD.has(column.name));
      const rest = prepared.filter(({ column }) => !HEAD.has(column.name));
      const answers = DIRECTIONS.map((direction) => ({
        direction: pieceOf(`,"direction":"${direction}","verdict":`),
        parts: PARTS.map((part) =>
          prepare(columnOf(table, `${direction}_${part}`, 'text'), writtenOf),
        ),
      }));
      for (let row = 0; row < table.count; row++) {
        const start = text.length;
        for (const each of head) putField(text, each, row, instants);
        text.bytes[start] = OPEN;
        putPiece(text, AT);
        let isNext = false;
        for (const { direction, parts } of answers) {
          if (!putAnswer(text, parts, direction, row, isNext)) continue;
          isNext = true;
        }
        putPiece(text, AT_END);
        for (const each of rest) putField(text, each, row, instants);
        putPiece(text, END);
      }
      return takeBytes(text);
    },
    end: () => new Uint8Array(),
  };
}

/** Columns whose keys stand in front of `at`. */
const HEAD: ReadonlySet<string> = new Set([
  ...['frame', 'capture', 'capture_frame', 'time', 'first_frame', 'first_time', 'last_time'],
  ...['verdict', 'code'],
]);
const CAPTURE: ReadonlySet<string> = new Set(['capture', 'capture_frame']);
const ANSWER = /^(?:egress|ingress)_/u;
const DIRECTIONS = ['egress', 'ingress'] as const;
const PARTS = ['eni', 'verdict', 'code', 'rule'] as const;

const pieceOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const OPEN = 0x7b;
const QUOTE = 0x22;
const AT = pieceOf(',"at":[');
const ENI = pieceOf('{"eni":');
const NEXT_ENI = pieceOf(',{"eni":');
const CODE = pieceOf(',"code":');
const RULE = pieceOf(',"rule":');
const NULL = pieceOf('null');
const CLOSE = pieceOf('}');
const AT_END = pieceOf(']');
const END = pieceOf('}\n');
const [TRUE, FALSE] = ['true', 'false'].map(pieceOf) as [Uint8Array, Uint8Array];

interface Prepared {
  readonly column: Column;
  /** The key and what stands around it. */
  readonly key: Uint8Array;
  /** Of a column of texts. */
  readonly written?: WrittenEntries;
}

type Written = (column: TextColumn) => WrittenEntries;

function createWritten(): Written {
  const known = new Map<string, (entries: readonly string[]) => WrittenEntries>();
  return ({ name, entries }) => {
    const written = known.get(name) ?? createWrittenEntries(quoteJson);
    known.set(name, written);
    return written(entries);
  };
}

function prepare(column: Column, writtenOf: Written): Prepared {
  const { name, kind } = column;
  const sql = kind === 'instant' ? `${name}_ns` : name;
  const key = sql.replaceAll(/_(.)/gu, (_, letter: string) => letter.toUpperCase());
  return {
    column,
    key: pieceOf(`,"${key}":`),
    ...(kind === 'text' && { written: writtenOf(column) }),
  };
}

/** Puts the key and the value, if the row has one. */
function putField(text: TextBytes, prepared: Prepared, row: number, instants: InstantBytes): void {
  const { column, key } = prepared;
  switch (column.kind) {
    case 'text': {
      if (column.values[row] === NO_VALUE) return;
      putPiece(text, key);
      putEntry(text, prepared, row);
      return;
    }
    case 'small': {
      const value = column.values[row]!;
      if (value === NO_VALUE) return;
      putPiece(text, key);
      putNumber(text, value);
      return;
    }
    case 'count': {
      const value = column.values[row]!;
      if (Number.isNaN(value)) return;
      putPiece(text, key);
      putNumber(text, value);
      return;
    }
    case 'instant': {
      const { values, optional } = column;
      if (optional && values[row] === NO_INSTANT) return;
      putPiece(text, key);
      instants.turn(values, row);
      text.bytes[text.length++] = QUOTE;
      instants.putNanoseconds(text);
      ensureRoom(text, 1);
      text.bytes[text.length++] = QUOTE;
      return;
    }
    case 'flag': {
      putPiece(text, key);
      putPiece(text, column.values[row] === 0 ? FALSE : TRUE);
      return;
    }
  }
}

/** Puts the answer of the interface on one side; false if there is none. */
function putAnswer(
  text: TextBytes,
  [eni, verdict, code, rule]: readonly Prepared[],
  direction: Uint8Array,
  row: number,
  isNext: boolean,
): boolean {
  if (eni!.column.values[row] === NO_VALUE) return false;
  putPiece(text, isNext ? NEXT_ENI : ENI);
  putEntry(text, eni!, row);
  putPiece(text, direction);
  putEntry(text, verdict!, row);
  putPiece(text, CODE);
  putEntry(text, code!, row);
  putPiece(text, RULE);
  putEntry(text, rule!, row);
  putPiece(text, CLOSE);
  return true;
}

/** A number may follow. */
const NUMBER_MAX = 20;

function putPiece(text: TextBytes, piece: Uint8Array): void {
  ensureRoom(text, piece.length + NUMBER_MAX);
  putBytes(text, piece, 0, piece.length);
}

function putEntry(text: TextBytes, { column, written }: Prepared, row: number): void {
  const entry = (column as TextColumn).values[row]!;
  if (entry === NO_VALUE) {
    putPiece(text, NULL);
    return;
  }
  const { bytes, starts, longest } = written!;
  ensureRoom(text, longest);
  putBytes(text, bytes, starts[entry]!, starts[entry + 1]!);
}
