import { DuckDBInstance } from '@duckdb/node-api';

/** The rows that DuckDB answers a statement with: numbers and texts. */
export async function askDuckDb(statement: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const rows = (await connection.runAndReadAll(statement)).getRows();
    return rows.map((row) =>
      row.map((value) => (typeof value === 'bigint' ? Number(value) : value)),
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
