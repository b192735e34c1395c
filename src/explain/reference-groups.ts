import type { IpPacket } from '../model/packet.js';
import type { Direction } from '../model/security-group.js';
import { FRAGMENT_SECONDS } from '../model/tracking.js';
import type { IdleSeconds, TrackingOptions } from '../model/tracking.js';
import type { VerdictCode } from '../model/verdict.js';
import type { ResolvedPolicy, ResolvedRule } from '../policy/resolve.js';
import {
  INFERRED_PROGRESS,
  advance,
  connectionKey,
  idleSecondsOf,
  isBareSyn,
  isClosed,
  isIcmp,
  leavesHistory,
  openingProgress,
} from './reference-connection.js';
import type { Connection, Progress } from './reference-connection.js';
import { isUntracked, matchingRules, opposite, swapped } from './reference-rules.js';
import type { PacketFields } from './reference-rules.js';

/** Why an interface lets a packet through or not, and the id of the rule that answers for it. */
export interface Finding {
  readonly code: VerdictCode;
  readonly rule?: string;
}

/** One interface with security groups, and what it remembers. All state is per interface (CT-1). */
export interface GuardedInterface {
  readonly policy: ResolvedPolicy;
  /** Position in `policy.sets`. */
  readonly set: number;
  readonly idleSeconds: IdleSeconds;
  readonly options: TrackingOptions;
  /** Live and ended ones by connection key. */
  readonly connections: Map<string, Connection>;
  /** Denied openers by connection key (CT-25). */
  readonly denied: Map<string, DeniedOpener>;
  /** By direction and datagram (CT-18). */
  readonly firstFragments: Map<string, FirstFragment>;
}

interface DeniedOpener {
  readonly original: Direction;
  readonly lastSeen: bigint;
  readonly progress: Progress;
}

interface FirstFragment {
  readonly judgedAt: bigint;
  readonly family: 4 | 6;
  readonly finding: Finding;
}

/** A packet at an interface: what every question below is asked about. */
interface Visit {
  readonly packet: IpPacket;
  readonly direction: Direction;
  /** Packet time in nanoseconds, never before that of an earlier visit. */
  readonly now: bigint;
  readonly key: string | undefined;
}

/** Section 0, SG(E, dir, pkt), with fragments around it (CT-18). */
export function judgeByGroups(
  at: GuardedInterface,
  packet: IpPacket,
  direction: Direction,
  now: bigint,
): Finding {
  const visit = { packet, direction, now, key: connectionKey(packet, direction) };
  const finding = verdictOfFirstFragment(at, visit) ?? judgeAlone(at, visit);
  rememberFirstFragment(at, visit, finding);
  return finding;
}

/** Forgets what cannot change any verdict from `now` on. */
export function forgetExpired(at: GuardedInterface, now: bigint): void {
  const { connections, denied, firstFragments } = at;
  for (const [key, it] of connections) {
    if (!isLive(at, it, now) && !isHistory(at, it, now)) connections.delete(key);
  }
  for (const [key, it] of denied) if (!isLive(at, it, now)) denied.delete(key);
  for (const [key, it] of firstFragments) if (!coversFragments(it, now)) firstFragments.delete(key);
}

/** The order of the questions is the semantics. */
function judgeAlone(at: GuardedInterface, visit: Visit): Finding {
  return (
    trackedConnection(at, visit) ??
    relatedError(at, visit) ??
    deniedOpening(at, visit) ??
    untrackedFlow(at, visit) ??
    midstreamTcp(at, visit) ??
    newFlow(at, visit)
  );
}

/** CT-2, CT-13: a packet of a live connection passes, whatever the rules say, and keeps it alive. */
function trackedConnection(at: GuardedInterface, visit: Visit): Finding | undefined {
  const { packet, direction, now, key } = visit;
  const connection = key === undefined ? undefined : at.connections.get(key);
  if (key === undefined || connection === undefined) return undefined;
  const beginsAnew = isBareSyn(packet) && isClosed(connection.progress);
  if (isLive(at, connection, now) && !beginsAnew) {
    const fromOpener = direction === connection.original;
    const progress = advance(connection.progress, fromOpener, packet.transport);
    at.connections.set(key, { ...connection, lastSeen: now, progress });
    return { code: 'tracked', rule: connection.rule };
  }
  // CT-14: a bare SYN starts afresh, so that what came before it is no longer history.
  if (isBareSyn(packet)) at.connections.delete(key);
  return undefined;
}

/** CT-16: an ICMP error about a packet of a live connection, sent to that packet's source; refreshes nothing. */
function relatedError(at: GuardedInterface, visit: Visit): Finding | undefined {
  const { packet, direction, now } = visit;
  const { source, destination, transport, fragment } = packet;
  if (!isIcmp(packet) || transport?.kind !== 'icmp' || fragment !== undefined) return undefined;
  const { type, quote } = transport;
  if (!ICMP_ERRORS[source.family].includes(type) || quote === undefined) return undefined;
  if (quote.source.family !== destination.family || quote.source.value !== destination.value) {
    return undefined;
  }
  const key = connectionKey(quote, opposite(direction));
  const connection = key === undefined ? undefined : at.connections.get(key);
  if (connection === undefined || !isLive(at, connection, now)) return undefined;
  return { code: 'related', rule: connection.rule };
}

