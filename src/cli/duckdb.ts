import type { DuckDBConnection, DuckDBResult, DuckDBValue } from '@duckdb/node-api';
import { inputError } from '../model/diagnostic.js';
import type { QueryAnswer, QueryValue } from '../report/query-value.js';

/** A table of the database: a Parquet file. */
export interface TableSource {
  readonly name: string;
  readonly path: string;
}

/** The version that sgsim is tried with: that of package.json. */
const PACKAGE = '@duckdb/node-api@1.5.6-r.1';

/** Loads DuckDB, which is installed by those who want it alone. Throws InputError. */
export async function loadDuckDb(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    throw inputError(
      'duckdb',
      '',
      isMissing ? 'queries need DuckDB, which is not installed' : 'DuckDB cannot be loaded',
      `install it beside sgsim: npm install ${PACKAGE}`,
    );
  }
}

/**
 * A database of these tables that reads their files and no other, writes none but what it cannot hold in memory, which goes to
 * `folder`, and loads no extensions, whatever it is asked: who writes a statement need not be who runs it.
 */
export async function openDatabase(
  { DuckDBInstance }: typeof import('@duckdb/node-api'),
  tables: readonly TableSource[],
  folder: string,
): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    temp_directory: folder,
  });
  const connection = await instance.connect();
  const paths = tables.map(({ path }) => quoted(path)).join(', ');
  await connection.run(`SET allowed_paths = [${paths}]`);
  for (const { name, path } of tables) {
    await connection.run(`CREATE VIEW ${name} AS FROM read_parquet(${quoted(path)})`);
  }
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  return connection;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** What DuckDB says of a statement that it cannot run, as one of ours. */
export function statementFault(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  const [first = '', ...rest] = message
    .replace(/^Failed to extract statements: /u, '')
    .split('\n')
    .map((line) => line.trim());
  const hint = rest.find((line) => /^(Candidate|Did you mean)/u.test(line));
  const fact = first
    .replace(/[.!]$/u, '')
    .replace(/^[\w ]+ Error(?=: )/u, (kind) => kind.toLowerCase());
  return inputError('sql', '', fact, hint === undefined ? DESCRIBE : lowered(hint));
}

const DESCRIBE = 'ask `show tables` and `describe packets` what there is';

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** What a statement is answered with; of several, the last. Throws InputError. */
export async function ask(connection: DuckDBConnection, statement: string): Promise<QueryAnswer> {
  const result = await connection.stream(statement).catch((error: unknown) => {
    throw statementFault(error);
  });
  const types = result.columnTypes();
  return {
    columns: result.deduplicatedColumnNames().map((name, i) => ({ name, type: String(types[i]!) })),
    rows: rowsOf(result),
  };
}

async function* rowsOf(result: DuckDBResult): AsyncGenerator<QueryValue[][]> {
  try {
    for await (const rows of result.yieldRows()) yield rows.map((row) => row.map(plainValue));
  } catch (error) {
    throw statementFault(error);
  }
}

/** Numbers, texts, lists and structures as JSON has them; whole numbers that JSON's do not hold, and all others, as text. */
function plainValue(value: DuckDBValue): QueryValue {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return value;
  if (value === null) return null;
  if ('toDouble' in value) return value.toDouble();
  if ('items' in value) return value.items.map(plainValue);
  if (!('entries' in value)) return String(value);
  const { entries } = value;
  if (Array.isArray(entries)) {
    return entries.map((entry) => ({
      key: plainValue(entry.key),
      value: plainValue(entry.value),
    }));
  }
  return Object.fromEntries(Object.entries(entries).map(([key, each]) => [key, plainValue(each)]));
}
