import type { IpPacket } from '../model/packet.js';
import type { Direction } from '../model/security-group.js';
import { FRAGMENT_SECONDS, UNTRACKED_NOTE_SECONDS } from '../model/tracking.js';
import type { IdleSeconds, RelatedPolicy, TrackingOptions } from '../model/tracking.js';
import type { VerdictCode } from '../model/verdict.js';
import type { ResolvedPolicy, ResolvedRule } from '../policy/resolve.js';
import { type Allowance, hasPlace } from './reference-allowance.js';
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
import type { Progress } from './reference-connection.js';
import { remoteAddress } from './reference-exempt.js';
import type { Connection, DeniedOpener, FirstFragment, Memory } from './reference-memory.js';
import { limitsTowards } from './reference-paths.js';
import {
  isUntracked,
  isUntrackedFlow,
  matchingRules,
  opposite,
  swapped,
} from './reference-rules.js';
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
  /** Shared with the instance's other interfaces (CT-19). */
  readonly allowance: Allowance;
  readonly memory: Memory;
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
  const { connections, denied, untracked, firstFragments } = at.memory;
  for (const [key, it] of connections) {
    if (!isLive(it, now) && !isHistory(at, it, now)) connections.delete(key);
  }
  for (const [key, it] of denied) if (!isLive(it, now)) denied.delete(key);
  for (const [key, lastSeen] of untracked) if (!isNoted(lastSeen, now)) untracked.delete(key);
  for (const [key, it] of firstFragments) if (!coversFragments(it, now)) firstFragments.delete(key);
}

/** The order of the questions is the semantics. */
function judgeAlone(at: GuardedInterface, visit: Visit): Finding {
  return (
    trackedConnection(at, visit) ??
    relatedError(at, visit) ??
    deniedOpening(at, visit) ??
    untrackedFlow(at, visit) ??
    narrowedFlow(at, visit) ??
    midstreamTcp(at, visit) ??
    newFlow(at, visit)
  );
}

/** CT-2, CT-13: a packet of a live connection passes, whatever the rules say, and keeps it alive. */
function trackedConnection(at: GuardedInterface, visit: Visit): Finding | undefined {
  const { packet, direction, now, key } = visit;
  const connection = key === undefined ? undefined : at.memory.connections.get(key);
  if (key === undefined || connection === undefined) return undefined;
  const { original, limits, place, rule } = connection;
  const beginsAnew = isBareSyn(packet) && isClosed(connection.progress);
  if (isLive(connection, now) && !beginsAnew) {
    const { autoTracked } = at.options;
    if (isUntrackedFlow(at.policy, at.set, direction, packet, original, autoTracked)) {
      forget(at, key); // CT-10
      at.memory.untracked.set(key, now);
      return undefined;
    }
    const progress = advance(connection.progress, direction === original, packet.transport);
    place.expiresNs = now + nanoseconds(idleSecondsOf(progress, limits));
    at.memory.connections.set(key, { ...connection, lastSeen: now, progress });
    return { code: 'tracked', rule };
  }
  // CT-14: a bare SYN starts afresh, so that what came before it is no longer history.
  if (isBareSyn(packet)) forget(at, key);
  return undefined;
}

/** CT-16: an ICMP error about a packet of a live connection, sent to that packet's source; refreshes nothing. */
function relatedError(at: GuardedInterface, visit: Visit): Finding | undefined {
  const { packet, direction, now } = visit;
  const { source, destination, transport, fragment } = packet;
  if (!isIcmp(packet) || transport?.kind !== 'icmp' || fragment !== undefined) return undefined;
  const { type, quote } = transport;
  if (!ICMP_ERRORS[source.family].includes(type) || quote === undefined) return undefined;
  if (!passesAsRelated(at.options.related, source.family, type, transport.code)) return undefined;
  if (quote.source.family !== destination.family || quote.source.value !== destination.value) {
    return undefined;
  }
  const key = connectionKey(quote, opposite(direction));
  const connection = key === undefined ? undefined : at.memory.connections.get(key);
  if (connection === undefined || !isLive(connection, now)) return undefined;
  return { code: 'related', rule: connection.rule };
}

