import {
  type BenchResult,
  FIGURES,
  type FigureName,
  type WorkersResult,
} from '../model/bench-result.js';
import { CONFIDENCE, type Comparison } from './bench-compare.js';
import { wordOf } from './bench-compare-text.js';
import { escapeJson } from './json-escape.js';
import { median } from './quantile.js';

/**
 * A benchmark for programs, and for `--compare`: one JSON object, described by `bench.schema.json`. Version 1 only grows: a
 * key keeps its meaning and unit. Keys are always present and in the same order; what is absent is null.
 */
export function benchJson(
  { sgsim, machine, workload, method, results }: BenchResult,
  compared?: { readonly name: string; readonly comparisons: readonly Comparison[] },
): string {
  const document = {
    version: 1,
    tool: 'sgsim',
    sgsim,
    machine: {
      cpu: machine.cpu,
      cores: machine.cores,
      memory: machine.memory,
      system: machine.system,
      node: machine.node,
    },
    workload: {
      options: workload.options,
      capture: workload.capture,
      packets: workload.packets,
      bytes: workload.bytes,
      flows: workload.flows,
      allowed: part(workload.allowed),
      dropped: part(workload.dropped),
    },
    method: { rounds: method.rounds, warmUps: method.warmUps, replays: method.replays },
    results: results.map(workersResult),
    comparison:
      compared === undefined
        ? null
        : {
            with: compared.name,
            confidence: CONFIDENCE,
            figures: compared.comparisons.map(comparison),
          },
  };
  return `${escapeJson(JSON.stringify(document, null, 2))}\n`;
}

// Every object is written out key by key: the order is part of the format, and nothing unknown gets in.

const part = ({ packets, flows }: BenchResult['workload']['allowed']) => ({ packets, flows });

const workersResult = ({ workers, batches, others, figures }: WorkersResult) => ({
  workers,
  batches,
  others: spread(others),
  figures: Object.fromEntries(FIGURES.map(({ name }) => [name, figureOf(figures[name])])) as Record<
    FigureName,
    ReturnType<typeof figureOf>
  >,
});

const figureOf = (rounds: readonly number[] | undefined) =>
  rounds === undefined ? null : spread(rounds);

const spread = (rounds: readonly number[]) => ({
  median: median(rounds),
  least: Math.min(...rounds),
  most: Math.max(...rounds),
  rounds,
});

const comparison = (each: Comparison) => ({
  workers: each.workers,
  figure: each.figure,
  before: each.before,
  after: each.after,
  ratio: each.ratio,
  low: each.low === 0 ? null : each.low,
  high: each.low === 0 ? null : each.high,
  least: each.least,
  told: wordOf(each),
});
