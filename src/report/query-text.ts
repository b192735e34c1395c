import { type Line, line, paint } from './line.js';
import type { QueryAnswer, QueryValue } from './query-value.js';
import { counted } from './quantity.js';
import { cutText, displayWidth } from './wrap.js';

/**
 * A query's answer for people, line by line, without newlines: columns beside each other, numbers to the right, - for null, and
 * how many rows there are. Columns are as wide as the first rows need, and nothing in them can steer the terminal (`printable`).
 */
export async function* queryText(
  { columns, rows }: QueryAnswer,
  { color }: { readonly color: boolean },
): AsyncGenerator<string> {
  const isRight = columns.map(({ type }) => NUMERIC.test(type));
  let grid: Grid | undefined;
  let count = 0;
  const heads = columns.map(({ name }) => cutText(name, CELL_MAX));
  for await (const some of rows) {
    if (some.length === 0) continue;
    count += some.length;
    const cells = some.map((row) => row.map(cellText));
    if (grid === undefined) {
      grid = { isRight, widths: widthsOf([heads, ...cells]) };
      yield paint(line(lineOf(heads, grid), 'secondary'), color);
    }
    for (const row of cells) yield lineOf(row, grid);
  }
  if (grid === undefined) {
    yield paint(line(lineOf(heads, { isRight, widths: widthsOf([heads]) }), 'secondary'), color);
  }
  const sum: Line = line(counted(count, 'row'), 'secondary');
  yield* ['', paint(sum, color)];
}

interface Grid {
  readonly isRight: readonly boolean[];
  readonly widths: readonly number[];
}

const NUMERIC = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/u;
const CELL_MAX = 1000;
const GAP = '  ';

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, displayWidth(cell));
    });
  }
  return widths;
}

function lineOf(cells: readonly string[], { isRight, widths }: Grid): string {
  return cells
    .map((cell, i) => {
      const padding = ' '.repeat(Math.max(0, widths[i]! - displayWidth(cell)));
      return isRight[i] === true ? padding + cell : cell + padding;
    })
    .join(GAP)
    .trimEnd();
}

function cellText(value: QueryValue): string {
  if (value === null) return '-';
  return cutText(typeof value === 'object' ? JSON.stringify(value) : String(value), CELL_MAX);
}