/** CT-25: what follows or answers a denied opening would not have existed. */
function deniedOpening(at: GuardedInterface, visit: Visit): Finding | undefined {
  const { now, key } = visit;
  const opener = key === undefined ? undefined : at.memory.denied.get(key);
  if (key === undefined || opener === undefined || !isLive(opener, now)) return undefined;
  if (!isJudgedAfresh(at, visit, opener)) return { code: 'not-opened' };
  at.memory.denied.delete(key);
  return undefined;
}

function isJudgedAfresh(at: GuardedInterface, visit: Visit, opener: DeniedOpener): boolean {
  const { packet, direction } = visit;
  if (isBareSyn(packet)) return true;
  if (direction !== opener.original) return false;
  return opener.progress.kind !== 'tcp' || firstMatch(at, direction, packet) !== undefined;
}

/** CT-4, CT-6: without tracking each packet needs a rule in its own direction. */
function untrackedFlow(at: GuardedInterface, visit: Visit): Finding | undefined {
  const { packet, direction, now, key } = visit;
  if (!isUntracked(at.policy, at.set, direction, packet, at.options.autoTracked)) return undefined;
  const match = firstMatch(at, direction, packet);
  if (match === undefined) return undefined;
  if (key !== undefined) {
    forget(at, key);
    at.memory.untracked.set(key, now);
  }
  return { code: 'untracked', rule: match.rule.id };
}

/** CT-9, CT-11: a flow that needed no tracking until rules became narrower is cut, or tracked from here on. */
function narrowedFlow(at: GuardedInterface, visit: Visit): Finding | undefined {
  const { packet, now, key } = visit;
  const lastSeen = key === undefined ? undefined : at.memory.untracked.get(key);
  if (key === undefined || lastSeen === undefined || !isNoted(lastSeen, now)) return undefined;
  if (isBareSyn(packet)) return undefined;
  return inferredFlow(at, visit, key);
}

/** CT-14: TCP that no connection knows and that opens none. */
function midstreamTcp(at: GuardedInterface, visit: Visit): Finding | undefined {
  const { packet, now, key } = visit;
  const { transport } = packet;
  if (transport?.kind !== 'tcp' || key === undefined || isBareSyn(packet)) return undefined;
  if (at.options.midstream === 'strict') return { code: 'no-state' };
  const ended = at.memory.connections.get(key);
  if (ended !== undefined && isHistory(at, ended, now)) return { code: 'no-state' };
  return inferredFlow(at, visit, key);
}

/** A flow whose beginning nobody tracked: a rule must allow the packet, or the one that it answers. */
function inferredFlow(at: GuardedInterface, visit: Visit, key: string): Finding {
  const { packet, direction } = visit;
  const match =
    firstMatch(at, direction, packet) ?? firstMatch(at, opposite(direction), swapped(packet));
  if (match === undefined) return { code: 'no-rule' };
  const { id: rule, direction: original } = match.rule;
  const fromOpener = direction === original;
  const progress: Progress =
    packet.transport?.kind === 'tcp'
      ? advance(INFERRED_PROGRESS, fromOpener, packet.transport)
      : { kind: 'udp', turns: 0, lastWasOriginal: fromOpener };
  if (!connect(at, visit, key, original, rule, progress)) return { code: 'allowance-exceeded' };
  return { code: 'inferred', rule };
}

/** SG-1, SG-2, CT-15, CT-25: the rules decide; what opens a connection is remembered, allowed or denied. */
function newFlow(at: GuardedInterface, visit: Visit): Finding {
  const { packet, direction, key } = visit;
  const match = firstMatch(at, direction, packet);
  const progress = key === undefined ? undefined : openingProgress(packet);
  if (match === undefined) {
    if (key !== undefined && progress !== undefined) deny(at, visit, key, progress);
    return { code: 'no-rule' };
  }
  const rule = match.rule.id;
  if (key !== undefined && progress !== undefined) {
    if (!connect(at, visit, key, direction, rule, progress)) {
      deny(at, visit, key, progress);
      return { code: 'allowance-exceeded' };
    }
  }
  return { code: 'rule', rule };
}

