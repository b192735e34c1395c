import { csvField } from './csv.js';
import type { QueryAnswer, QueryValue } from './query-value.js';

/** A query's answer as comma-separated values (RFC 4180), line by line, without the last line feed of each; null is empty. */
export async function* queryCsv({ columns, rows }: QueryAnswer): AsyncGenerator<string> {
  yield `${columns.map(({ name }) => csvField(name)).join(',')}\r`;
  for await (const some of rows) {
    for (const row of some) yield `${row.map(fieldOf).join(',')}\r`;
  }
}

function fieldOf(value: QueryValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return csvField(value);
  return typeof value === 'object' ? csvField(JSON.stringify(value)) : String(value);
}
