import type { InterfaceTally } from '../model/outcome.js';
import type { Cell, Row } from './columns.js';
import { paragraph, tableLines } from './columns.js';
import type { Cut } from './cut.js';
import { sumTallies } from './cut.js';
import type { Line, Page, Style } from './line.js';
import { count, counted } from './quantity.js';

/** Packets by interface and direction. */
export function interfacesSection(
  { shown, omitted }: Cut<readonly InterfaceTally[]>,
  { width }: Page,
): readonly Line[] {
  const all = [...shown, ...omitted];
  if (all.length === 0) return [];
  // rare (full state, cut frames), and a column of zeros is noise
  const columns = all.flat().some(({ notJudged }) => notJudged.packets > 0)
    ? COLUMNS
    : COLUMNS.slice(0, -1);
  const cells = (tallies: readonly InterfaceTally[]): readonly Cell[] =>
    columns.map(({ key, style }) => {
      const { packets } = sumTallies(tallies.map((tally) => tally[key]));
      return { text: count(packets), style: packets === 0 ? 'secondary' : style };
    });

  const rows = shown.flatMap((tallies): readonly Row[] => [
    { label: heading(tallies), cells: [] },
    ...tallies.map((tally) => ({ label: tally.direction, indent: 4, cells: cells([tally]) })),
  ]);
  const rest: readonly Row[] =
    omitted.length === 0
      ? []
      : [
          {
            label: counted(omitted.length, 'more interface'),
            style: 'secondary',
            cells: cells(omitted.flat()),
          },
        ];
  const heads = columns.map(({ head }) => head);
  return [
    ...tableLines([{ title: 'packets by interface', heads, rows: [...rows, ...rest] }], width),
    ...(all.length === 1 ? [] : paragraph(TWICE, width, 2, 'secondary')),
  ];
}

const COLUMNS: readonly {
  readonly key: 'allowed' | 'dropped' | 'notFiltered' | 'notJudged';
  readonly head: string;
  readonly style: Style;
}[] = [
  { key: 'allowed', head: 'allowed', style: 'allowed' },
  { key: 'dropped', head: 'dropped', style: 'dropped' },
  { key: 'notFiltered', head: 'not filtered', style: 'plain' },
  { key: 'notJudged', head: 'not judged', style: 'plain' },
];

const TWICE = 'a packet from one interface to another counts at each that judged it';

function heading(tallies: readonly InterfaceTally[]): string {
  const [{ eni, name } = { eni: '', name: undefined }] = tallies;
  return name === undefined ? eni : `${eni} (${name})`;
}