/** CT-25: what follows or answers a denied opening would not have existed. */
function deniedOpening(at: GuardedInterface, visit: Visit): Finding | undefined {
  const { now, key } = visit;
  const opener = key === undefined ? undefined : at.denied.get(key);
  if (key === undefined || opener === undefined || !isLive(at, opener, now)) return undefined;
  if (!isJudgedAfresh(at, visit, opener)) return { code: 'not-opened' };
  at.denied.delete(key);
  return undefined;
}

function isJudgedAfresh(at: GuardedInterface, visit: Visit, opener: DeniedOpener): boolean {
  const { packet, direction } = visit;
  if (isBareSyn(packet)) return true;
  if (direction !== opener.original) return false;
  return opener.progress.kind !== 'tcp' || firstMatch(at, direction, packet) !== undefined;
}

/** CT-4, CT-6: without tracking each packet needs a rule in its own direction. */
function untrackedFlow(at: GuardedInterface, { packet, direction }: Visit): Finding | undefined {
  if (!isUntracked(at.policy, at.set, direction, packet)) return undefined;
  const match = firstMatch(at, direction, packet);
  return match === undefined ? undefined : { code: 'untracked', rule: match.rule.id };
}

/** CT-14: TCP that no connection knows and that opens none. */
function midstreamTcp(at: GuardedInterface, visit: Visit): Finding | undefined {
  const { packet, direction, now, key } = visit;
  const { transport } = packet;
  if (transport?.kind !== 'tcp' || key === undefined || isBareSyn(packet)) return undefined;
  if (at.options.midstream === 'strict') return { code: 'no-state' };
  const ended = at.connections.get(key);
  if (ended !== undefined && isHistory(at, ended, now)) return { code: 'no-state' };

  const match =
    firstMatch(at, direction, packet) ?? firstMatch(at, opposite(direction), swapped(packet));
  if (match === undefined) return { code: 'no-rule' };
  const { id: rule, direction: original } = match.rule;
  const progress = advance(INFERRED_PROGRESS, direction === original, transport);
  at.connections.set(key, { original, rule, lastSeen: now, progress });
  return { code: 'inferred', rule };
}

/** SG-1, SG-2, CT-15, CT-25: the rules decide; what opens a connection is remembered, allowed or denied. */
function newFlow(at: GuardedInterface, visit: Visit): Finding {
  const { packet, direction, now, key } = visit;
  const match = firstMatch(at, direction, packet);
  const progress = key === undefined ? undefined : openingProgress(packet);
  if (match === undefined) {
    if (key !== undefined && progress !== undefined && at.options.denied === 'remember') {
      at.denied.set(key, { original: direction, lastSeen: now, progress });
    }
    return { code: 'no-rule' };
  }
  const rule = match.rule.id;
  if (key !== undefined && progress !== undefined) {
    at.connections.set(key, { original: direction, rule, lastSeen: now, progress });
  }
  return { code: 'rule', rule };
}

/**
 * CT-18: a later fragment shares the fate of its first one. Without it, it is judged alone: its ports are
 * unknown, so it has no key and only rules that ask for no port match it.
 */
function verdictOfFirstFragment(at: GuardedInterface, visit: Visit): Finding | undefined {
  const { packet, now } = visit;
  if (packet.fragment === undefined || packet.fragment.offset === 0) return undefined;
  const first = at.firstFragments.get(datagramKey(visit, packet.fragment.id));
  return first !== undefined && coversFragments(first, now) ? first.finding : undefined;
}

function rememberFirstFragment(at: GuardedInterface, visit: Visit, finding: Finding): void {
  const { packet, now } = visit;
  if (packet.fragment?.offset !== 0) return;
  const { family } = packet.source;
  const key = datagramKey(visit, packet.fragment.id);
  at.firstFragments.set(key, { judgedAt: now, family, finding });
}

function datagramKey({ packet, direction }: Visit, id: number): string {
  const { source, destination, protocol } = packet;
  return `${direction} ${source.family} ${source.value} ${destination.value} ${protocol} ${id}`;
}

function coversFragments({ judgedAt, family }: FirstFragment, now: bigint): boolean {
  return now - judgedAt < nanoseconds(FRAGMENT_SECONDS[family]);
}

/** The rule that a report names: the first in document order (SG-1). */
function firstMatch(
  { policy, set }: GuardedInterface,
  direction: Direction,
  packet: PacketFields,
): ResolvedRule | undefined {
  return matchingRules(policy, set, direction, packet)[0];
}

/** CT-13: expired when now - lastSeen >= limit. */
function isLive(at: GuardedInterface, it: Connection | DeniedOpener, now: bigint): boolean {
  return now - it.lastSeen < nanoseconds(idleSecondsOf(it.progress, at.idleSeconds));
}

/** CT-14: an ended connection that mid-stream packets are held against. */
function isHistory(
  { options, idleSeconds }: GuardedInterface,
  it: Connection,
  now: bigint,
): boolean {
  if (options.midstream !== 'history' || !leavesHistory(it.progress)) return false;
  const seconds = idleSecondsOf(it.progress, idleSeconds) + options.historySeconds;
  return now - it.lastSeen < nanoseconds(seconds);
}

function nanoseconds(seconds: number): bigint {
  return BigInt(seconds) * 1_000_000_000n;
}

/** Types that quote the packet they are about (RFC 792, RFC 4443; CT-16). */
const ICMP_ERRORS: Readonly<Record<4 | 6, readonly number[]>> = {
  4: [3, 11, 12],
  6: [1, 2, 3, 4],
};
