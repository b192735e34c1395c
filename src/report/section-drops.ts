import type { DropGroup } from '../model/outcome.js';
import type { FlowTally } from '../model/tally.js';
import { instant } from '../model/instant-text.js';
import type { Cell, Row } from './columns.js';
import { tableLines } from './columns.js';
import type { DropsCut } from './cut.js';
import type { Line, Page } from './line.js';
import { bytes, count, counted } from './quantity.js';
import { trafficText } from './traffic-text.js';

/** Dropped flows by cause and place: what, from where, how much, when. */
export function dropsSection({ shown, omitted }: DropsCut, { width }: Page): readonly Line[] {
  const rows = shown.map((group): Row => ({
    label: what(group),
    cells: cells(group),
    details: [where(group), when(group)],
  }));
  const rest: readonly Row[] =
    omitted.count === 0
      ? []
      : [
          {
            label: counted(omitted.count, 'more group'),
            style: 'secondary',
            cells: cells(omitted),
          },
        ];
  const heads = ['packets', 'flows', 'bytes'];
  return tableLines([{ title: 'dropped flows', heads, rows: [...rows, ...rest] }], width);
}

const cells = ({ packets, flows, bytes: size }: FlowTally): readonly Cell[] => [
  { text: count(packets), style: 'dropped' },
  count(flows),
  bytes(size),
];

/** The remote end is named, since the local one is the interface. */
function what(group: DropGroup): string {
  const { direction, example, flows } = group;
  const remote = direction === 'ingress' ? `from ${example.source}` : `to ${example.destination}`;
  return `${trafficText(group)} ${remote}${flows > 1 ? ' (and others)' : ''}`;
}

function where({ code, eni, direction, example }: DropGroup): string {
  return `${code} at ${eni} ${direction}, frame ${example.frame}`;
}

function when({ firstTimeNs, lastTimeNs }: DropGroup): string {
  const first = instant(firstTimeNs);
  return firstTimeNs === lastTimeNs ? first : `${first} to ${instant(lastTimeNs)}`;
}
