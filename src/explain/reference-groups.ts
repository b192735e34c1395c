import type { Question } from '../model/explanation.js';
import type { Fragment, IpPacket } from '../model/packet.js';
import { TCP, UDP } from '../model/protocol.js';
import type { Direction } from '../model/security-group.js';
import type { RelatedPolicy } from '../model/tracking.js';
import type { ResolvedRule } from '../policy/resolve.js';
import {
  INFERRED_PROGRESS,
  advance,
  connectionKey,
  idleSecondsOf,
  isBareSyn,
  isClosed,
  isIcmp,
  openingProgress,
} from './reference-connection.js';
import type { Progress } from './reference-connection.js';
import {
  isUntracked,
  isUntrackedFlow,
  matchingRules,
  opposite,
  swapped,
} from './reference-rules.js';
import type { PacketFields } from './reference-rules.js';
import type { DeniedOpener, Finding } from './reference-memory.js';
import type { Tell } from './reference-observer.js';
import {
  type GuardedInterface,
  type Visit,
  connect,
  coversFragments,
  datagramKey,
  deny,
  forget,
  isHistory,
  isLive,
  isNoted,
  nanoseconds,
} from './reference-state.js';

/** Section 0, SG(E, dir, pkt), with fragments around it (CT-18). */
export function judgeByGroups(
  at: GuardedInterface,
  packet: IpPacket,
  direction: Direction,
  now: bigint,
  tell: Tell,
): Finding {
  const visit = { packet, direction, now, key: connectionKey(packet, direction) };
  const { fragment } = packet;
  if (fragment !== undefined) {
    const covered = verdictOfFirstFragment(at, visit, fragment);
    tell('fragment', covered);
    if (covered !== undefined) return covered;
  }
  const finding = judgeAlone(at, visit, tell);
  if (fragment === undefined) return finding;
  if (waitsForFirst(packet)) return { ...finding, datagram: 'waits' };
  if (fragment.offset > 0) return finding;
  at.memory.firstFragments.set(datagramKey(packet, direction, fragment.id), {
    judgedAt: now,
    family: packet.source.family,
    finding,
  });
  return { ...finding, datagram: 'covers' };
}

/** The first question that is answered decides. */
function judgeAlone(at: GuardedInterface, visit: Visit, tell: Tell): Finding {
  for (const [question, ask] of QUESTIONS) {
    const finding = ask(at, visit);
    tell(question, finding);
    if (finding !== undefined) return finding;
  }
  const finding = newFlow(at, visit);
  tell('rules', finding);
  return finding;
}

type Ask = (at: GuardedInterface, visit: Visit) => Finding | undefined;

/** The order of the questions is the semantics. */
const QUESTIONS: readonly (readonly [Question, Ask])[] = [
  ['connection', trackedConnection],
  ['related', relatedError],
  ['denied-opening', deniedOpening],
  ['tracking', (at, visit) => untrackedFlow(at, visit) ?? narrowedFlow(at, visit)],
  ['mid-stream', midstreamTcp],
];

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

/**
 * CT-18: a later fragment shares the fate of its first one. Without it, it is judged alone: its ports are
 * unknown, so it has no key and only rules that ask for no port match it. It may still be covered by a first
 * one behind it: see reference-early.ts.
 */
function verdictOfFirstFragment(
  at: GuardedInterface,
  { packet, direction, now }: Visit,
  { id, offset }: Fragment,
): Finding | undefined {
  if (offset === 0) return undefined;
  const first = at.memory.firstFragments.get(datagramKey(packet, direction, id));
  return first !== undefined && coversFragments(first, now) ? first.finding : undefined;
}

/** Whether rules can ask for what only the first fragment of the packet's datagram carries. */
export function waitsForFirst(packet: IpPacket): boolean {
  const { protocol, fragment } = packet;
  if (fragment === undefined || fragment.offset === 0) return false;
  return protocol === TCP || protocol === UDP || isIcmp(packet);
}

/** The rule that a report names: the first in document order (SG-1). */
function firstMatch(
  { policy, set }: GuardedInterface,
  direction: Direction,
  packet: PacketFields,
): ResolvedRule | undefined {
  return matchingRules(policy, set, direction, packet)[0];
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
