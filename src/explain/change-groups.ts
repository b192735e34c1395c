import type { CauseShare } from '../model/explanation.js';
import type { FlowTally } from '../model/tally.js';
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
import { UNKNOWN_CHANGE, causeOfChange } from './change-cause.js';
import { type ChangeIndex, indexChanges } from './change-index.js';
import type { ChangeCause, TwoWorlds } from './parting.js';
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
  const causes: ChangeCause[] = [];
  for (const each of cases) {
    const own = causeOfChange(worlds, changes, each);
    const cause = own.behind === undefined ? causeOfHistory(each, cases, causes) : own;
    causes.push(cause);
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

/** What no change explains by itself may follow from an earlier packet of the flow. */
function causeOfHistory(
  { follows }: ChangedCase,
  cases: readonly ChangedCase[],
  causes: readonly ChangeCause[],
): ChangeCause {
  const earlier = follows === undefined ? undefined : causes[follows];
  if (earlier?.behind === undefined) return UNKNOWN_CHANGE;
  const { firstFrame } = cases[follows!]!.share;
  return {
    behind: earlier.behind,
    way: 'history',
    reason: `what is remembered of its flow differs, since packets of it changed before, as frame ${firstFrame} did`,
  };
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
  for (const { protocol, port, isRest, share, before } of members) {
    const key = JSON.stringify([protocol, port, isRest]);
    const one = known.get(key);
    known.set(key, {
      // Members are in order of their first packets.
      first: one?.first ?? { frame: share.firstFrame, packet: before.packet },
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
