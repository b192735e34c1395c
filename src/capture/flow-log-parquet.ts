import { gunzipSync } from 'node:zlib';
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from 'hyparquet';
import { type FlowLogField, type FlowLogValues, flowLogField } from '../model/flow-log-field.js';
import type { RecordFault } from './flow-log-record.js';
import type { FlowLogItem } from './flow-log-text.js';

/** Rows that are held at a time. */
const SLICE_ROWS = 1 << 16;
/** Bytes of a page, decompressed. A page has a megabyte as a rule. */
const PAGE_MAX = 64 << 20;
/** Rows that a byte of a file may stand for: columns of one value take next to nothing, but no file is all of one value. */
const ROWS_PER_BYTE = 64;

const COMPRESSORS = {
  GZIP: (input: Uint8Array, outputLength: number): Uint8Array => {
    if (outputLength > PAGE_MAX) throw new Error('a page is too large');
    return gunzipSync(input, { maxOutputLength: Math.max(1, outputLength) });
  },
};

export interface ParquetFlowLog {
  readonly fields: readonly FlowLogField[];
  /** Rows as records; `line` is the row's place. Ends with a fault where the file is damaged. */
  items(): AsyncGenerator<FlowLogItem>;
}

/** Opens a Parquet file of flow log records. Throws what is wrong with it as an Error. */
export async function openParquetFlowLog(file: AsyncBuffer): Promise<ParquetFlowLog> {
  const metadata = await parquetMetadataAsync(file);
  const rows = Number(metadata.num_rows);
  if (rows < 0 || rows > file.byteLength * ROWS_PER_BYTE)
    throw new Error('it claims too many rows');
  const columns = columnsOf(metadata);
  return { fields: [...columns.keys()], items: () => readItems(file, metadata, rows, columns) };
}

/** Names of the columns that are fields of a flow log. */
function columnsOf({ schema }: FileMetaData): ReadonlyMap<FlowLogField, string> {
  const columns = new Map<FlowLogField, string>();
  for (const { name, num_children } of schema.slice(1)) {
    const field = num_children === undefined ? flowLogField(name) : undefined;
    if (field !== undefined && !columns.has(field)) columns.set(field, name);
  }
  return columns;
}

async function* readItems(
  file: AsyncBuffer,
  metadata: FileMetaData,
  rows: number,
  columns: ReadonlyMap<FlowLogField, string>,
): AsyncGenerator<FlowLogItem> {
  for (let rowStart = 0; rowStart < rows; rowStart += SLICE_ROWS) {
    const rowEnd = Math.min(rows, rowStart + SLICE_ROWS);
    const slice = await parquetReadObjects({
      ...{ file, metadata, rowStart, rowEnd },
      columns: [...columns.values()],
      compressors: COMPRESSORS,
    }).catch((error: unknown): RecordFault => ({ fact: damageOf(error) }));
    if (!Array.isArray(slice)) {
      yield { line: rowStart + 1, values: slice };
      return;
    }
    for (const [i, row] of slice.entries())
      yield { line: rowStart + i + 1, values: valuesOf(row, columns) };
  }
}

/** A library's own words, on one line. */
export const damageOf = (error: unknown): string =>
  `the Parquet file cannot be read (${error instanceof Error ? error.message.slice(0, 100) : 'unknown error'})`;

function valuesOf(
  row: Readonly<Record<string, unknown>>,
  columns: ReadonlyMap<FlowLogField, string>,
): FlowLogValues {
  const values: Partial<Record<FlowLogField, string>> = {};
  for (const [field, column] of columns) {
    const value = row[column];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
      values[field] = String(value);
    }
  }
  return values;
}
