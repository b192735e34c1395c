import type { Outcome } from '../model/outcome.js';
import { codeText, verdictOf } from '../model/verdict.js';
import type { Row, Table } from './columns.js';
import { tableLines } from './columns.js';
import type { Line, Page } from './line.js';
import { bytes, count, shares } from './quantity.js';
import { VERDICT_WORDS } from './verdict-words.js';

/** How many packets were allowed, dropped, not filtered, not judged, and their sum. Bytes are exact, to add up. */
export function verdictsSection({ byVerdict, totals }: Outcome, { width }: Page): readonly Line[] {
  const percent = shares(VERDICT_WORDS.map(({ verdict }) => byVerdict[verdict].packets));
  const rows = VERDICT_WORDS.map(({ verdict, label, style }, index): Row => {
    const tally = byVerdict[verdict];
    const shownStyle = tally.packets === 0 ? 'secondary' : style;
    const cells = [count(tally.packets), percent[index]!, count(tally.bytes), count(tally.flows)];
    return {
      label,
      style: shownStyle,
      cells: cells.map((text) => ({ text, style: shownStyle })),
    };
  });
  const sum: Row = {
    label: 'sum',
    cells: [count(totals.packets), '100.0 %', count(totals.bytes), count(totals.flows)],
  };
  const heads = ['packets', 'share', 'bytes', 'flows'];
  return tableLines([{ title: 'verdicts', heads, rows: [...rows, sum] }], width);
}

/** Causes of what was not allowed, one table for each verdict, aligned with each other. */
export function causesSection({ byCode }: Outcome, { width }: Page): readonly Line[] {
  const tables = VERDICT_WORDS.filter(({ verdict }) => verdict !== 'allow').map(
    ({ verdict, label, style }): Table => ({
      title: `${label} by cause`,
      heads: ['packets', 'flows', 'bytes'],
      rows: byCode
        .filter(({ code }) => verdictOf(code) === verdict)
        .map((tally) => ({
          label: tally.code,
          style,
          cells: [{ text: count(tally.packets), style }, count(tally.flows), bytes(tally.bytes)],
          note: codeText(tally.code),
        })),
    }),
  );
  return tableLines(tables, width);
}
