import { type BenchResult, FIGURES, type WorkersResult } from '../model/bench-result.js';
import { type Comparison, isBusy } from './bench-compare.js';
import { comparisonLines } from './bench-compare-text.js';
import { FIGURE_TEXTS } from './bench-figures.js';
import { type Row, type Table, paragraph, tableLines } from './columns.js';
import { type Line, line, paint } from './line.js';
import { bytes, count, counted } from './quantity.js';
import { median } from './quantile.js';

export interface BenchTextOptions {
  readonly color: boolean;
  /** What the older run is called, and how this one stands to it. */
  readonly compared?: { readonly name: string; readonly comparisons: readonly Comparison[] };
}

const WIDTH = 80;

/** A benchmark for people: what was replayed and how, the figures by workers, the comparison. No line is wider than 80. */
export function benchText(result: BenchResult, { color, compared }: BenchTextOptions): string {
  const sections: readonly (readonly Line[])[] = [
    [...trafficLines(result), ...methodLines(result)],
    tableLines(result.results.map(figuresTable), WIDTH),
    ...(compared === undefined
      ? []
      : [comparisonLines(compared.name, compared.comparisons, WIDTH)]),
  ];
  const lines = sections.flatMap((section, index) =>
    index === 0 ? section : [line(''), ...section],
  );
  return lines.map((spans) => `${paint(spans, color)}\n`).join('');
}

function trafficLines({ workload }: BenchResult): readonly Line[] {
  const { packets, flows, allowed, dropped, options } = workload;
  const size = `${counted(packets, 'packet')}, ${bytes(workload.bytes)}, ${counted(flows, 'flow')}`;
  const verdicts = `${count(allowed.packets)} packets allowed, ${count(dropped.packets)} dropped: as expected in every replay`;
  return [
    line('traffic'),
    ...paragraph(size, WIDTH, 2),
    ...paragraph(verdicts, WIDTH, 2),
    ...paragraph(options, WIDTH, 2, 'secondary'),
  ];
}

function methodLines({ sgsim, machine, method, results }: BenchResult): readonly Line[] {
  const { rounds, warmUps, replays } = method;
  const batches = Math.min(...results.map((each) => each.batches));
  const how = `${counted(rounds, 'round')} of a process each: ${counted(replays, 'replay')} measured, after ${warmUps} to warm up; ${count(batches)} batches timed`;
  const where = `sgsim ${sgsim}, node ${machine.node}, ${machine.system}, ${counted(machine.cores, 'core')} (${machine.cpu}), ${bytes(machine.memory)}`;
  return [
    line('measured'),
    ...paragraph(how, WIDTH, 2),
    ...paragraph(where, WIDTH, 2, 'secondary'),
  ];
}

function figuresTable({ workers, figures, others }: WorkersResult): Table {
  const rows = FIGURES.map(({ name }): Row => {
    const { label, note, text } = FIGURE_TEXTS[name];
    const values = figures[name];
    if (values === undefined) return { label, cells: ['-', '-', '-'], note: 'too few batches' };
    return { label, cells: spread(values).map(text), note };
  });
  const besides: Row = {
    label: 'other programs',
    cells: spread(others).map((share) => ({
      text: `${Math.round(share * 100)} %`,
      style: isBusy(others) ? 'dropped' : 'plain',
    })),
    note: 'of all cores, meanwhile',
  };
  const heads = ['median', 'least', 'most'];
  return { title: counted(workers, 'worker'), heads, rows: [...rows, besides] };
}

const spread = (values: readonly number[]): readonly number[] => [
  median(values),
  Math.min(...values),
  Math.max(...values),
];
