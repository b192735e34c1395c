import { checkFilter } from '../filter/compile.js';
import { nearNames } from '../explain/near-names.js';
import type { ConnectionTable } from '../model/connections.js';
import { inputError } from '../model/diagnostic.js';
import { timeOfInstant } from '../model/edit.js';
import type { CaptureSummary, Outcome } from '../model/outcome.js';
import type { Remembered } from '../model/remembered.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { NetworkInterface } from '../model/vpc.js';
import type { Timeline } from '../policy/timeline.js';
import { connectionsAt } from '../replay/connections.js';
import { replay } from '../replay/replay.js';
import type { ReplayEnd } from '../replay/selection.js';
import { connectionsJson } from '../report/connections-json.js';
import { connectionsText } from '../report/connections-text.js';
import { conntrackLines } from '../report/conntrack.js';
import { type CaptureArguments, readingOf } from './capture-options.js';
import { wantsColor } from './console.js';
import { endingEarly } from './ending.js';
import { type VpcArguments, loadTimeline } from './load-timeline.js';
import { openCaptures, reportPartly, totalSize } from './open-captures.js';
import { writeLines, writeTo } from './output.js';
import { createProgress } from './progress.js';

interface StateArguments extends CaptureArguments, VpcArguments {
  readonly at: ReplayEnd;
  /** Id or name of the only interface that is wanted. */
  readonly eni: string | undefined;
  readonly format: 'text' | 'json' | 'conntrack';
  readonly workers: number;
  readonly tracking: TrackingOptions;
}

/** Runs `sgsim state`; returns the exit code. Throws InputError. */
export async function runState(args: StateArguments): Promise<number> {
  checkFilter(args.filter);
  const { timelineFrom, interfaces } = await loadTimeline(args);
  const sources = await openCaptures(args.captures, interfaces);
  const progress = createProgress(totalSize(sources));
  return endingEarly(
    () => progress.clear(),
    async (signal) => {
      try {
        let firstTimeNs = 0n;
        let timeline: Timeline | undefined;
        let eni: string | undefined;
        let records: readonly Remembered[] = [];
        let clockNs = 0n;
        const begin = (timeNs: bigint): Timeline => {
          firstTimeNs = timeNs;
          timeline = timelineFrom(timeNs);
          eni = args.eni === undefined ? undefined : interfaceOf(timeline, args.eni);
          return timeline;
        };
        const outcome = await replay(begin, sources, {
          tracking: args.tracking,
          ...readingOf(args),
          until: args.at,
          workers: args.workers,
          signal,
          onProgress: (now) => progress.show(now),
          onRecords: (found, latestNs) => {
            records = found;
            clockNs = latestNs;
          },
        });
        progress.clear();
        const frame = framesRead(outcome);
        if (outcome.interrupted !== true) checkFrame(args.at, frame, outcome.captures);
        // What was not read yet may change what is remembered at the time that was asked about.
        const isNow = args.at.kind === 'frame' || outcome.interrupted === true;
        const timeNs = isNow ? clockNs : timeOfInstant(args.at, firstTimeNs);
        const at = { timeNs, offsetNs: timeNs - firstTimeNs, frame };
        const table = connectionsAt({
          ...{ records, timeline: timeline!, tracking: args.tracking, at, eni },
        });
        await printTable(table, args);
        return reportPartly(outcome, 'the table');
      } finally {
        progress.clear();
        for (const source of sources) source.close();
      }
    },
  );
}

/** Id of the interface that a word means. */
function interfaceOf({ phases }: Timeline, word: string): string {
  const all = phases[0]!.policy.interfaces.map(({ eni }) => eni);
  if (all.some(({ id }) => id === word)) return word;
  const named = all.filter(({ name }) => name === word);
  if (named.length === 1) return named[0]!.id;
  const shown = JSON.stringify(word.slice(0, 60));
  if (named.length > 1) {
    const fact = `${shown} is the name of ${named.length} interfaces`;
    throw inputError('usage', '--eni', fact, `name one of ${idsOf(named)}`);
  }
  const names = all.flatMap(({ id, name }) => (name === undefined ? [id] : [id, name]));
  const near = nearNames(word, names, NEAR_MAX);
  const fix =
    near.length === 0 ? `name one like ${all[0]!.id}` : `did you mean ${near.join(', ')}?`;
  throw inputError('usage', '--eni', `no interface has the id or name ${shown}`, fix);
}

const NEAR_MAX = 3;

const idsOf = (interfaces: readonly NetworkInterface[]): string =>
  interfaces
    .slice(0, NEAR_MAX)
    .map(({ id }) => id)
    .join(', ');

/** Frames that were looked at, those included that a filter left out. */
const framesRead = ({ captures, reading }: Outcome): number =>
  captures.reduce((sum, { packets }) => sum + packets, reading.leftOut);

/** Of a damaged capture, the table is that before the damage. */
function checkFrame(at: ReplayEnd, frame: number, captures: readonly CaptureSummary[]): void {
  if (at.kind !== 'frame' || at.frame <= frame) return;
  if (captures.some(({ stopped }) => stopped !== undefined)) return;
  const place = captures.length === 1 ? captures[0]!.name : `${captures.length} captures`;
  const fact = `frame ${at.frame} is not among its ${frame} packets`;
  throw inputError('usage', place, fact, 'name an earlier one, or a time');
}

async function printTable(
  table: ConnectionTable,
  { format, eni }: Pick<StateArguments, 'format' | 'eni'>,
): Promise<void> {
  const write = (text: string): Promise<void> => writeTo(process.stdout, text);
  await writeLines(write, linesOf(), (line) => line);

  function linesOf(): Iterable<string> {
    switch (format) {
      case 'text':
        return connectionsText(table, { color: wantsColor(process.stdout) });
      case 'json':
        return connectionsJson(table);
      case 'conntrack':
        return conntrackLines(table, { namesInterface: eni === undefined });
    }
  }
}
