import uPlot from 'uplot';
import { count, counted, duration } from '../report/quantity.js';
import { type Bins, type TimeData, binsOf } from './bins.js';
import { clockText, midnightBefore } from './clock.js';
import { element, mark } from './element.js';
import { PLOT_MARGINS, plotOptions } from './plot-options.js';
import { placeAfter } from './step-keys.js';

const KINDS = [
  { kind: 'allowed', color: 'allow', height: 150 },
  { kind: 'dropped', color: 'drop', height: 120 },
] as const;

/** Pixels that a bar takes, with the gap behind it. */
const BAR_WIDTH = 7;
/** On either side of the plots, so that the focus ring has room. */
const PADDING = 8;

/** Draws packets over time, a plot for each kind, with one cursor. Returns what draws them anew. */
export function drawPlots(data: TimeData): () => void {
  const home = document.getElementById('plots')!;
  const readout = document.getElementById('plot-readout')!;
  const midnight = midnightBefore(BigInt(data.startNs));
  const seconds = (ns: bigint): number => Number(ns - midnight) / 1e9;
  const widthNow = (): number => Math.max(240, home.clientWidth - 2 * PADDING);
  const binsNow = (): Bins => binsOf(data, Math.floor((widthNow() - PLOT_MARGINS) / BAR_WIDTH));
  let bins = binsNow();
  let moment: number | undefined;

  const parts = KINDS.map(({ kind, color, height }) => {
    const title = element('span');
    const plot = element('div', { class: 'plot', 'aria-hidden': 'true' });
    home.append(element('p', { class: 'plot-title' }, mark(color), title), plot);
    return { kind, color, height, title, plot };
  });
  const tell = (): void => {
    const width = duration(bins.widthNs);
    for (const { kind, title } of parts) title.textContent = `${kind} packets per ${width}`;
    readout.textContent = moment === undefined ? `Each bar is ${width}.` : momentText(bins, moment);
    home.setAttribute('aria-valuemin', '1');
    home.setAttribute('aria-valuemax', String(bins.allowed.length));
    home.setAttribute('aria-valuenow', String((moment ?? 0) + 1));
    home.setAttribute('aria-valuetext', momentText(bins, moment ?? 0));
  };
  /** Middles of the bars. */
  const middles = (): number[] =>
    bins.allowed.map((_, i) => seconds(bins.startNs) + (i + 0.5) * secondsOf(bins));
  const plots = parts.map(({ kind, color, height, plot }, i) => {
    const options = plotOptions({
      ...{ color, width: widthNow(), height, isLast: i === parts.length - 1, midnight },
      range: () => {
        const from = seconds(bins.startNs);
        return [from, from + bins.allowed.length * secondsOf(bins)];
      },
      events: data.eventsNs.map((ns) => seconds(BigInt(ns))),
      onMoment: (bar) => {
        moment = bar;
        tell();
      },
    });
    return new uPlot(options, [middles(), [...bins[kind]]], plot);
  });
  home.addEventListener('keydown', (event) => {
    const bar = placeAfter(event.key, moment ?? -1, 10, bins.allowed.length - 1);
    if (bar === undefined) return;
    event.preventDefault();
    const left = plots[0]!.valToPos(middles()[bar]!, 'x');
    for (const plot of plots) plot.setCursor({ left, top: 1 });
  });
  home.addEventListener('blur', () => {
    for (const plot of plots) plot.setCursor({ left: -10, top: -10 });
  });
  new ResizeObserver(() => {
    const width = widthNow();
    if (Math.abs(width - plots[0]!.width) < 2) return;
    bins = binsNow();
    moment = undefined;
    for (const [i, plot] of plots.entries()) {
      plot.setSize({ width, height: plot.height });
      plot.setData([middles(), [...bins[KINDS[i]!.kind]]]);
    }
    tell();
  }).observe(home);
  tell();
  return () => plots.forEach((plot) => plot.redraw());
}

const secondsOf = ({ widthNs }: Bins): number => Number(widthNs) / 1e9;

function momentText(bins: Bins, at: number): string {
  const { startNs, widthNs, allowed, dropped } = bins;
  const from = startNs + BigInt(at) * widthNs;
  const clock = clockText(from, Math.min(secondsOf(bins), 1));
  const isOneDay = BigInt(bins.allowed.length) * widthNs < 86_400_000_000_000n;
  const day = isOneDay ? '' : `${clockText(from, 86_400)} `;
  const time = `${day}${clock} UTC, ${duration(widthNs)}`;
  return `${time}: ${counted(allowed[at] ?? 0, 'packet')} allowed, ${count(dropped[at] ?? 0)} dropped`;
}
