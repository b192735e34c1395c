import type { Line, Span, Style } from './line.js';
import { line } from './line.js';
import { displayWidth, wrapText } from './wrap.js';

/** A list with numbers: a title beside the column heads, then entries with their numbers right-aligned. */
export interface Table {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly label: string;
  readonly style?: Style;
  /** One for each head, or none for a row that is a heading of its own. */
  readonly cells: readonly Cell[];
  /** Columns before the label, 2 unless told. */
  readonly indent?: number;
  /** Words right of the numbers, or below them where there is no room. */
  readonly note?: string;
  /** Secondary lines below the label. */
  readonly details?: readonly string[];
}

/** A number as text, or one with a meaning. */
export type Cell = string | Span;

/**
 * Lays tables out below each other with common columns, a blank line between. No line is wider than `width`
 * as long as the numbers alone are not. A label too wide for its column takes lines of its own; its numbers
 * then stand on the next line that has room for them.
 */
export function tableLines(tables: readonly Table[], width: number): readonly Line[] {
  const filled = tables.filter((table) => table.rows.length > 0);
  const grid = measure(filled, width);
  return filled.flatMap((table, index) => [
    ...(index === 0 ? [] : [line('')]),
    ...entry(head(table), grid),
    ...table.rows.flatMap((row) => entry(row, grid)),
  ]);
}

/** A label wrapped to the page, further lines indented by two more columns. */
export function paragraph(
  text: string,
  width: number,
  indent: number,
  style: Style = 'plain',
): readonly Line[] {
  return hanging(text, width, indent).map((part) => line(part, style));
}

interface Grid {
  readonly width: number;
  readonly labelWidth: number;
  readonly cellWidths: readonly number[];
  /** Columns for the notes; 0 puts them below. */
  readonly noteWidth: number;
}

const GAP = 2;
const LEAST_NOTE = 20;

function measure(tables: readonly Table[], width: number): Grid {
  const rows = tables.flatMap((table) => [head(table), ...table.rows]);
  const cellWidths: number[] = [];
  for (const row of rows) {
    row.cells.forEach((cell, column) => {
      cellWidths[column] = Math.max(cellWidths[column] ?? 0, cellText(cell).length);
    });
  }
  const numbers = cellWidths.reduce((sum, cell) => sum + GAP + cell, 0);
  const labels = rows.filter((row) => row.cells.length > 0).map(labelWidth);
  const widest = Math.max(0, ...labels);
  const noteWidth = width - numbers - widest - GAP;
  return {
    width,
    labelWidth: Math.max(0, Math.min(widest, width - numbers)),
    cellWidths,
    noteWidth: noteWidth < LEAST_NOTE ? 0 : noteWidth,
  };
}

function head({ title, heads }: Table): Row {
  const cells = heads.map((text): Span => ({ text, style: 'secondary' }));
  return { label: title, indent: 0, cells };
}

function labelWidth({ label, indent = 2 }: Row): number {
  return indent + displayWidth(wrapText(label, Infinity)[0]!);
}

function entry(row: Row, grid: Grid): readonly Line[] {
  const { indent = 2, style = 'plain', note, details = [] } = row;
  const below = note === undefined || grid.noteWidth > 0 ? details : [note, ...details];
  const texts: Span[] = [
    ...hanging(row.label, grid.width, indent).map((text) => ({ text, style })),
    ...below
      .flatMap((detail) => hanging(detail, grid.width, indent + 2))
      .map((text): Span => ({ text, style: 'secondary' })),
  ];
  if (row.cells.length === 0) return texts.map((text) => [text]);

  const numbers = numberSpans(row.cells, grid);
  const at = texts.findIndex(({ text }) => displayWidth(text) <= grid.labelWidth);
  const lines = texts.map((text, index): Line =>
    index === at ? [padEnd(text, grid.labelWidth), ...numbers] : [text],
  );
  if (at < 0) lines.push([{ text: ' '.repeat(grid.labelWidth), style: 'plain' }, ...numbers]);
  return note === undefined || grid.noteWidth === 0 ? lines : withNote(lines, note, grid);
}

function withNote(lines: readonly Line[], note: string, grid: Grid): readonly Line[] {
  const [first = '', ...rest] = wrapText(note, grid.noteWidth);
  const left = grid.width - grid.noteWidth;
  const gap: Span = { text: ' '.repeat(GAP), style: 'plain' };
  const margin: Span = { text: ' '.repeat(left), style: 'plain' };
  const [top = [], ...details] = lines;
  return [
    [...top, gap, { text: first, style: 'secondary' }],
    ...rest.map((text): Line => [margin, { text, style: 'secondary' }]),
    ...details,
  ];
}

function numberSpans(cells: readonly Cell[], { cellWidths }: Grid): Line {
  return cells.map((cell, column) => ({
    text: cellText(cell).padStart(GAP + cellWidths[column]!),
    style: typeof cell === 'string' ? 'plain' : cell.style,
  }));
}

function hanging(text: string, width: number, indent: number): readonly string[] {
  const whole = wrapText(text, width - indent);
  if (whole.length === 1) return [' '.repeat(indent) + whole[0]!];
  // wrapped for the narrower of the two widths, so that one pass is enough
  return wrapText(text, width - indent - 2).map(
    (part, index) => ' '.repeat(index === 0 ? indent : indent + 2) + part,
  );
}

function padEnd({ text, style }: Span, width: number): Span {
  return { text: text + ' '.repeat(Math.max(0, width - displayWidth(text))), style };
}

function cellText(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}
