import { gunzipSync } from 'node:zlib';
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from 'hyparquet';
import { type FlowLogField, type FlowLogValues, flowLogField } from '../model/flow-log-field.js';

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

/** Flow log records of a Parquet file. Reading throws what is wrong with it as an Error, or does not end: see parquet-thread. */
export interface ParquetRows {
  readonly fields: readonly FlowLogField[];
  readonly count: number;
  read(rowStart: number, rowEnd: number): Promise<FlowLogValues[]>;
}

export async function openParquetRows(file: AsyncBuffer): Promise<ParquetRows> {
  const metadata = await parquetMetadataAsync(file);
  const count = Number(metadata.num_rows);
  if (count < 0 || count > file.byteLength * ROWS_PER_BYTE) {
    throw new Error('it claims too many rows');
  }
  const columns = columnsOf(metadata);
  return {
    fields: [...columns.keys()],
    count,
    read: async (rowStart, rowEnd) => {
      const rows = await parquetReadObjects({
        ...{ file, metadata, rowStart, rowEnd },
        columns: [...columns.values()],
        compressors: COMPRESSORS,
      });
      return rows.map((row) => valuesOf(row, columns));
    },
  };
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
