import type { ColumnChunk, Encoding, SchemaElement } from 'hyparquet';
import type { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import type { FieldBody } from './parquet-body.js';
import { writePresence } from './parquet-values.js';

/** Writes the chunk of one field of a row group, uncompressed: a dictionary page if it has one, and one data page, which is put
 * together in `page`. */
export function writeField(
  writer: ByteWriter,
  page: ByteWriter,
  { name, type }: SchemaElement,
  body: FieldBody,
  rows: number,
): ColumnChunk {
  const start = writer.offset;
  if (body.dictionary !== undefined) writeDictionary(writer, body.dictionary);
  const dataAt = writer.offset;
  page.index = page.offset = 0;
  const levels = body.present === undefined ? 0 : writePresence(page, body.present);
  body.write(page);
  writePageHeader(writer, {
    type: 'DATA_PAGE_V2',
    uncompressed_page_size: page.offset,
    compressed_page_size: page.offset,
    data_page_header_v2: {
      num_values: rows,
      num_nulls: body.nulls,
      num_rows: rows,
      encoding: body.encoding,
      definition_levels_byte_length: levels,
      repetition_levels_byte_length: 0,
      is_compressed: false,
    },
  });
  writer.appendBytes(page.getBytes());
  const size = BigInt(writer.offset - start);
  const encodings: Encoding[] = body.dictionary === undefined ? [] : ['PLAIN'];
  return {
    file_offset: BigInt(start),
    meta_data: {
      type: type!,
      encodings: [...encodings, body.encoding],
      path_in_schema: [name],
      codec: 'UNCOMPRESSED',
      num_values: BigInt(rows),
      total_uncompressed_size: size,
      total_compressed_size: size,
      data_page_offset: BigInt(dataAt),
      ...(body.dictionary !== undefined && { dictionary_page_offset: BigInt(start) }),
      statistics: { ...body.bounds, null_count: BigInt(body.nulls) },
    },
  };
}

function writeDictionary(
  writer: ByteWriter,
  { bytes, count }: NonNullable<FieldBody['dictionary']>,
): void {
  writePageHeader(writer, {
    type: 'DICTIONARY_PAGE',
    uncompressed_page_size: bytes.length,
    compressed_page_size: bytes.length,
    dictionary_page_header: { num_values: count, encoding: 'PLAIN' },
  });
  writer.appendBytes(bytes);
}
