import fc from 'fast-check';
import {
  type Column,
  type ColumnForm,
  type ColumnKind,
  NO_INSTANT,
  NO_VALUE,
  type Table,
} from '../../src/model/table.js';
import { type RowValues, createTableRows } from '../../src/report/table-rows.js';
import { HOSTILE_WORD } from './outcome-arbitrary.js';

export const KINDS: readonly ColumnKind[] = ['text', 'small', 'count', 'instant', 'flag'];

/** A column of each kind, required and optional; there is always a flag. */
export const FORMS: readonly ColumnForm[] = KINDS.flatMap((kind): ColumnForm[] =>
  kind === 'flag'
    ? [{ name: 'a_flag', kind }]
    : [
        { name: `a_${kind}`, kind },
        { name: `maybe_${kind}`, kind, optional: true },
      ],
);

const int64 = { min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n };
const near = fc
  .integer({ min: -2_000_000_000, max: 2_000_000_000 })
  .map((distance) => 1_700_000_000_000_000_000n + BigInt(distance));
/** Few different ones, neighbours, and any. */
const VALUES: Readonly<Record<ColumnKind, fc.Arbitrary<string | number | bigint | boolean>>> = {
  text: fc.oneof(fc.constantFrom('', 'eni-1', 'sgr-2'), HOSTILE_WORD),
  small: fc.oneof(fc.constantFrom(0, 1, 2 ** 31 - 1), fc.nat(65_535)),
  count: fc.oneof(fc.nat(1000), fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 53 - 1)),
  instant: fc.oneof(near, fc.constantFrom(0n, -1n, 999n), fc.bigInt(int64)),
  flag: fc.boolean(),
};

const row: fc.Arbitrary<RowValues> = fc
  .tuple(
    ...FORMS.map(({ kind, optional }) =>
      optional === true ? fc.option(VALUES[kind], { nil: undefined }) : VALUES[kind],
    ),
  )
  .map((values) => Object.fromEntries(FORMS.map(({ name }, i) => [name, values[i]])));

/** Rows of several tables of FORMS, one after the other. */
export const TABLES: fc.Arbitrary<readonly (readonly RowValues[])[]> = fc.array(
  fc.oneof(fc.array(row, { maxLength: 30 }), fc.array(row, { minLength: 130, maxLength: 300 })),
  { maxLength: 3 },
);

export function tableOf(rows: readonly RowValues[]): Table {
  const filled = createTableRows(FORMS, Math.max(1, rows.length));
  for (const each of rows) filled.put(each);
  return filled.table;
}

/** The value of a column in a row, as it was put there. */
export function valueAt(column: Column, row: number): RowValues[string] {
  switch (column.kind) {
    case 'text':
      return column.values[row] === NO_VALUE ? undefined : column.entries[column.values[row]!];
    case 'small':
      return column.values[row] === NO_VALUE ? undefined : column.values[row];
    case 'count':
      return Number.isNaN(column.values[row]) ? undefined : column.values[row];
    case 'instant':
      return column.optional && column.values[row] === NO_INSTANT ? undefined : column.values[row];
    case 'flag':
      return column.values[row] === 1;
  }
}
