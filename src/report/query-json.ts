import { escapeJson } from './json-escape.js';
import type { QueryAnswer } from './query-value.js';

/**
 * A query's answer as one JSON object (`query.schema.json`), a row a line. Whole numbers beyond 2^53 are decimal strings; a name that
 * columns share gets a number behind.
 */
export async function* queryJson({ columns, rows }: QueryAnswer): AsyncGenerator<string> {
  const json = (value: unknown): string => escapeJson(JSON.stringify(value));
  const keys = columns.map(({ name }) => json(name));
  yield `{"version":1,"columns":${json(columns)},"rows":[`;
  let previous = '';
  for await (const some of rows) {
    for (const row of some) {
      if (previous !== '') yield `${previous},`;
      previous = `{${row.map((value, i) => `${keys[i]!}:${json(value)}`).join(',')}}`;
    }
  }
  yield* previous === '' ? [']}'] : [previous, ']}'];
}
