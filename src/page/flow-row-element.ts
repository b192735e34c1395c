import type { FlowColumns } from '../report/html/flow-columns.js';
import { bytes, count } from '../report/quantity.js';
import { beganText } from './clock.js';
import { element, mark } from './element.js';
import { rowOf } from './flow-rows.js';
import type { Sort } from './flow-search.js';

/** A flow as a row of the table, at its place there. */
export function rowElement(
  flows: FlowColumns,
  i: number,
  place: number,
  isActive: boolean,
): HTMLElement {
  const { mark: which, code, protocol, from, to } = rowOf(flows, i);
  const began = momentOf(flows, i);
  const cell = (name: Sort, ...children: readonly (Node | string)[]): HTMLElement =>
    element('div', { role: 'gridcell', class: name, title: titleOf(children) }, ...children);
  return element(
    'div',
    {
      ...{
        role: 'row',
        id: `flow-${place}`,
        class: `row${isActive ? ' active' : ''}`,
        'data-place': place,
      },
      ...{ 'aria-rowindex': place + 2, 'aria-selected': isActive ? 'true' : 'false' },
    },
    cell(
      'verdict',
      mark(which),
      element('span', { class: 'said' }, `${which} `),
      element('span', {}, code),
    ),
    cell('protocol', protocol),
    cell('from', from),
    cell('to', to),
    cell('packets', count(flows.packets[i]!)),
    cell('dropped', flows.dropped[i]! > 0 ? count(flows.dropped[i]!) : '·'),
    cell('bytes', bytes(flows.bytes[i]!)),
    cell('time', began),
  );
}

/** What may be cut at the edge of its column is told whole when pointed at. */
function titleOf(children: readonly (Node | string)[]): string | false {
  const [text] = children;
  return children.length === 1 && typeof text === 'string' && text.length > 14 && text;
}

function momentOf({ startNs, time }: FlowColumns, i: number): string {
  const start = BigInt(startNs);
  return beganText(start + BigInt(time[i]!), start);
}
