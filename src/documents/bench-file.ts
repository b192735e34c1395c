import { z } from 'zod';
import { type BenchResult, FIGURES, type FigureName } from '../model/bench-result.js';
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
  return { sgsim, machine, workload, method, results };
}

const isOfVersion = (value: unknown): boolean =>
  memberOf(value, 'tool') === 'sgsim' &&
  memberOf(value, 'version') === 1 &&
  memberOf(value, 'results') !== undefined;

/** More are not worth the time that comparing them takes. */
const ROUNDS_MAX = 1000;

const whole = z.int().nonnegative();
const part = z.object({ packets: whole, flows: whole });
const figure = z
  .object({ rounds: z.array(z.number().positive()).min(1).max(ROUNDS_MAX) })
  .nullable()
  .transform((value) => value?.rounds);

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
  results: z.array(
    z.object({
      workers: z.int().positive(),
      batches: whole,
      others: z
        .object({ rounds: z.array(z.number().nonnegative()).min(1).max(ROUNDS_MAX) })
        .transform(({ rounds }) => rounds),
      figures: z.object(
        Object.fromEntries(FIGURES.map(({ name }) => [name, figure])) as Record<
          FigureName,
          typeof figure
        >,
      ),
    }),
  ),
});
