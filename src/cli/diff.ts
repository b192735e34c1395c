import { createSources } from '../documents/sources.js';
import { changeWorldOf } from '../explain/case-world.js';
import { groupChanges } from '../explain/change-groups.js';
import { checkFilter } from '../filter/compile.js';
import { InputError } from '../model/diagnostic.js';
import type { TrackingOptions } from '../model/tracking.js';
import { type Difference, VERDICT_CHANGES, type VerdictChange } from '../model/verdict-change.js';
import type { Timeline } from '../policy/timeline.js';
import { vpcChanges } from '../policy/vpc-changes.js';
import { createChangeRecorder } from '../replay/change-recorder.js';
import { replayPair } from '../replay/pair.js';
import { differenceJson } from '../report/diff-json.js';
import { differenceText } from '../report/diff-text.js';
import { type CaptureArguments, readingOf } from './capture-options.js';
import { wantsColor } from './console.js';
import { endingEarly } from './ending.js';
import { type LoadedTimeline, type VpcArguments, loadTimeline } from './load-timeline.js';
import { openCaptures, reportPartly, totalSize } from './open-captures.js';
import { writeTo } from './output.js';
import { createProgress } from './progress.js';

interface DiffArguments extends CaptureArguments, Omit<VpcArguments, 'vpc'> {
  /** Paths of the VPC before the change, and of that after it. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Changes of a verdict that are no failure. */
  readonly allowed: readonly VerdictChange[];
  readonly json: boolean;
  readonly top: number;
  readonly workers: number;
  readonly tracking: TrackingOptions;
}

/** Runs `sgsim diff`; returns the exit code. Throws InputError. */
export async function runDiff(args: DiffArguments): Promise<number> {
  checkFilter(args.filter);
  const { vpcId, events } = args;
  const loaded = {
    before: await loadTimeline({ vpc: args.before, vpcId, events }),
    after: await loadTimeline({ vpc: args.after, vpcId, events }),
  };
  const sources = await openCaptures(args.captures, loaded.before.interfaces);
  const progress = createProgress(totalSize(sources));
  const timelines: Partial<Record<Side, Timeline>> = {};
  let firstTimeNs = 0n;
  const timelineFrom =
    (side: Side) =>
    (first: bigint): Timeline => {
      firstTimeNs = first;
      return (timelines[side] = aboutSide(side, () => loaded[side].timelineFrom(first)));
    };
  const both = (): Record<Side, Timeline> => ({
    before: timelines.before!,
    after: timelines.after!,
  });
  const recorder = createChangeRecorder(() => changeWorldOf(both()));
  return endingEarly(
    () => progress.clear(),
    async (signal) => {
      try {
        const outcomes = await replayPair(
          { before: timelineFrom('before'), after: timelineFrom('after') },
          sources,
          recorder,
          {
            tracking: args.tracking,
            ...readingOf(args),
            workers: args.workers,
            signal,
            dropGroups: 0,
            onProgress: (now) => progress.show(now),
          },
        );
        progress.clear();
        const { totals, unlisted, ...findings } = recorder.findings();
        const worlds = worldsOf(loaded, both(), args.tracking);
        const difference: Difference = {
          ...outcomes,
          ...groupChanges(
            worlds,
            vpcChanges(firstPhase(both().before), firstPhase(both().after)),
            findings.cases,
            { captures: sources.map(({ name }) => name), firstTimeNs },
            args.top,
          ),
          ...{ totals, unlisted, hasEveryFlow: findings.hasEveryFlow },
        };
        await print(difference, args);
        const damage = reportPartly(outcomes.before, 'the report');
        return damage === 0 ? exitCode(difference, args.allowed) : damage;
      } finally {
        progress.clear();
        for (const source of sources) source.close();
      }
    },
  );
}

type Side = 'before' | 'after';

/** An event that AWS would refuse may be refused on one side alone. */
function aboutSide<T>(side: Side, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      error.diagnostics.map((each) => ({ ...each, fact: `to the VPC ${side}: ${each.fact}` })),
    );
  }
}

const firstPhase = ({ phases }: Timeline) => phases[0]!;

function worldsOf(
  loaded: Readonly<Record<Side, LoadedTimeline>>,
  timelines: Readonly<Record<Side, Timeline>>,
  tracking: TrackingOptions,
) {
  const worldOf = (side: Side) => ({
    timeline: timelines[side],
    tracking,
    sourceOf: createSources(loaded[side].documents),
  });
  return { before: worldOf('before'), after: worldOf('after') };
}

async function print(difference: Difference, { json, top }: DiffArguments): Promise<void> {
  const text = json
    ? differenceJson(difference, { top })
    : differenceText(difference, { color: wantsColor(process.stdout), top });
  await writeTo(process.stdout, text);
}

function exitCode({ totals }: Difference, allowed: readonly VerdictChange[]): number {
  return VERDICT_CHANGES.some((change) => totals[change].packets > 0 && !allowed.includes(change))
    ? 1
    : 0;
}
