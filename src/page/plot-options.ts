import uPlot from 'uplot';
import { count } from '../report/quantity.js';
import { clockText } from './clock.js';
import { pageColor } from './page-color.js';

/** What one plot of packets over time is made of. Times are seconds since `midnight`. */
export interface PlotOptions {
  readonly color: 'allow' | 'drop';
  readonly width: number;
  readonly height: number;
  /** Whether times stand below it. */
  readonly isLast: boolean;
  readonly midnight: bigint;
  readonly range: () => [number, number];
  /** Moments to mark. */
  readonly events: readonly number[];
  readonly onMoment: (bar: number | undefined) => void;
}

const AXIS_WIDTH = 58;
/** Of the last label on the axis of time, which may stand at its end. */
const HALF_LABEL = 28;
/** What a plot is wider than its bars. */
export const PLOT_MARGINS = AXIS_WIDTH + HALF_LABEL;
const FONT = '12px system-ui, sans-serif';

/** Steps between labels, in seconds: decimal below one, as clocks and calendars have them above. */
const TIME_STEPS = [
  ...[-6, -5, -4, -3, -2, -1].flatMap((power) => [1, 2, 5].map((each) => each * 10 ** power)),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200],
  ...[1, 2, 7, 14, 28, 91, 182, 365].map((days) => days * 86_400),
];
/** Packets are whole. */
const COUNT_STEPS = Array.from({ length: 14 }, (_, power) => 10 ** power).flatMap((unit) => [
  unit,
  2 * unit,
  5 * unit,
]);

/** Bars over time, as uPlot is told of them. Colours are asked for at every drawing. */
export function plotOptions(plot: PlotOptions): uPlot.Options {
  const { color, width, height, isLast, range, onMoment } = plot;
  return {
    width,
    height: isLast ? height + 24 : height,
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
    axes: [timeAxis(plot), COUNT_AXIS],
    series: [
      {},
      {
        fill: () => pageColor(color),
        width: 0,
        points: { show: false },
        paths: uPlot.paths.bars!({ size: [0.82, 48], align: 0 }),
      },
    ],
    hooks: {
      draw: [(drawn) => drawEvents(drawn, plot.events)],
      setCursor: [
        ({ cursor: { idx, left } }) =>
          onMoment(left === undefined || left < 0 ? undefined : (idx ?? undefined)),
      ],
    },
  };
}

function timeAxis({ isLast, midnight }: PlotOptions): uPlot.Axis {
  const labels = (_: uPlot, splits: number[], __: number, ___: number, step: number): string[] =>
    splits.map((each) => clockText(midnight + BigInt(Math.round(each * 1e9)), step));
  return {
    size: isLast ? 32 : 8,
    stroke: () => pageColor('muted'),
    grid: { show: false },
    ticks: { show: isLast, stroke: () => pageColor('line'), width: 1, size: 4 },
    font: FONT,
    incrs: TIME_STEPS,
    space: 84,
    values: isLast ? labels : () => [],
  };
}

const COUNT_AXIS: uPlot.Axis = {
  size: AXIS_WIDTH,
  stroke: () => pageColor('muted'),
  grid: { stroke: () => pageColor('line'), width: 1 },
  ticks: { show: false },
  font: FONT,
  space: 36,
  incrs: COUNT_STEPS,
  values: (_, splits) => splits.map((each) => count(each)),
};

/** A dashed line where the VPC changed. */
function drawEvents(plot: uPlot, events: readonly number[]): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = pageColor('muted');
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const event of events) {
    const x = Math.round(plot.valToPos(event, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}
