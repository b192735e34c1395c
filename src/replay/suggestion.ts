import type { Outcome } from '../model/outcome.js';
import type { VpcDescription } from '../model/vpc.js';
import type { ResolvedInterface } from '../policy/resolve.js';
import { type AdmittedSpace, admittedSpace } from '../policy/admitted-space.js';
import { suggestRules } from '../policy/suggest-rules.js';
import type { PrefixWidths } from '../policy/suggest-peers.js';
import { type Timeline, changeTimeline } from '../policy/timeline.js';
import { createLostFrames } from './lost-frames.js';
import { type NeedRecorder, createNeedRecorder } from './need-recorder.js';
import type { Observer } from './observer.js';

/** Rules that a capture needs, and what a replay of it under them showed. */
export interface Suggestion {
  readonly description: VpcDescription;
  /** Under the old rules. */
  readonly outcome: Outcome;
  /** Packets that pass under the old rules and are dropped under the new ones, and the other way round. */
  readonly newlyDropped: number;
  readonly newlyAllowed: number;
  readonly space: { readonly before: AdmittedSpace; readonly after: AdmittedSpace };
}

/** The last one keeps all rules. */
const ROUNDS_MAX = 4;

/** Replays the same frames; each time from the beginning. */
export type Replaying = (
  timelineFrom: (firstTimeNs: bigint) => Timeline,
  observer: Observer,
) => Promise<Outcome>;

/**
 * Suggests rules, replays to see whether all still passes, and mends what does not: first by rules for the packets that are lost,
 * then by keeping all old rules of the interfaces that drop them, whose verdicts are then as they were.
 */
export async function suggest(
  timelineFrom: (firstTimeNs: bigint) => Timeline,
  widths: PrefixWidths,
  replaying: Replaying,
): Promise<Suggestion> {
  let before: Timeline | undefined;
  const begin = (firstTimeNs: bigint): Timeline => (before = timelineFrom(firstTimeNs));
  const missing = new Set<number>();
  const kept = new Set<number>();
  for (let round = 0; ; round++) {
    const recorder = createNeedRecorder(() => before!, missing);
    const outcome = await replaying(begin, recorder);
    const { description: old, policy } = before!.phases[0]!;
    for (const rule of recorder.needed()) kept.add(rule);
    if (round > 1) keepWhole(before!, recorder, kept, round === ROUNDS_MAX);
    const description = suggestRules(old, policy, recorder.needs(), kept, widths);
    const after = changeTimeline(before!, () => description);
    const lost = createLostFrames((position) => recorder.passed(position));
    if (outcome.interrupted !== true) await replaying(() => after, lost);
    const isDone = lost.lostCount === 0 || round === ROUNDS_MAX;
    if (isDone || outcome.interrupted === true) {
      const space = {
        before: admittedSpace(policy),
        after: admittedSpace(after.phases[0]!.policy),
      };
      return {
        ...{ description, outcome, space },
        newlyDropped: lost.lostCount,
        newlyAllowed: lost.gainedCount,
      };
    }
    for (const position of lost.lost) missing.add(position);
  }
}

/** All rules of the interfaces that dropped something are needed as they are, and those of others of their instances (CT-19). */
function keepWhole(
  { phases }: Timeline,
  recorder: NeedRecorder,
  kept: Set<number>,
  everywhere: boolean,
): void {
  const { interfaces, sets } = phases[0]!.policy;
  const instances = new Set(
    [...recorder.missingAt()].map((number) => instanceOf(interfaces[number]!)),
  );
  for (const each of interfaces) {
    if (each.set === undefined || !(everywhere || instances.has(instanceOf(each)))) continue;
    const { ingress, egress } = sets[each.set]!;
    for (const { index } of [...ingress, ...egress]) kept.add(index);
  }
}

const instanceOf = ({ eni: { id, instanceId } }: ResolvedInterface): string => instanceId ?? id;
