import type { CauseShare } from '../model/explanation.js';
import type { FlowTally } from '../model/outcome.js';
import {
  type ChangeGroup,
  type ChangedCase,
  type ChangedService,
  type Difference,
  type NamedInterface,
  VERDICT_CHANGES,
  type VerdictChange,
  type WeighedChange,
} from '../model/verdict-change.js';
import type { VpcChange } from '../model/vpc-change.js';
import { type CapturedFrom, capturedAs } from './captured-as.js';
import { type ChangeCause, type TwoWorlds, causeOfChange } from './change-cause.js';
import { type ChangeIndex, indexChanges } from './change-index.js';
import { explain } from './explain.js';

/** Puts changed packets together by the change of the VPC behind them, explains the first of each, and weighs the changes. */
export function groupChanges(
  worlds: TwoWorlds,
  changes: readonly VpcChange[],
  cases: readonly ChangedCase[],
  from: CapturedFrom,
  most: number,
): Pick<Difference, 'groups' | 'changes' | 'omitted'> {
  const names = new Map(
    [worlds.before, worlds.after].flatMap(({ timeline }) =>
      timeline.phases[0]!.description.interfaces.map(({ id, name }) => [id, name] as const),
    ),
  );
  const nameOf = (eni: string): NamedInterface => {
    const name = names.get(eni);
    return name === undefined || name === eni ? { eni } : { eni, name };
  };
  const gathered = gather(worlds, indexChanges(changes), cases).sort(byWeight);
  const groups = gathered.slice(0, most).map((each): ChangeGroup => {
    const { change, cause, share, members } = each;
    const explained = (side: 'before' | 'after') => {
      const evidence = members[0]![side];
      return explain(worlds[side], evidence, { captured: capturedAs(evidence, from) });
    };
    return {
      ...{ change, ...cause, share },
      interfaces: [...new Set(members.flatMap(({ eni }) => eni ?? []))].map(nameOf),
      services: servicesOf(members),
      before: explained('before'),
      after: explained('after'),
    };
  });
  const omitted = gathered.slice(most).map(({ share }) => share);
  const weighed = changes.map((change, position): WeighedChange => {
    const own = gathered.filter(({ cause }) => cause.behind === position);
    const of = (kind: ChangeGroup['change']): FlowTally =>
      sumTallies(own.filter((group) => group.change === kind).map(({ share }) => share));
    return {
      change,
      effect: {
        'newly-dropped': of('newly-dropped'),
        'newly-allowed': of('newly-allowed'),
        otherwise: of('otherwise'),
      },
    };
  });
  return { groups, changes: weighed, omitted: { count: omitted.length, ...sumTallies(omitted) } };
}

interface Gathered {
  readonly change: VerdictChange;
  readonly cause: ChangeCause;
  share: CauseShare;
  /** In order of their first packets. */
  readonly members: ChangedCase[];
}

/** What no change is known to be behind is told apart by place and codes. */
function gather(
  worlds: TwoWorlds,
  changes: ChangeIndex,
  cases: readonly ChangedCase[],
): Gathered[] {
  const known = new Map<string, Gathered>();
  for (const each of cases) {
    const cause = causeOfChange(worlds, changes, each);
    const apart = [each.eni, each.before.verdict.code, each.after.verdict.code];
    const key = JSON.stringify([each.change, cause.behind ?? apart]);
    const gathered = known.get(key);
    const { change, share } = each;
    if (gathered === undefined) known.set(key, { change, cause, share, members: [each] });
    else {
      gathered.members.push(each);
      gathered.share = sumShares(gathered.share, share);
    }
  }
  return [...known.values()];
}

function byWeight(one: Gathered, other: Gathered): number {
  const rank = ({ change }: Gathered): number => VERDICT_CHANGES.indexOf(change);
  return (
    rank(one) - rank(other) ||
    other.share.flows - one.share.flows ||
    other.share.packets - one.share.packets ||
    one.share.firstFrame - other.share.firstFrame
  );
}

function servicesOf(members: readonly ChangedCase[]): ChangedService[] {
  const known = new Map<string, ChangedService>();
  for (const { protocol, port, isRest, share } of members) {
    const key = JSON.stringify([protocol, port, isRest]);
    const one = known.get(key);
    known.set(key, {
      ...sumTallies(one === undefined ? [share] : [one, share]),
      ...(protocol === undefined ? {} : { protocol }),
      ...(port === undefined ? {} : { port }),
      isRest,
    });
  }
  return [...known.values()].sort((one, other) => other.packets - one.packets);
}

function sumTallies(tallies: readonly FlowTally[]): FlowTally {
  const sum = (pick: (tally: FlowTally) => number): number =>
    tallies.reduce((known, tally) => known + pick(tally), 0);
  return {
    packets: sum(({ packets }) => packets),
    bytes: sum(({ bytes }) => bytes),
    flows: sum(({ flows }) => flows),
  };
}

function sumShares(one: CauseShare, other: CauseShare): CauseShare {
  return {
    ...sumTallies([one, other]),
    firstFrame: Math.min(one.firstFrame, other.firstFrame),
    firstTimeNs: one.firstTimeNs < other.firstTimeNs ? one.firstTimeNs : other.firstTimeNs,
    lastTimeNs: one.lastTimeNs > other.lastTimeNs ? one.lastTimeNs : other.lastTimeNs,
  };
}
