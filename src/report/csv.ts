import { type Column, NO_INSTANT, NO_VALUE, type Table } from '../model/table.js';
import { type InstantBytes, createInstantBytes } from './instant-bytes.js';
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
 * A file of comma-separated values (RFC 4180): a header, then a line for each row; where a row has no value, there
 * is nothing between the commas. Instants are two columns, as in Parquet.
 */
export function createCsvFile(columns: readonly Column[]): TableFile {
  const text = createTextBytes();
  const instants = createInstantBytes();
  const entriesOf = columns.map(() => createWrittenEntries(csvField));
  const header = columns.flatMap(({ name, kind }) =>
    kind === 'instant' ? [name, `${name}_ns`] : [name],
  );
  let isBegun = false;
  const begin = (): void => {
    if (isBegun) return;
    isBegun = true;
    const line = new TextEncoder().encode(`${header.join(',')}\r\n`);
    ensureRoom(text, line.length);
    putBytes(text, line, 0, line.length);
  };
  return {
    rows: ({ columns: given, count }: Table) => {
      begin();
      const written = given.map((column, i) =>
        column.kind === 'text' ? entriesOf[i]!(column.entries) : undefined,
      );
      for (let row = 0; row < count; row++) {
        for (let i = 0; i < given.length; i++) {
          putValue(text, given[i]!, row, written[i], instants);
          text.bytes[text.length++] = i + 1 === given.length ? RETURN : COMMA;
        }
        text.bytes[text.length++] = NEWLINE;
      }
      return takeBytes(text);
    },
    end: () => {
      begin();
      return takeBytes(text);
    },
  };
}

const COMMA = 0x2c;
const RETURN = 0x0d;
const NEWLINE = 0x0a;
/** Bytes that follow a value, and those of the longest number with them. */
const BEHIND = 2;
const NUMBER_MAX = 20;

/** Leaves room for what stands behind the value. */
function putValue(
  text: TextBytes,
  column: Column,
  row: number,
  written: WrittenEntries | undefined,
  instants: InstantBytes,
): void {
  switch (column.kind) {
    case 'text': {
      const entry = column.values[row]!;
      ensureRoom(text, written!.longest + BEHIND);
      if (entry !== NO_VALUE)
        putBytes(text, written!.bytes, written!.starts[entry]!, written!.starts[entry + 1]!);
      return;
    }
    case 'small': {
      const value = column.values[row]!;
      ensureRoom(text, NUMBER_MAX);
      if (value !== NO_VALUE) putNumber(text, value);
      return;
    }
    case 'count': {
      const value = column.values[row]!;
      ensureRoom(text, NUMBER_MAX);
      if (!Number.isNaN(value)) putNumber(text, value);
      return;
    }
    case 'instant': {
      const { values, optional } = column;
      const has = !optional || values[row] !== NO_INSTANT;
      if (has) instants.turn(values, row);
      if (has) instants.putTime(text);
      ensureRoom(text, NUMBER_MAX);
      text.bytes[text.length++] = COMMA;
      if (has) instants.putNanoseconds(text);
      ensureRoom(text, BEHIND);
      return;
    }
    case 'flag': {
      const word = column.values[row] === 0 ? FALSE : TRUE;
      ensureRoom(text, NUMBER_MAX);
      putBytes(text, word, 0, word.length);
      return;
    }
  }
}

const [TRUE, FALSE] = ['true', 'false'].map((word) => new TextEncoder().encode(word)) as [
  Uint8Array,
  Uint8Array,
];

/**
 * A text as a field. Spreadsheets take one that begins like a formula for a formula, whoever wrote it: an apostrophe in front keeps them
 * from it (https://owasp.org/www-community/attacks/CSV_Injection). Standard input is a lone minus and stays one.
 */
export function csvField(text: string): string {
  const safe =
    /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/u.test(text) && text !== '-' ? `'${text}` : text;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
