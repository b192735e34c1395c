import type { FlowColumns } from '../report/html/flow-columns.js';
import { bytes, count } from '../report/quantity.js';
import { clockText } from './clock.js';
import { element, mark } from './element.js';
import { flowDetail } from './flow-detail.js';
import { rowOf } from './flow-rows.js';
import { type Kind, KINDS, type Query, SORTS, type Sort, createSearch } from './flow-search.js';

const KIND_LABELS: Readonly<Record<Kind, string>> = {
  all: 'all',
  dropped: 'with drops',
  allowed: 'with passes',
  other: 'neither',
};
const SORT_LABELS: Readonly<Record<Sort, string>> = {
  verdict: 'verdict',
  protocol: 'protocol',
  from: 'from',
  to: 'to',
  packets: 'packets',
  dropped: 'dropped',
  bytes: 'bytes',
  time: 'began',
};
/** What is most asked for of these is the most. */
const DESCENDING_FIRST: readonly Sort[] = ['packets', 'dropped', 'bytes'];
/** Rows beyond the edges of the view. */
const OVERSCAN = 6;

/** The table of flows: only rows in view are in the page, however many there are. */
export function showFlows(flows: FlowColumns): void {
  const home = document.getElementById('flow-table')!;
  const search = createSearch(flows);
  let query: Query = { words: '', kind: 'all', sort: 'time', descending: false };
  let found = search(query);
  /** Place of the active row in `found`. */
  let active = 0;

  const box = element('input', {
    ...{
      type: 'search',
      id: 'flow-search',
      placeholder: '10.0.1.20 tcp/443 no-rule',
      autocomplete: 'off',
    },
    ...{ spellcheck: 'false', 'aria-label': 'search flows', 'aria-controls': 'flow-grid' },
  });
  const told = element('output', { class: 'told', for: 'flow-search', 'aria-live': 'polite' });
  const kinds = element(
    'fieldset',
    { class: 'kinds' },
    element('legend', { class: 'said' }, 'flows'),
  );
  for (const kind of KINDS) {
    const radio = element('input', {
      type: 'radio',
      name: 'flow-kind',
      value: kind,
      checked: kind === 'all',
    });
    radio.addEventListener('change', () => ask({ kind }));
    kinds.append(element('label', {}, radio, element('span', {}, KIND_LABELS[kind])));
  }
  const headers = SORTS.map((sort) => {
    const button = element('button', { type: 'button', tabindex: '-1' }, SORT_LABELS[sort]);
    const header = element(
      'div',
      { role: 'columnheader', class: sort, 'aria-sort': 'none' },
      button,
    );
    button.addEventListener('click', () => sortBy(sort));
    button.tabIndex = 0;
    return header;
  });
  const head = element('div', { role: 'row', class: 'row head', 'aria-rowindex': '1' }, ...headers);
  const rows = element('div', { class: 'rows', role: 'rowgroup' });
  const spacer = element('div', { class: 'spacer', role: 'presentation' }, rows);
  const view = element('div', { class: 'view', role: 'presentation' }, spacer);
  const grid = element(
    'div',
    {
      id: 'flow-grid',
      role: 'grid',
      tabindex: '0',
      'aria-label': 'flows',
      'aria-colcount': SORTS.length,
    },
    element('div', { role: 'rowgroup', class: 'headgroup' }, head),
    view,
  );
  const detail = element('div', {
    id: 'flow-detail',
    role: 'region',
    'aria-label': 'chosen flow',
    'aria-live': 'polite',
  });
  home.append(element('div', { class: 'controls' }, box, kinds, told), grid, detail);

  const rowHeight = (): number =>
    Number.parseFloat(getComputedStyle(grid).getPropertyValue('--row'));
  const render = (): void => {
    const height = rowHeight();
    spacer.style.height = `${found.length * height}px`;
    const from = Math.max(0, Math.floor(view.scrollTop / height) - OVERSCAN);
    const to = Math.min(
      found.length,
      Math.ceil((view.scrollTop + view.clientHeight) / height) + OVERSCAN,
    );
    rows.style.transform = `translateY(${from * height}px)`;
    const made: HTMLElement[] = [];
    for (let place = from; place < to; place++)
      made.push(rowElement(flows, found[place]!, place, place === active));
    rows.replaceChildren(...made);
    grid.classList.toggle('open', detail.hasChildNodes());
    if (found.length > 0) grid.setAttribute('aria-activedescendant', `flow-${active}`);
    else grid.removeAttribute('aria-activedescendant');
  };
  const ask = (change: Partial<Query>): void => {
    query = { ...query, ...change };
    found = search(query);
    active = 0;
    view.scrollTop = 0;
    grid.setAttribute('aria-rowcount', String(found.length + 1));
    const all = count(flows.frame.length);
    told.textContent =
      found.length === flows.frame.length ? `${all} entries` : `${count(found.length)} of ${all}`;
    headers.forEach((header, i) => {
      const order = query.descending ? 'descending' : 'ascending';
      header.setAttribute('aria-sort', SORTS[i] === query.sort ? order : 'none');
    });
    detail.replaceChildren();
    render();
  };
  const sortBy = (sort: Sort): void => {
    const descending = sort === query.sort ? !query.descending : DESCENDING_FIRST.includes(sort);
    ask({ sort, descending });
  };
  const choose = (place: number): void => {
    if (found.length === 0) return;
    active = Math.min(found.length - 1, Math.max(0, place));
    const height = rowHeight();
    const top = active * height;
    if (top < view.scrollTop) view.scrollTop = top;
    if (top + height > view.scrollTop + view.clientHeight)
      view.scrollTop = top + height - view.clientHeight;
    if (detail.hasChildNodes()) open();
    render();
  };
  const open = (): void => {
    if (found.length > 0) detail.replaceChildren(flowDetail(flows, found[active]!));
    render();
  };
  const close = (): void => {
    detail.replaceChildren();
    render();
  };

  let asked = 0;
  box.addEventListener('input', () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => ask({ words: box.value }));
  });
  view.addEventListener('scroll', () => requestAnimationFrame(render), { passive: true });
  rows.addEventListener('click', (event) => {
    const row = (event.target as Element).closest<HTMLElement>('.row');
    if (row === null) return;
    choose(Number(row.dataset['place']));
    open();
  });
  grid.addEventListener('keydown', (event) => {
    if (event.target !== grid) return;
    const page = Math.max(1, Math.floor(view.clientHeight / rowHeight()) - 1);
    const target = placeOf(event.key, active, page, found.length - 1);
    if (target !== undefined) choose(target);
    else if (event.key === 'Enter' || event.key === ' ') open();
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  });
  new ResizeObserver(render).observe(view);
  ask({});
}

function placeOf(key: string, at: number, page: number, last: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return at + 1;
    case 'ArrowUp':
      return at - 1;
    case 'PageDown':
      return at + page;
    case 'PageUp':
      return at - page;
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

/** What may be cut at the edge of its column is told whole when pointed at. */
function titleOf(children: readonly (Node | string)[]): string | false {
  const [text] = children;
  return children.length === 1 && typeof text === 'string' && text.length > 14 && text;
}

function rowElement(flows: FlowColumns, i: number, place: number, isActive: boolean): HTMLElement {
  const { mark: which, code, protocol, from, to } = rowOf(flows, i);
  const began = clockText(BigInt(flows.startNs) + BigInt(flows.time[i]!), 0.001);
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
