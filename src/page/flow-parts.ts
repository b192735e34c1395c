import { element } from './element.js';
import { type Kind, KINDS, SORTS, type Sort } from './flow-search.js';

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

/** The elements that the table of flows is made of, still without rows. */
export interface FlowParts {
  /** Holds the two that follow, and the choice of kinds. */
  readonly controls: HTMLElement;
  readonly box: HTMLInputElement;
  readonly told: HTMLElement;
  /** In the order of SORTS. */
  readonly headers: readonly HTMLElement[];
  /** Holds the headers and the four that follow, each in the one before. */
  readonly grid: HTMLElement;
  readonly view: HTMLElement;
  readonly spacer: HTMLElement;
  readonly rows: HTMLElement;
  readonly detail: HTMLElement;
}

export function flowParts({
  onKind,
  onSort,
}: {
  readonly onKind: (kind: Kind) => void;
  readonly onSort: (sort: Sort) => void;
}): FlowParts {
  const box = searchBox();
  const told = element('output', { class: 'told', for: box.id, 'aria-live': 'polite' });
  const headers = SORTS.map((sort) => headerOf(sort, onSort));
  const head = element('div', { role: 'row', class: 'row head', 'aria-rowindex': '1' }, ...headers);
  const rows = element('div', { class: 'rows', role: 'rowgroup' });
  const spacer = element('div', { class: 'spacer', role: 'presentation' }, rows);
  const view = element('div', { class: 'view', role: 'presentation', tabindex: '-1' }, spacer);
  const grid = element(
    'div',
    {
      ...{ id: 'flow-grid', role: 'grid', tabindex: '0', 'aria-label': 'flows' },
      'aria-colcount': SORTS.length,
    },
    element('div', { role: 'rowgroup', class: 'headgroup' }, head),
    view,
  );
  const detail = element('div', {
    ...{ id: 'flow-detail', role: 'region', 'aria-label': 'chosen flow', 'aria-live': 'polite' },
  });
  const controls = element('div', { class: 'controls' }, box, kindsOf(onKind), told);
  return { controls, box, told, headers, grid, view, spacer, rows, detail };
}

function searchBox(): HTMLInputElement {
  return element('input', {
    ...{ type: 'search', id: 'flow-search', placeholder: '10.0.1.20 tcp/443 no-rule' },
    ...{ autocomplete: 'off', spellcheck: 'false' },
    ...{ 'aria-label': 'search flows', 'aria-controls': 'flow-grid' },
  });
}

function kindsOf(onKind: (kind: Kind) => void): HTMLElement {
  const labels = KINDS.map((kind) => {
    const checked = kind === 'all';
    const radio = element('input', { type: 'radio', name: 'flow-kind', value: kind, checked });
    radio.addEventListener('change', () => onKind(kind));
    return element('label', {}, radio, element('span', {}, KIND_LABELS[kind]));
  });
  const legend = element('legend', { class: 'said' }, 'flows');
  return element('fieldset', { class: 'kinds' }, legend, ...labels);
}

function headerOf(sort: Sort, onSort: (sort: Sort) => void): HTMLElement {
  const button = element('button', { type: 'button' }, SORT_LABELS[sort]);
  button.addEventListener('click', () => onSort(sort));
  return element('div', { role: 'columnheader', class: sort, 'aria-sort': 'none' }, button);
}
