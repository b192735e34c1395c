import type { Table } from '../model/table.js';

/** Turns tables of the same columns, one after the other, into the bytes of a file. */
export interface TableFile {
  /** What a table adds to the file; the bytes stay as they are. */
  rows(table: Table): Uint8Array;
  /** What ends the file; where no table was, all of it. */
  end(): Uint8Array;
}
