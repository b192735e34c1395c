// Files of tables are read back by readers that have nothing to do with their writers.
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { createCsvFile, csvField } from '../../src/report/csv.js';
import { createParquetFile } from '../../src/report/parquet.js';
import { createInstantBytes } from '../../src/report/instant-bytes.js';
import type { TableFile } from '../../src/report/table-file.js';
import type { RowValues } from '../../src/report/table-rows.js';
import { createTextBytes, putNumber, takeBytes } from '../../src/report/text-bytes.js';
import { FORMS, TABLES, tableOf } from './table-arbitrary.js';

const floorDiv = (value: bigint, by: bigint): bigint => (value - (((value % by) + by) % by)) / by;

/** What the fields of a row must be; an instant has two, the first of which is `timeOf` it. */
function fieldsOf(row: RowValues, timeOf: (ns: bigint) => unknown): Record<string, unknown> {
  const fields = FORMS.flatMap(({ name, kind }): [string, unknown][] => {
    const value = row[name];
    if (kind !== 'instant') return [[name, value]];
    const time = value === undefined ? undefined : timeOf(value as bigint);
    return [
      [name, time],
      [`${name}_ns`, value],
    ];
  });
  return Object.fromEntries(fields);
}

function written(file: TableFile, tables: readonly (readonly RowValues[])[]): Uint8Array {
  const parts = tables.map((rows) => file.rows(tableOf(rows)));
  return Buffer.concat([...parts, file.end()]);
}

const empty = tableOf([]).columns;

describe('Parquet', () => {
  it('gives back what it was given, any values and any row groups', async () => {
    await fc.assert(
      fc.asyncProperty(TABLES, async (tables) => {
        const bytes = written(createParquetFile(empty), tables);
        const file = new Uint8Array(bytes).buffer;
        const parsers = { timestampFromMicroseconds: (us: bigint) => us as unknown as Date };
        const rows = await parquetReadObjects({ file, parsers });
        const plain = (value: unknown): unknown =>
          typeof value === 'number' ? BigInt(value) : (value ?? undefined);
        const expected = tables.flat().map((row) => fieldsOf(row, (ns) => floorDiv(ns, 1000n)));
        const texts = (list: readonly Record<string, unknown>[]) =>
          list.map((row) => Object.entries(row).map(([key, value]) => [key, plain(value)]));
        expect(texts(rows)).toEqual(texts(expected));
      }),
      { numRuns: 60 },
    );
  });

  it('is a file also without rows', async () => {
    const bytes = written(createParquetFile(empty), []);
    const file = new Uint8Array(bytes).buffer;
    expect(await parquetReadObjects({ file })).toEqual([]);
  });
});

/** Records of RFC 4180, section 2: every one ends in CRLF; fields may be quoted. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/uy;
  let record: string[] = [];
  while (field.lastIndex < text.length) {
    const [, quoted, plain, end] = field.exec(text)!;
    record.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}

/** What a spreadsheet would take for a formula is told by an apostrophe. */
const guarded = (text: string): string =>
  /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/u.test(text) && text !== '-' ? `'${text}` : text;

describe('CSV', () => {
  it('gives back what it was given, but for formulas', () => {
    fc.assert(
      fc.property(TABLES, (tables) => {
        const bytes = written(createCsvFile(empty), tables);
        const [header, ...records] = parseCsv(Buffer.from(bytes).toString());
        const isoOf = (ns: bigint): string => {
          const us = floorDiv(ns, 1000n);
          const iso = new Date(Number(floorDiv(us, 1000n))).toISOString();
          return iso.replace('Z', `${String(us - floorDiv(us, 1000n) * 1000n).padStart(3, '0')}Z`);
        };
        const expected = tables.flat().map((row) => fieldsOf(row, isoOf));
        expect(header).toEqual(Object.keys(fieldsOf({}, isoOf)));
        expect(records).toEqual(
          expected.map((row) =>
            Object.entries(row).map(([key, value]) =>
              value === undefined
                ? ''
                : key.endsWith('text')
                  ? guarded(Buffer.from(value as string).toString())
                  : `${value as bigint}`,
            ),
          ),
        );
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['=cmd|x!A1', "'=cmd|x!A1"],
    ['@SUM(1,2)', '"\'@SUM(1,2)"'],
    ['\tx', "'\tx"],
    ['+1', "'+1"],
    ['-', '-'],
    ['', ''],
  ])('%j is written %j', (text, field) => {
    expect(csvField(text)).toBe(field);
  });
});

it('numbers are written in decimal', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(100_000), fc.maxSafeNat())), (values) => {
      const text = createTextBytes();
      for (const value of values) putNumber(text, value);
      expect(Buffer.from(takeBytes(text)).toString()).toBe(values.join(''));
    }),
  );
});

it('nanoseconds are those of the instant, whatever instant came before', () => {
  const near = fc.integer({ min: -3, max: 3 }).map((s) => BigInt(s) * 500_000_000n);
  fc.assert(
    fc.property(fc.array(fc.oneof(near, fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n))), (values) => {
      const instants = createInstantBytes();
      const text = createTextBytes();
      const longs = BigInt64Array.from(values);
      const told = values.map((_, i) => {
        instants.turn(longs, i);
        instants.putNanoseconds(text);
        return Buffer.from(takeBytes(text)).toString();
      });
      expect(told).toEqual(values.map(String));
    }),
  );
});
