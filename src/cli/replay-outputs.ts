import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { inputError } from '../model/diagnostic.js';
import type { Verdict } from '../model/verdict.js';
import type { FrameSink } from '../replay/split.js';
import type { Timeline } from '../policy/timeline.js';
import { type Output, openOutput } from './output.js';
import type { OutputRequest, ReplayOutput } from './replay-output.js';

/** Names of the captures that a replay writes. */
export interface WrittenCaptures {
  readonly allowed: string | undefined;
  readonly dropped: string | undefined;
  readonly rest: string | undefined;
}

interface Named {
  readonly requests: readonly OutputRequest[];
  readonly written: WrittenCaptures;
}

const VERDICTS: Readonly<Record<keyof WrittenCaptures, readonly Verdict[]>> = {
  allowed: ['allow'],
  dropped: ['drop'],
  rest: ['not-filtered', 'not-judged'],
};
const KINDS = ['allowed', 'dropped', 'rest'] as const;

export const usesStdout = (named: Named): boolean => namesOf(named).includes('-');

const namesOf = ({ written, requests }: Named): string[] =>
  [...requests.map(({ name }) => name), ...KINDS.map((kind) => written[kind])].filter(
    (name) => name !== undefined,
  );

/** All that a replay writes besides its report. */
export interface Outputs {
  readonly all: readonly Output[];
  readonly sinks: readonly FrameSink[];
  readonly others: readonly ReplayOutput[];
}

/**
 * Opens what a replay writes besides its report; `read` are the names of what it reads. Throws InputError; then nothing
 * stays open.
 */
export async function openOutputs(
  named: Named,
  read: readonly string[],
  timelineOf: () => Timeline,
): Promise<Outputs> {
  checkNames(namesOf(named), read);
  const all: Output[] = [];
  const open = (name: string): Output => {
    const output = openOutput(name);
    all.push(output);
    return output;
  };
  try {
    const sinks = KINDS.flatMap((kind): FrameSink[] => {
      const name = named.written[kind];
      if (name === undefined) return [];
      const output = open(name);
      const format = /\.pcap$/iu.test(name) ? 'pcap' : 'pcapng';
      return [{ name, format, verdicts: VERDICTS[kind], write: (chunk) => output.write(chunk) }];
    });
    const others: ReplayOutput[] = [];
    for (const request of named.requests) {
      others.push(await request.open(open(request.name), timelineOf));
    }
    return { all, sinks, others };
  } catch (error) {
    for (const output of all) output.discard();
    throw error;
  }
}

/** Each output takes its name when it is whole: one of them alone, and no capture's. */
function checkNames(names: readonly string[], read: readonly string[]): void {
  const files = names.map(fileOf);
  const twice = names.find((_, i) => files.indexOf(files[i]!) !== i);
  if (twice !== undefined) {
    throw inputError('usage', twice, 'is to be written by two options', 'name two files');
  }
  const sources = new Set(read.filter((name) => name !== '-').map(fileOf));
  const source = names.find((_, i) => sources.has(files[i]!));
  if (source !== undefined) {
    throw inputError('usage', source, 'is read and is to be written', 'name another file');
  }
}

/** One name for a file, whatever way it is named; `-` stays. */
function fileOf(name: string): string {
  if (name === '-') return name;
  try {
    return realpathSync(name);
  } catch {
    return resolve(name);
  }
}
