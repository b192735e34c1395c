import type { CaptureSource } from '../../src/capture/source.js';
import { changeWorldOf } from '../../src/explain/case-world.js';
import { groupChanges } from '../../src/explain/change-groups.js';
import { DEFAULT_TRACKING, type TrackingOptions } from '../../src/model/tracking.js';
import type { Difference } from '../../src/model/verdict-change.js';
import type { VpcChange } from '../../src/model/vpc-change.js';
import type { Timeline } from '../../src/policy/timeline.js';
import { vpcChanges } from '../../src/policy/vpc-changes.js';
import { createChangeRecorder } from '../../src/replay/change-recorder.js';
import { replayPair } from '../../src/replay/pair.js';
import type { ReplayOptions } from '../../src/replay/replay.js';

type Way = Partial<Pick<ReplayOptions, 'workers' | 'chunkBytes'>>;

/** What `sgsim diff` tells of two timelines. */
export async function diffOf(
  timelines: Readonly<Record<'before' | 'after', Timeline>>,
  source: CaptureSource,
  tracking: TrackingOptions = DEFAULT_TRACKING,
  way: Way = {},
): Promise<Difference> {
  const recorder = createChangeRecorder(() => changeWorldOf(timelines));
  let firstTimeNs = 0n;
  const outcomes = await replayPair(
    {
      before: (first) => {
        firstTimeNs = first;
        return timelines.before;
      },
      after: () => timelines.after,
    },
    [source],
    recorder,
    { tracking, workers: 1, ...way },
  );
  const { cases, ...findings } = recorder.findings();
  const { before, after } = timelines;
  const world = (timeline: Timeline) => ({ timeline, tracking, sourceOf: () => undefined });
  return {
    ...outcomes,
    ...groupChanges(
      { before: world(before), after: world(after) },
      vpcChanges(before.phases[0]!, after.phases[0]!),
      cases,
      { captures: [source.name], firstTimeNs },
      Infinity,
    ),
    ...findings,
  };
}

/** The same difference as if the sides had been swapped. */
export function mirrored(difference: Difference): Difference {
  const swapKinds = <T>(of: { 'newly-dropped': T; 'newly-allowed': T; otherwise: T }) => ({
    'newly-dropped': of['newly-allowed'],
    'newly-allowed': of['newly-dropped'],
    otherwise: of.otherwise,
  });
  const { before, after, changes, groups, totals, unlisted } = difference;
  return {
    ...difference,
    ...{ before: after, after: before },
    changes: changes.map(({ change, effect }) => ({
      change: swapSides(change),
      effect: swapKinds(effect),
    })),
    groups: groups.map((group) => ({
      ...group,
      change:
        group.change === 'otherwise'
          ? 'otherwise'
          : group.change === 'newly-dropped'
            ? 'newly-allowed'
            : 'newly-dropped',
      before: group.after,
      after: group.before,
    })),
    totals: swapKinds(totals),
    unlisted: swapKinds(unlisted),
  };
}

function swapSides(change: VpcChange): VpcChange {
  if (change.kind === 'rules') {
    const { before, after, narrows, widens } = change;
    return { ...change, before: after, after: before, narrows: widens, widens: narrows };
  }
  const { before, after, ...rest } = change;
  return {
    ...rest,
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
  };
}
