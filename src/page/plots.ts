import uPlot from 'uplot';
import { count, counted, duration } from '../report/quantity.js';
import { type Bins, type TimeData, binsOf } from './bins.js';
import { clockText, midnightBefore } from './clock.js';
import { element, mark } from './element.js';

const KINDS = [
  { kind: 'allowed', of: 'allow', height: 150 },
  { kind: 'dropped', of: 'drop', height: 120 },
] as const;

/** Pixels that a bar takes, with the gap behind it. */
const BAR_WIDTH = 7;
const AXIS_WIDTH = 58;
/** On either side of the plots, so that the focus ring has room. */
const PADDING = 8;
/** Of the last label on the axis of time, which may stand at its end. */
const HALF_LABEL = 28;

/** Steps between labels, in seconds: decimal below one, as clocks and calendars have them above. */
const STEPS = [
  ...[-6, -5, -4, -3, -2, -1].flatMap((power) => [1, 2, 5].map((each) => each * 10 ** power)),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200],
  ...[1, 2, 7, 14, 28, 91, 182, 365].map((days) => days * 86_400),
];

/** Draws packets over time, a plot for each kind, with one cursor. Returns what draws them anew. */
export function drawPlots(data: TimeData): () => void {
  const home = document.getElementById('plots')!;
  const readout = document.getElementById('plot-readout')!;
  const midnight = midnightBefore(BigInt(data.startNs));
  const seconds = (ns: bigint): number => Number(ns - midnight) / 1e9;
  let bins = binsOf(data, 1);
  let moment: number | undefined;

  const titles = KINDS.map(({ kind, of }) => {
    const text = element('span');
    home.append(element('p', { class: 'plot-title' }, mark(of), text));
    home.append(element('div', { class: 'plot', 'data-kind': kind, 'aria-hidden': 'true' }));
    return text;
  });
  const tell = (): void => {
    const width = duration(bins.widthNs);
    KINDS.forEach(({ kind }, i) => (titles[i]!.textContent = `${kind} packets per ${width}`));
    const text = moment === undefined ? '' : momentText(bins, moment);
    readout.textContent = text === '' ? `Each bar is ${width}.` : text;
    home.setAttribute('aria-valuemin', '1');
    home.setAttribute('aria-valuemax', String(bins.allowed.length));
    home.setAttribute('aria-valuenow', String((moment ?? 0) + 1));
    home.setAttribute('aria-valuetext', momentText(bins, moment ?? 0));
  };
  const xs = (): number[] => {
    const width = Number(bins.widthNs) / 1e9;
    const first = seconds(bins.startNs) + width / 2;
    return bins.allowed.map((_, i) => first + i * width);
  };
  const range = (): [number, number] => {
    const from = seconds(bins.startNs);
    return [from, from + (Number(bins.widthNs) / 1e9) * bins.allowed.length];
  };
  const innerWidth = (): number => Math.max(240, home.clientWidth - 2 * PADDING);

  bins = binsOf(data, Math.floor((innerWidth() - AXIS_WIDTH - HALF_LABEL) / BAR_WIDTH));
  const plots = KINDS.map(({ kind, of, height }, i) => {
    const last = i === KINDS.length - 1;
    const labels = (_: uPlot, splits: number[], __: number, ___: number, step: number): string[] =>
      splits.map((each) => clockText(midnight + BigInt(Math.round(each * 1e9)), step));
    return new uPlot(
      {
        width: innerWidth(),
        height: last ? height + 24 : height,
        legend: { show: false },
        padding: [8, HALF_LABEL, 0, 0],
        cursor: {
          sync: { key: 'moment' },
          drag: { x: false, y: false },
          y: false,
          points: { show: false },
        },
        scales: {
          x: { time: false, range },
          y: { range: (_, __, most) => [0, Math.max(1, most)] },
        },
        axes: [
          {
            size: last ? 32 : 8,
            stroke: () => colorOf('muted'),
            grid: { show: false },
            ticks: { show: last, stroke: () => colorOf('line'), width: 1, size: 4 },
            font: '12px system-ui, sans-serif',
            incrs: STEPS,
            space: 84,
            values: last ? labels : () => [],
          },
          {
            size: AXIS_WIDTH,
            stroke: () => colorOf('muted'),
            grid: { stroke: () => colorOf('line'), width: 1 },
            ticks: { show: false },
            font: '12px system-ui, sans-serif',
            space: 36,
            incrs: [1, 2, 5]
              .flatMap((each) => Array.from({ length: 13 }, (_, p) => each * 10 ** p))
              .sort((a, b) => a - b),
            values: (_, splits) => splits.map((each) => count(each)),
          },
        ],
        series: [
          {},
          {
            fill: () => colorOf(of),
            width: 0,
            points: { show: false },
            paths: uPlot.paths.bars!({ size: [0.82, 48], align: 0 }),
          },
        ],
        hooks: {
          setCursor: [
            ({ cursor: { idx, left } }) => {
              moment = left === undefined || left < 0 ? undefined : (idx ?? undefined);
              tell();
            },
          ],
        },
      },
      [xs(), [...bins[kind]]],
      home.querySelector<HTMLElement>(`.plot[data-kind=${kind}]`)!,
    );
  });
  const step = (to: number): void => {
    const at = Math.min(bins.allowed.length - 1, Math.max(0, to));
    const left = plots[0]!.valToPos(xs()[at]!, 'x');
    for (const plot of plots) plot.setCursor({ left, top: 1 });
  };
  home.addEventListener('keydown', (event) => {
    const target = targetOf(event.key, moment ?? -1, bins.allowed.length - 1);
    if (target === undefined) return;
    event.preventDefault();
    step(target);
  });
  new ResizeObserver(() => {
    const width = innerWidth();
    if (Math.abs(width - plots[0]!.width) < 2) return;
    bins = binsOf(data, Math.floor((width - AXIS_WIDTH - HALF_LABEL) / BAR_WIDTH));
    moment = undefined;
    plots.forEach((plot, i) => {
      plot.setSize({ width, height: plot.height });
      plot.setData([xs(), [...bins[KINDS[i]!.kind]]]);
    });
    tell();
  }).observe(home);
  tell();
  return () => plots.forEach((plot) => plot.redraw());
}

function targetOf(key: string, at: number, last: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return at - 1;
    case 'ArrowRight':
    case 'ArrowUp':
      return at + 1;
    case 'PageUp':
      return at - 10;
    case 'PageDown':
      return at + 10;
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

function momentText({ startNs, widthNs, allowed, dropped }: Bins, at: number): string {
  const step = Number(widthNs) / 1e9;
  const from = startNs + BigInt(at) * widthNs;
  const time = `${clockText(from, Math.min(step, 1))} UTC, ${duration(widthNs)}`;
  return `${time}: ${counted(allowed[at] ?? 0, 'packet')} allowed, ${count(dropped[at] ?? 0)} dropped`;
}

/** A colour of the page's style, as a canvas takes it. */
function colorOf(name: 'allow' | 'drop' | 'muted' | 'line'): string {
  const probe = document.getElementById(`color-${name}`) ?? makeProbe(name);
  return getComputedStyle(probe).color;
}

function makeProbe(name: string): HTMLElement {
  const probe = element('span', {
    id: `color-${name}`,
    class: `probe ${name}`,
    'aria-hidden': 'true',
  });
  document.body.append(probe);
  return probe;
}
