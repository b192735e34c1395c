import { type CaptureFile, sourceOf } from '../capture/capture-file.js';
import { expandCaptures } from '../capture/capture-names.js';
import { type FlowLogFile, flowLogFile } from '../capture/flow-log-file.js';
import type { CaptureSource } from '../capture/source.js';
import type { RecordedCapture, RecordedOptions } from '../generate/recorded-capture.js';
import { type Diagnostic, inputError } from '../model/diagnostic.js';
import type { Outcome } from '../model/outcome.js';
import type { NetworkInterface } from '../model/vpc.js';
import { printDiagnostics } from './console.js';
import { INTERRUPTED } from './ending.js';
import { pipedCapture } from './piped-capture.js';

/**
 * The captures that names stand for; what folders hold besides is told as warnings. Flow logs are read as one capture, for records of
 * one packet may stand in several; `interfaces` tells whose they are. Throws InputError.
 */
export async function openCaptures(
  names: readonly string[],
  interfaces: readonly NetworkInterface[] = [],
): Promise<CaptureSource[]> {
  const { captures, logs } = await findCaptures(names, false);
  const recorded = (some: readonly FlowLogFile[]): Promise<RecordedCapture> =>
    recordedCaptureOf(some, interfaces);
  const sources = captures.map((file) =>
    file.size === undefined ? pipedCapture(file, (log) => recorded([log])) : sourceOf(file),
  );
  return logs.length === 0 ? sources : [...sources, await recorded(logs)];
}

/** The same, not open yet, and flow logs apart; pipes, which are captures else, are looked into if `waits`. Throws InputError. */
export async function findCaptures(
  names: readonly string[],
  waits = true,
): Promise<{ readonly captures: readonly CaptureFile[]; readonly logs: readonly FlowLogFile[] }> {
  if (names.filter((name) => name === '-' || name.startsWith('-@')).length > 1) {
    throw inputError('usage', '-r', 'standard input is named twice', 'name it once');
  }
  const { captures: found, skipped } = await expandCaptures(names);
  printDiagnostics(skipped);
  const logs: FlowLogFile[] = [];
  const captures: CaptureFile[] = [];
  for (const capture of found) {
    const looks = waits || capture.size !== undefined;
    const log = looks ? await flowLogFile(capture) : undefined;
    if (log === undefined) captures.push(capture);
    else logs.push(log);
  }
  return { captures, logs };
}

/** Flow logs, one at least, as one capture of the packets that they may have told of. */
export async function recordedCaptureOf(
  logs: readonly FlowLogFile[],
  interfaces: readonly NetworkInterface[],
  options: Omit<RecordedOptions, 'interfaces'> = {},
): Promise<RecordedCapture> {
  const { createRecordedCapture } = await import('../generate/recorded-capture.js');
  const name = logs[0]!.file.name;
  const all = logs.length === 1 ? name : `${name} and ${logs.length - 1} more`;
  const byId = new Map(interfaces.map((eni) => [eni.id, eni]));
  return createRecordedCapture(all, logs, { ...options, interfaces: byId });
}

/** Undefined when one of them is a pipe. */
export function totalSize(sources: readonly CaptureSource[]): number | undefined {
  return sources.reduce<number | undefined>(
    (sum, { size }) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
}

/** Says what could be read only in part; returns the exit code. `rest` is what covers the frames before. */
export function reportPartly(
  { captures, interrupted }: Pick<Outcome, 'captures' | 'interrupted'>,
  rest: string,
): number {
  const damaged = captures.flatMap(({ name, stopped }) =>
    stopped === undefined ? [] : [{ name, ...stopped }],
  );
  printDiagnostics(
    damaged.map(({ name, frame, fact, amid }): Diagnostic =>
      amid
        ? {
            severity: 'error',
            code: 'flow-log',
            place: name,
            fact,
            fix: `${rest} covers the others`,
          }
        : {
            severity: 'error',
            code: 'capture-cut',
            place: `${name}: frame ${frame}`,
            fact,
            fix: `${rest} covers the frames before it`,
          },
    ),
  );
  if (interrupted === true) {
    const packets = captures.reduce((sum, capture) => sum + capture.packets, 0);
    const place = captures.map(({ name }) => name).join(', ');
    const fact = `interrupted after ${packets} packets`;
    const fix = `${rest} covers those, and no file was written`;
    printDiagnostics([{ severity: 'warning', code: 'interrupted', place, fact, fix }]);
    return INTERRUPTED;
  }
  return damaged.length > 0 ? 3 : 0;
}
