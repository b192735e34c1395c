import type { FlowColumns } from '../report/html/flow-columns.js';
import { count } from '../report/quantity.js';
import { flowDetail } from './flow-detail.js';
import { flowParts } from './flow-parts.js';
import { rowElement } from './flow-row-element.js';
import { type Query, SORTS, type Sort, createSearch } from './flow-search.js';
import { placeAfter } from './step-keys.js';

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

  const parts = flowParts({ onKind: (kind) => ask({ kind }), onSort: (sort) => sortBy(sort) });
  const { box, told, headers, grid, view, spacer, rows, detail } = parts;
  home.append(parts.controls, grid, detail);

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
    active = place;
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
    const target = placeAfter(event.key, active, page, found.length - 1);
    if (target !== undefined) choose(target);
    else if (event.key === 'Enter' || event.key === ' ') open();
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  });
  new ResizeObserver(render).observe(view);
  ask({});
}
