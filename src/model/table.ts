/** What a column holds, and how: see `Column`. */
export type ColumnKind = 'text' | 'small' | 'count' | 'instant' | 'flag';

/** A column as it is documented. */
export interface ColumnForm {
  /** In snake case, as SQL has it. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** Rows may have no value in it. */
  readonly optional?: boolean;
}

/** Stand where a row has no value: in columns of texts and small numbers, and of instants; in one of counts it is NaN. */
export const NO_VALUE = 0xffff_ffff;
export const NO_INSTANT = -(2n ** 63n);

interface Named {
  readonly name: string;
  readonly optional: boolean;
}

/** The values of one column, row by row. Typed arrays, because there is a row for every packet. */
export type Column = TextColumn | SmallColumn | CountColumn | InstantColumn | FlagColumn;

export interface TextColumn extends Named {
  readonly kind: 'text';
  /** Places among the entries. */
  readonly values: Uint32Array<ArrayBuffer>;
  /** All texts that may occur, and perhaps others. Only grows; another list takes its place between two tables. */
  entries: readonly string[];
}

/** Numbers below 2^31. */
export interface SmallColumn extends Named {
  readonly kind: 'small';
  readonly values: Uint32Array<ArrayBuffer>;
}

/** Whole numbers below 2^53. */
export interface CountColumn extends Named {
  readonly kind: 'count';
  readonly values: Float64Array<ArrayBuffer>;
}

/** Nanoseconds since 1970. */
export interface InstantColumn extends Named {
  readonly kind: 'instant';
  readonly values: BigInt64Array<ArrayBuffer>;
}

/** 1 or 0. */
export interface FlagColumn extends Named {
  readonly kind: 'flag';
  readonly values: Uint8Array<ArrayBuffer>;
}

/** Some rows of a table, by column: the first `count` values of each. */
export interface Table {
  readonly columns: readonly Column[];
  count: number;
}

/** Room for `rowsMax` rows. */
export function createTable(forms: readonly ColumnForm[], rowsMax: number): Table {
  return { columns: forms.map((form) => createColumn(form, rowsMax)), count: 0 };
}

/** The column of this name and kind. */
export function columnOf<K extends ColumnKind>(
  { columns }: Table,
  name: string,
  kind: K,
): Extract<Column, { kind: K }> {
  const found = columns.find((column) => column.name === name && column.kind === kind);
  return found as Extract<Column, { kind: K }>;
}

function createColumn({ name, kind, optional = false }: ColumnForm, rowsMax: number): Column {
  const named = { name, optional };
  switch (kind) {
    case 'text':
      return { ...named, kind, values: new Uint32Array(rowsMax), entries: [] };
    case 'small':
      return { ...named, kind, values: new Uint32Array(rowsMax) };
    case 'count':
      return { ...named, kind, values: new Float64Array(rowsMax) };
    case 'instant':
      return { ...named, kind, values: new BigInt64Array(rowsMax) };
    case 'flag':
      return { ...named, kind, values: new Uint8Array(rowsMax) };
  }
}
