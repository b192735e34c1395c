import { parseFlowQuestion } from '../documents/flow-question.js';
import { createSources } from '../documents/sources.js';
import { answerCases, answerFrame } from '../explain/case-answers.js';
import { caseWorldOf } from '../explain/case-world.js';
import { answerFlow } from '../explain/flow-answers.js';
import { checkFilter } from '../filter/compile.js';
import type { Answers } from '../model/answers.js';
import { inputError } from '../model/diagnostic.js';
import type { Outcome } from '../model/outcome.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { Timeline } from '../policy/timeline.js';
import { createCaseRecorder } from '../replay/case-recorder.js';
import { replay } from '../replay/replay.js';
import { explanationJson } from '../report/explanation-json.js';
import { explanationsText } from '../report/explanation-text.js';
import { counted } from '../report/quantity.js';
import { type CaptureArguments, readingOf } from './capture-options.js';
import { wantsColor } from './console.js';
import { endingEarly } from './ending.js';
import { type VpcArguments, loadTimeline } from './load-timeline.js';
import { openCaptures, reportPartly, totalSize } from './open-captures.js';
import { writeTo } from './output.js';
import { createProgress } from './progress.js';

interface WhyArguments extends VpcArguments {
  readonly tracking: TrackingOptions;
  /** Answers at most. */
  readonly top: number;
  readonly json: boolean;
}

interface CaptureQuestion extends WhyArguments, CaptureArguments {
  /** A frame, else what `filter` matches, else what was dropped. */
  readonly frame: number | undefined;
  readonly workers: number;
}

/** Answers about captured packets; returns the exit code. Throws InputError. */
export async function askAboutCaptures(args: CaptureQuestion): Promise<number> {
  const { filter, frame, tracking, top } = args;
  checkFilter(filter);
  const { timelineFrom, interfaces, documents } = await loadTimeline(args);
  const sources = await openCaptures(args.captures, interfaces);
  const progress = createProgress(totalSize(sources));
  let timeline: Timeline | undefined;
  let firstTimeNs = 0n;
  const recorder = createCaseRecorder(
    { ...(frame === undefined ? {} : { frame }), ...(filter === '' ? {} : { filter }) },
    () => caseWorldOf(timeline!),
  );
  return endingEarly(
    () => progress.clear(),
    async (signal) => {
      try {
        const outcome = await replay(
          (first) => {
            firstTimeNs = first;
            timeline = timelineFrom(first);
            return timeline;
          },
          sources,
          {
            tracking,
            // A filter says what is told, not what happened.
            ...readingOf({ ...args, filter: '' }),
            workers: args.workers,
            signal,
            recorder,
            dropGroups: 0,
            onProgress: (now) => progress.show(now),
          },
        );
        progress.clear();
        const world = { timeline: timeline!, tracking, sourceOf: createSources(documents) };
        const from = { captures: sources.map(({ name }) => name), firstTimeNs };
        const findings = recorder.findings();
        if (frame === undefined) {
          await print(answerCases(world, findings, from, top), args, nothing(outcome, filter));
        } else {
          const answer = answerFrame(world, findings, from);
          if (answer === undefined) throw noFrame(frame, outcome);
          await print({ shown: [answer], total: { answers: 1 } }, args, '');
        }
        return reportPartly(outcome, 'the answer');
      } finally {
        progress.clear();
        for (const source of sources) source.close();
      }
    },
  );
}

/** Answers about a flow that nobody captured; returns the exit code. Throws InputError. */
export async function askAboutFlow({
  question,
  ...args
}: WhyArguments & { readonly question: string }): Promise<number> {
  const asked = parseFlowQuestion(question);
  const { timelineFrom, documents } = await loadTimeline(args);
  const sourceOf = createSources(documents);
  const world = { timeline: timelineFrom(0n), tracking: args.tracking, sourceOf };
  const answers = answerFlow(world, asked);
  await print({ ...answers, shown: answers.shown.slice(0, args.top) }, args, '');
  return 0;
}

async function print(answers: Answers, { json }: WhyArguments, none: string): Promise<void> {
  const text = json
    ? explanationJson(answers)
    : answers.total.answers === 0
      ? none
      : explanationsText(answers, { color: wantsColor(process.stdout) });
  await writeTo(process.stdout, text);
}

function nothing({ totals: { packets } }: Outcome, filter: string): string {
  if (packets === 0) return 'there are no packets\n';
  const all = counted(packets, 'packet');
  return filter === '' ? `nothing was dropped of ${all}\n` : `the filter matches none of ${all}\n`;
}

function noFrame(frame: number, { captures }: Outcome): Error {
  const packets = captures.reduce((sum, capture) => sum + capture.packets, 0);
  const place = captures.map(({ name }) => name).join(', ');
  const fix = 'frames are numbered from 1, and options such as --start leave some out';
  return inputError('frame', place, `frame ${frame} is not among its ${packets} packets`, fix);
}
