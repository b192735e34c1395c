import type { ConnectionTable, LiveConnection, RememberedBesides } from '../model/connections.js';
import { type Remembered, isOver } from '../model/remembered.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { ResolvedInterface } from '../policy/resolve.js';
import type { Phase, Timeline } from '../policy/timeline.js';

/** What a replay left behind, and what is asked about it. */
export interface TableQuestion {
  /** As `ReplayOptions.onRecords` hands them out: in order of creation. */
  readonly records: readonly Remembered[];
  readonly timeline: Timeline;
  readonly tracking: TrackingOptions;
  readonly at: ConnectionTable['at'];
  /** Id of the only interface that is wanted; all of them without one. */
  readonly eni: string | undefined;
}

/** The connection table at an instant, which is not before the last packet that was replayed. */
export function connectionsAt(question: TableQuestion): ConnectionTable {
  const { records, timeline, at, eni } = question;
  const recordsOf = byInterface(records, eni);
  const phase = timeline.phases.findLast(({ fromNs }, i) => i === 0 || fromNs <= at.timeNs)!;
  const asked = phase.policy.interfaces.filter(
    ({ eni: { id } }) => id === eni || recordsOf.has(id),
  );
  return {
    at,
    interfaces: asked
      .map((it) => interfaceAt(question, it, phase, recordsOf.get(it.eni.id) ?? []))
      .filter((it) => it.eni === eni || it.live.length > 0 || sizeOf(it.besides) > 0),
  };
}

function byInterface(
  records: readonly Remembered[],
  eni: string | undefined,
): ReadonlyMap<string, readonly Remembered[]> {
  const found = new Map<string, Remembered[]>();
  for (const record of records) {
    if (eni !== undefined && record.eni !== eni) continue;
    const others = found.get(record.eni);
    if (others === undefined) found.set(record.eni, [record]);
    else others.push(record);
  }
  return found;
}

function interfaceAt(
  { tracking, at: { timeNs } }: TableQuestion,
  it: ResolvedInterface,
  phase: Phase,
  records: readonly Remembered[],
) {
  const rules = rulesOf(it, phase);
  const live: LiveConnection[] = [];
  const besides = { ended: 0, denied: 0, untracked: 0, firstFragments: 0 };
  for (const record of records) {
    if (record.kind === 'connection') {
      if (!isOver(record, timeNs)) live.push(liveAt(record, timeNs, rules));
      else if (isHistory(record, tracking, timeNs)) besides.ended++;
    } else if (record.kind !== 'noted' && !isOver(record, timeNs)) {
      besides[COUNTED[record.kind]]++;
    }
  }
  const { id, name } = it.eni;
  return { eni: id, ...(name === undefined ? {} : { name }), live, besides };
}

const COUNTED = {
  denied: 'denied',
  untracked: 'untracked',
  'first-fragment': 'firstFragments',
} as const;

/** Ids of the rules of an interface's groups, without those that match nothing (SG-19). */
function rulesOf({ set }: ResolvedInterface, { policy }: Phase): ReadonlySet<string> {
  if (set === undefined) return new Set();
  const { ingress, egress } = policy.sets[set]!;
  const inForce = [...ingress, ...egress].filter(({ problem }) => problem === undefined);
  return new Set(inForce.map(({ rule }) => rule.id));
}

function liveAt(
  remembered: Remembered,
  timeNs: bigint,
  rules: ReadonlySet<string>,
): LiveConnection {
  const { account, lastSeenNs, idleSeconds, rule } = remembered;
  return {
    remembered,
    ageNs: timeNs - account.createdNs,
    silentNs: timeNs - lastSeenNs,
    expiresInNs: lastSeenNs + BigInt(idleSeconds) * 1_000_000_000n - timeNs,
    ruleHolds: rule !== undefined && rules.has(rule),
  };
}

/** CT-14: a connection that never was established leaves no memory. */
function isHistory(
  { lastSeenNs, idleSeconds, wasEstablished }: Remembered,
  { midstream, historySeconds }: TrackingOptions,
  timeNs: bigint,
): boolean {
  if (!wasEstablished || midstream !== 'history') return false;
  return timeNs - lastSeenNs < BigInt(idleSeconds + historySeconds) * 1_000_000_000n;
}

const sizeOf = ({ ended, denied, untracked, firstFragments }: RememberedBesides): number =>
  ended + denied + untracked + firstFragments;
