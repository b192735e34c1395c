import type { IpPacket } from '../model/packet.js';
import type { Direction } from '../model/security-group.js';
import { FRAGMENT_SECONDS, UNTRACKED_NOTE_SECONDS } from '../model/tracking.js';
import type { IdleSeconds, TrackingOptions } from '../model/tracking.js';
import type { ResolvedPolicy } from '../policy/resolve.js';
import { type Allowance, hasPlace } from './reference-allowance.js';
import { idleSecondsOf, leavesHistory } from './reference-connection.js';
import type { Progress } from './reference-connection.js';
import { remoteAddress } from './reference-exempt.js';
import type { Connection, DeniedOpener, FirstFragment, Memory } from './reference-memory.js';
import { entriesTowards, limitsTowards } from './reference-paths.js';

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
export interface Visit {
  readonly packet: IpPacket;
  readonly direction: Direction;
  /** Packet time in nanoseconds, never before that of an earlier visit. */
  readonly now: bigint;
  readonly key: string | undefined;
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

/** Tracks a flow from now on; false when the instance can track no more (CT-19). */
export function connect(
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
  const entries = entriesTowards(at.policy, remoteAddress(visit.packet, visit.direction));
  if (!hasPlace(allowance, entries, now)) {
    if (noted !== undefined) memory.untracked.set(key, noted);
    return false;
  }
  const limits = limitsOf(at, visit);
  const place = { entries, expiresNs: now + nanoseconds(idleSecondsOf(progress, limits)) };
  if (allowance.most !== undefined) allowance.places.add(place);
  memory.connections.set(key, { original, rule, lastSeen: now, progress, limits, place });
  return true;
}

export function deny(at: GuardedInterface, visit: Visit, key: string, progress: Progress): void {
  forget(at, key);
  if (at.options.denied === 'forget') return;
  const { direction: original, now: lastSeen } = visit;
  at.memory.denied.set(key, { original, lastSeen, progress, limits: limitsOf(at, visit) });
}

/** Whatever is remembered of a flow. */
export function forget({ memory, allowance }: GuardedInterface, key: string): void {
  const connection = memory.connections.get(key);
  if (connection !== undefined) allowance.places.delete(connection.place);
  memory.connections.delete(key);
  memory.denied.delete(key);
  memory.untracked.delete(key);
}

function limitsOf(at: GuardedInterface, { packet, direction }: Visit): IdleSeconds {
  return limitsTowards(at.policy, remoteAddress(packet, direction), at.idleSeconds);
}

/** CT-18: a later fragment has the addresses, the protocol and the identifier of its first one. */
export function datagramKey(
  { source, destination, protocol }: Pick<IpPacket, 'source' | 'destination' | 'protocol'>,
  direction: Direction,
  id: number,
): string {
  return `${direction} ${source.family} ${source.value} ${destination.value} ${protocol} ${id}`;
}

export function coversFragments(
  { judgedAt, family }: Pick<FirstFragment, 'judgedAt' | 'family'>,
  now: bigint,
): boolean {
  return now - judgedAt < nanoseconds(FRAGMENT_SECONDS[family]);
}

/** CT-13: expired when now - lastSeen >= limit. */
export function isLive(it: Connection | DeniedOpener, now: bigint): boolean {
  return now - it.lastSeen < nanoseconds(idleSecondsOf(it.progress, it.limits));
}

export function isNoted(lastSeen: bigint, now: bigint): boolean {
  return now - lastSeen < nanoseconds(UNTRACKED_NOTE_SECONDS);
}

/** CT-14: an ended connection that mid-stream packets are held against. */
export function isHistory({ options }: GuardedInterface, it: Connection, now: bigint): boolean {
  if (options.midstream !== 'history' || !leavesHistory(it.progress)) return false;
  const seconds = idleSecondsOf(it.progress, it.limits) + options.historySeconds;
  return now - it.lastSeen < nanoseconds(seconds);
}

export function nanoseconds(seconds: number): bigint {
  return BigInt(seconds) * 1_000_000_000n;
}