/** Tracks a flow from now on; false when the instance can track no more (CT-19). */
function connect(
  at: GuardedInterface,
  visit: Visit,
  key: string,
  original: Direction,
  rule: string,
  progress: Progress,
): boolean {
  const { allowance, memory } = at;
  const { now } = visit;
  const noted = memory.untracked.get(key);
  forget(at, key);
  if (!hasPlace(allowance, now)) {
    if (noted !== undefined) memory.untracked.set(key, noted);
    return false;
  }
  const limits = limitsOf(at, visit);
  const place = { expiresNs: now + nanoseconds(idleSecondsOf(progress, limits)) };
  if (allowance.most !== undefined) allowance.places.add(place);
  memory.connections.set(key, { original, rule, lastSeen: now, progress, limits, place });
  return true;
}

function deny(at: GuardedInterface, visit: Visit, key: string, progress: Progress): void {
  forget(at, key);
  if (at.options.denied === 'forget') return;
  const { direction: original, now: lastSeen } = visit;
  at.memory.denied.set(key, { original, lastSeen, progress, limits: limitsOf(at, visit) });
}

/** Whatever is remembered of a flow. */
function forget({ memory, allowance }: GuardedInterface, key: string): void {
  const connection = memory.connections.get(key);
  if (connection !== undefined) allowance.places.delete(connection.place);
  memory.connections.delete(key);
  memory.denied.delete(key);
  memory.untracked.delete(key);
}

function limitsOf(at: GuardedInterface, { packet, direction }: Visit): IdleSeconds {
  return limitsTowards(at.policy, remoteAddress(packet, direction), at.idleSeconds);
}

/**
 * CT-18: a later fragment shares the fate of its first one. Without it, it is judged alone: its ports are
 * unknown, so it has no key and only rules that ask for no port match it.
 */
function verdictOfFirstFragment(at: GuardedInterface, visit: Visit): Finding | undefined {
  const { packet, now } = visit;
  if (packet.fragment === undefined || packet.fragment.offset === 0) return undefined;
  const first = at.memory.firstFragments.get(datagramKey(visit, packet.fragment.id));
  return first !== undefined && coversFragments(first, now) ? first.finding : undefined;
}

function rememberFirstFragment(at: GuardedInterface, visit: Visit, finding: Finding): void {
  const { packet, now } = visit;
  if (packet.fragment?.offset !== 0) return;
  const { family } = packet.source;
  const key = datagramKey(visit, packet.fragment.id);
  at.memory.firstFragments.set(key, { judgedAt: now, family, finding });
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
function isLive(it: Connection | DeniedOpener, now: bigint): boolean {
  return now - it.lastSeen < nanoseconds(idleSecondsOf(it.progress, it.limits));
}

function isNoted(lastSeen: bigint, now: bigint): boolean {
  return now - lastSeen < nanoseconds(UNTRACKED_NOTE_SECONDS);
}

/** CT-14: an ended connection that mid-stream packets are held against. */
function isHistory({ options }: GuardedInterface, it: Connection, now: bigint): boolean {
  if (options.midstream !== 'history' || !leavesHistory(it.progress)) return false;
  const seconds = idleSecondsOf(it.progress, it.limits) + options.historySeconds;
  return now - it.lastSeen < nanoseconds(seconds);
}

function nanoseconds(seconds: number): bigint {
  return BigInt(seconds) * 1_000_000_000n;
}

/** CT-16: path MTU discovery is fragmentation needed (RFC 792) and packet too big (RFC 4443). */
function passesAsRelated(
  related: RelatedPolicy,
  family: 4 | 6,
  type: number,
  code: number,
): boolean {
  if (related === 'all') return true;
  if (related === 'none') return false;
  return family === 4 ? type === 3 && code === 4 : type === 2;
}

/** Types that quote the packet they are about (RFC 792, RFC 4443; CT-16). */
const ICMP_ERRORS: Readonly<Record<4 | 6, readonly number[]>> = {
  4: [3, 11, 12],
  6: [1, 2, 3, 4],
};
