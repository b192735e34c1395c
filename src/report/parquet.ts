import { ParquetWriter, ByteWriter } from 'hyparquet-writer';
import type { Column, Table } from '../model/table.js';
import { createBodies } from './parquet-body.js';
import { writeField } from './parquet-field.js';
import { fieldsOf, schemaOf } from './parquet-schema.js';
import type { TableFile } from './table-file.js';

/**
 * A file in Parquet (https://parquet.apache.org/docs/file-format/): a row group for each table, uncompressed, texts by dictionary and
 * numbers by difference. hyparquet-writer encodes numbers and writes headers and footer.
 */
export function createParquetFile(columns: readonly Column[]): TableFile {
  const writer = new ByteWriter(1 << 20);
  const file = new ParquetWriter({
    ...{ writer, schema: schemaOf(columns), codec: 'UNCOMPRESSED', createdBy: 'sgsim' },
  });
  const page = new ByteWriter(1 << 20);
  const bodiesOf = createBodies();
  const fields = columns.map(fieldsOf);
  const taken = (): Uint8Array => {
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    return bytes;
  };
  return {
    rows: ({ columns: given, count }: Table) => {
      if (count === 0) return new Uint8Array();
      const start = writer.offset;
      const chunks = given.flatMap((column, i) =>
        Array.from(bodiesOf(column, count), (body, at) =>
          writeField(writer, page, fields[i]![at]!, body, count),
        ),
      );
      const size = BigInt(writer.offset - start);
      file.row_groups.push({
        columns: chunks,
        total_byte_size: size,
        num_rows: BigInt(count),
        total_compressed_size: size,
      });
      file.num_rows += BigInt(count);
      return taken();
    },
    end: () => {
      void file.finish();
      return taken();
    },
  };
}
