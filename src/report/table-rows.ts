import {
  type ColumnForm,
  NO_INSTANT,
  NO_VALUE,
  type Table,
  type TextColumn,
  createTable,
} from '../model/table.js';

/** What a row has, by the names of the columns; undefined or left out: nothing. */
export type RowValues = Readonly<Record<string, string | number | bigint | boolean | undefined>>;

/** A table that is filled row by row, where they are not too many for that. */
export interface TableRows {
  readonly table: Table;
  put(values: RowValues): void;
  /** Begins anew. */
  clear(): void;
}

export function createTableRows(forms: readonly ColumnForm[], rowsMax: number): TableRows {
  const table = createTable(forms, rowsMax);
  let places = new Map<TextColumn, Map<string, number>>();

  const placeOf = (column: TextColumn, text: string): number => {
    const known = places.get(column);
    if (known === undefined) {
      column.entries = [text];
      places.set(column, new Map([[text, 0]]));
      return 0;
    }
    const found = known.get(text);
    if (found !== undefined) return found;
    (column.entries as string[]).push(text);
    known.set(text, known.size);
    return known.size - 1;
  };
  return {
    table,
    put: (values) => {
      const row = table.count++;
      for (const column of table.columns) {
        const value = values[column.name];
        switch (column.kind) {
          case 'text':
            column.values[row] = value === undefined ? NO_VALUE : placeOf(column, value as string);
            break;
          case 'small':
            column.values[row] = (value as number | undefined) ?? NO_VALUE;
            break;
          case 'count':
            column.values[row] = (value as number | undefined) ?? NaN;
            break;
          case 'instant':
            column.values[row] = (value as bigint | undefined) ?? NO_INSTANT;
            break;
          case 'flag':
            column.values[row] = value === true ? 1 : 0;
        }
      }
    },
    clear: () => {
      table.count = 0;
      places = new Map();
    },
  };
}
