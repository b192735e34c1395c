import * as z from 'zod/mini';
import {
  type BenchResult,
  FIGURES,
  type FigureName,
  type WorkersResult,
} from '../model/bench-result.js';
import { InputError, inputError } from '../model/diagnostic.js';
import { listErrors, noFaults } from './faults.js';
import type { DocumentFile } from './files.js';
import { parseJson } from './json-text.js';
import type { Place } from './place.js';
import { memberOf, readShape } from './shape.js';

/** Reads what `sgsim bench --json` has written. Throws one InputError with every fault of the file. */
export function readBenchResult({ name, text }: DocumentFile): BenchResult {
  const faults = noFaults();
  const place: Place = { file: name, path: '', faults };
  const parsed = parseJson(text.replace(/^\uFEFF/, ''), place);
  if (parsed !== undefined && !isOfVersion(parsed.value)) {
    const fact = 'is no result of `sgsim bench --json` of version 1';
    throw inputError('bench-file', name, fact, 'write one with `sgsim bench ... --json`');
  }
  const result = parsed === undefined ? undefined : readShape(RESULT, parsed.value, place);
  if (result === undefined) throw new InputError(listErrors(faults));
  const { sgsim, machine, workload, method, results } = result;
  return { sgsim, machine, workload, method, results: results.map(withoutSums) };
}

const isOfVersion = (value: unknown): boolean =>
  memberOf(value, 'tool') === 'sgsim' &&
  memberOf(value, 'version') === 1 &&
  memberOf(value, 'results') !== undefined;

/** More are not worth the time that comparing them takes. */
const ROUNDS_MAX = 1000;

const whole = z.int().check(z.nonnegative());
const part = z.object({ packets: whole, flows: whole });
const spreadOf = (value: z.ZodMiniNumber) =>
  z.object({ rounds: z.array(value).check(z.minLength(1), z.maxLength(ROUNDS_MAX)) });
const figure = z.nullable(spreadOf(z.number().check(z.positive())));
const FIGURE_SHAPES = Object.fromEntries(FIGURES.map(({ name }) => [name, figure])) as Record<
  FigureName,
  typeof figure
>;
const WORKERS_RESULT = z.object({
  workers: z.int().check(z.positive()),
  batches: whole,
  others: spreadOf(z.number().check(z.nonnegative())),
  figures: z.object(FIGURE_SHAPES),
});
const RESULT = z.object({
  sgsim: z.string(),
  machine: z.object({
    cpu: z.string(),
    cores: whole,
    memory: whole,
    system: z.string(),
    node: z.string(),
  }),
  workload: z.object({
    options: z.string(),
    capture: z.string(),
    packets: whole,
    bytes: whole,
    flows: whole,
    allowed: part,
    dropped: part,
  }),
  method: z.object({ rounds: whole, warmUps: whole, replays: whole }),
  results: z.array(WORKERS_RESULT),
});

/** Medians and the like are worked out again. */
function withoutSums({
  workers,
  batches,
  others,
  figures,
}: z.output<typeof WORKERS_RESULT>): WorkersResult {
  const rounds = FIGURES.map(({ name }) => [name, figures[name]?.rounds]);
  return {
    ...{ workers, batches, others: others.rounds },
    figures: Object.fromEntries(rounds) as WorkersResult['figures'],
  };
}
