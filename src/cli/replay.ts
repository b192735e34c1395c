import { checkFilter } from '../filter/compile.js';
import type { Outcome } from '../model/outcome.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { Timeline } from '../policy/timeline.js';
import { replay } from '../replay/replay.js';
import type { RuleUseObserver } from '../replay/rule-use.js';
import { renderJson } from '../report/json.js';
import { renderText } from '../report/text.js';
import { type CaptureArguments, readingOf } from './capture-options.js';
import { wantsColor } from './console.js';
import { endingEarly } from './ending.js';
import { type VpcArguments, loadTimeline } from './load-timeline.js';
import { openCaptures, reportPartly, totalSize } from './open-captures.js';
import { writeTo } from './output.js';
import { createPace } from './pace.js';
import type { OutputRequest, Replayed } from './replay-output.js';
import { type Outputs, type WrittenCaptures, openOutputs, usesStdout } from './replay-outputs.js';
import { createProgress } from './progress.js';

interface ReplayArguments extends CaptureArguments, VpcArguments {
  readonly json: boolean;
  /** Whether to tell what flows make of the rules. */
  readonly rules: boolean;
  readonly top: number;
  readonly written: WrittenCaptures;
  readonly requests: readonly OutputRequest[];
  readonly workers: number;
  /** Times as fast as it was captured; Infinity for as fast as it can. */
  readonly speed: number;
  readonly tracking: TrackingOptions;
}

/** Runs `sgsim replay`; returns the exit code. Throws InputError. */
export async function runReplay(args: ReplayArguments): Promise<number> {
  checkFilter(args.filter);
  const { timelineFrom, interfaces, documents } = await loadTimeline(args);
  const sources = await openCaptures(args.captures, interfaces);
  const captures = sources.map(({ name }) => name);
  let timeline: Timeline | undefined;
  let firstTimeNs = 0n;
  const outputs = await openOutputs(args, captures, () => timeline!);
  const recorder = outputs.others.find((other) => other.recorder !== undefined)?.recorder;
  const use = args.rules ? await openRuleUse(args.tracking, () => timeline!) : undefined;
  const observers = outputs.others.flatMap(({ observers: theirs = [] }) => theirs);
  const progress = createProgress(totalSize(sources));
  const discard = (): void => outputs.all.forEach((output) => output.discard());
  return endingEarly(discard, async (signal) => {
    try {
      const begin = (timeNs: bigint): Timeline => {
        firstTimeNs = timeNs;
        return (timeline = timelineFrom(timeNs));
      };
      const replayed = await replay(begin, sources, {
        tracking: args.tracking,
        observers: use === undefined ? observers : [...observers, use],
        ...(recorder && { recorder }),
        ...readingOf(args),
        workers: args.workers,
        signal,
        dropGroups: args.top,
        ...(args.speed === Infinity ? {} : { pace: createPace(args.speed, undefined, signal) }),
        onProgress: (now) => progress.show(now),
        sinks: outputs.sinks,
      });
      const outcome =
        use === undefined ? replayed : { ...replayed, ruleUse: use.report(replayed.byRule) };
      const { tracking } = args;
      const about = { outcome, timeline: timeline!, tracking, documents, captures, firstTimeNs };
      if (outcome.interrupted === true) discard();
      else await finish(outputs, about);
      progress.clear();
      await printOutcome(outcome, args);
      return reportPartly(outcome, 'the report');
    } catch (error) {
      progress.clear();
      discard();
      throw error;
    } finally {
      for (const source of sources) source.close();
    }
  });
}

/** Flows that are told apart at a time, in some 100 bytes each. */
const FLOWS_MAX = 1 << 20;

async function openRuleUse(
  tracking: TrackingOptions,
  timelineOf: () => Timeline,
): Promise<RuleUseObserver> {
  const { createRuleUse } = await import('../replay/rule-use.js');
  return createRuleUse({ flowsMax: FLOWS_MAX, tracking, timelineOf });
}

/** Gives all files their names. */
async function finish({ all, others }: Outputs, replayed: Replayed): Promise<void> {
  for (const other of others) await other.end?.(replayed);
  for (const output of all) await output.finish();
}

/** The report goes to standard output, unless something else goes there. */
async function printOutcome(outcome: Outcome, args: ReplayArguments): Promise<void> {
  const stream = usesStdout(args) ? process.stderr : process.stdout;
  const text = args.json
    ? renderJson(outcome, { top: args.top })
    : renderText(outcome, { color: wantsColor(stream), top: args.top });
  await writeTo(stream, text);
}
