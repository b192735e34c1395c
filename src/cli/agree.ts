import { createSources } from '../documents/sources.js';
import { type AgreementTally, createAgreementTally } from '../explain/agreement.js';
import { checkFilter } from '../filter/compile.js';
import type { RecordedCapture } from '../generate/recorded-capture.js';
import { inputError } from '../model/diagnostic.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { NetworkInterface } from '../model/vpc.js';
import type { Timeline } from '../policy/timeline.js';
import { replay } from '../replay/replay.js';
import { agreementJson } from '../report/agreement-json.js';
import { agreementText } from '../report/agreement-text.js';
import { type CaptureArguments, readingOf } from './capture-options.js';
import { wantsColor } from './console.js';
import { endingEarly } from './ending.js';
import { type VpcArguments, loadTimeline } from './load-timeline.js';
import { findCaptures, recordedCaptureOf, reportPartly, totalSize } from './open-captures.js';
import { writeTo } from './output.js';
import { createProgress } from './progress.js';

interface AgreeArguments extends VpcArguments, CaptureArguments {
  readonly tracking: TrackingOptions;
  /** Differences at most. */
  readonly top: number;
  readonly json: boolean;
  readonly workers: number;
}

/** Runs `sgsim agree`; returns the exit code: 1 when a record differs. Throws InputError. */
export async function runAgree(args: AgreeArguments): Promise<number> {
  checkFilter(args.filter);
  const { timelineFrom, interfaces, documents } = await loadTimeline(args);
  const tally = createAgreementTally(new Set(interfaces.map(({ id }) => id)));
  const source = await openFlowLogs(args.captures, interfaces, tally);
  const progress = createProgress(totalSize([source]));
  let timeline: Timeline | undefined;
  return endingEarly(
    () => progress.clear(),
    async (signal) => {
      try {
        const outcome = await replay((first) => (timeline = timelineFrom(first)), [source], {
          tracking: args.tracking,
          ...readingOf(args),
          decoding: { ...args.decoding, decap: [] },
          workers: args.workers,
          dropGroups: 0,
          signal,
          onVerdicts: (verdicts) => tally.take(verdicts),
          onProgress: (now) => progress.show(now),
        });
        progress.clear();
        const { tracking } = args;
        const world = { timeline: timeline!, tracking, sourceOf: createSources(documents) };
        const agreement = tally.finish(source.account, world, args.top);
        const names = new Map(interfaces.flatMap(({ id, name }) => (name ? [[id, name]] : [])));
        const text = args.json
          ? agreementJson(agreement)
          : agreementText(agreement, { color: wantsColor(process.stdout), names });
        await writeTo(process.stdout, text);
        return reportPartly(outcome, 'what is told') || (agreement.differ > 0 ? 1 : 0);
      } finally {
        progress.clear();
        source.close();
      }
    },
  );
}

async function openFlowLogs(
  names: readonly string[],
  interfaces: readonly NetworkInterface[],
  { onFrame }: AgreementTally,
): Promise<RecordedCapture> {
  const { logs, captures } = await findCaptures(names);
  const [other] = captures;
  if (other !== undefined) {
    const fix = 'name VPC flow logs: text with a line of field names, or Parquet';
    throw inputError('flow-log', other.name, 'is no flow log', fix);
  }
  return recordedCaptureOf(logs, interfaces, { thinned: true, onFrame });
}
