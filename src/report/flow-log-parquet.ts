import { gzipSync } from 'node:zlib';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { SchemaElement } from 'hyparquet';
import { type FlowLogField, columnType } from '../model/flow-log-field.js';

/** Rows of a row group: what is kept until it is written. */
const GROUP_ROWS = 1 << 16;

/** A Parquet file of records, in pieces. */
export interface FlowLogParquet {
  /** Takes a record's values in the order of the fields; gives the bytes of a row group when one is full. */
  add(values: readonly string[]): Uint8Array | undefined;
  /** The rest of the file. */
  finish(): Uint8Array;
}

/**
 * Columns are named as AWS names them in Parquet, with underscores, and have its types; chunks are compressed with gzip. A
 * number that is not told is null; a text that is not told says `-`, as in a text record.
 */
export function createFlowLogParquet(fields: readonly FlowLogField[]): FlowLogParquet {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'root', num_children: fields.length }, ...fields.map(schemaOf)],
    codec: 'GZIP',
    compressors: { GZIP: (data) => gzipSync(data) },
    createdBy: 'sgsim',
  });
  let columns: unknown[][] = fields.map(() => []);
  const take = (): Uint8Array => {
    const piece = new Uint8Array(bytes.getBuffer());
    bytes.index = 0;
    return piece;
  };
  const writeGroup = (): void => {
    const rows = columns[0]!.length;
    if (rows === 0) return;
    const columnData = fields.map((field, i) => ({ name: columnName(field), data: columns[i]! }));
    void writer.write({ columnData, rowGroupSize: rows });
    columns = fields.map(() => []);
  };
  return {
    add: (values) => {
      fields.forEach((field, i) => columns[i]!.push(cellOf(field, values[i]!)));
      if (columns[0]!.length < GROUP_ROWS) return undefined;
      writeGroup();
      return take();
    },
    finish: () => {
      writeGroup();
      void writer.finish();
      return take();
    },
  };
}

const columnName = (field: FlowLogField): string => field.replaceAll('-', '_');

function schemaOf(field: FlowLogField): SchemaElement {
  const name = columnName(field);
  switch (columnType(field)) {
    case 'string':
      return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' };
    case 'int32':
      return { name, type: 'INT32', repetition_type: 'OPTIONAL' };
    case 'int64':
      return { name, type: 'INT64', repetition_type: 'OPTIONAL' };
  }
}

function cellOf(field: FlowLogField, value: string): string | number | bigint | null {
  const type = columnType(field);
  if (type === 'string') return value;
  if (value === '-') return null;
  return type === 'int32' ? Number(value) : BigInt(value);
}
