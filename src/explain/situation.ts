import type { Address } from '../model/address.js';
import type { CauseCode } from '../model/cause.js';
import type { Evidence } from '../model/evidence.js';
import type { IpPacket } from '../model/packet.js';
import { type Remembered, isOver } from '../model/remembered.js';
import type { FrameVerdict, InterfaceVerdict } from '../model/verdict.js';
import type { ResolvedInterface } from '../policy/resolve.js';
import type { Phase } from '../policy/timeline.js';
import { knownPacket } from './known-packet.js';
import { remoteAddress } from './reference-exempt.js';
import type { ExplainedWorld } from './world.js';

/** Why a packet got its verdict, in words about this packet: one or two sentences, without full stop. */
export interface Cause {
  readonly cause: CauseCode;
  readonly reason: string;
}

/** A judged packet at the interface that decided about it. */
export interface Situation {
  readonly world: ExplainedWorld;
  readonly evidence: Evidence;
  readonly phase: Phase;
  readonly ip: IpPacket;
  readonly answer: InterfaceVerdict;
  readonly at: ResolvedInterface;
  readonly remote: Address;
  /** What the interface remembered, but for a datagram's first fragment. */
  readonly memory?: Remembered;
  /** Of a later fragment that shares its verdict (CT-18). */
  readonly firstFragment?: Remembered;
}

/** Undefined for a packet that no interface was asked about. */
export function situationOf(world: ExplainedWorld, evidence: Evidence): Situation | undefined {
  const { packet, verdict, memories } = evidence;
  const position = decidingPosition(verdict);
  if (position === undefined || packet.content.kind !== 'ip') return undefined;
  const phase = world.timeline.phases[evidence.phase]!;
  const answer = verdict.at[position]!;
  const at = phase.policy.interfaces.find(({ eni }) => eni.id === answer.eni)!;
  const recalled = memories[position];
  const ip = knownPacket(packet.content.ip, recalled, evidence.clockNs);
  const remote = remoteAddress(ip, answer.direction);
  const situation = { world, evidence, phase, ip, answer, at, remote };
  if (recalled === undefined) return situation;
  if (recalled.kind !== 'first-fragment') return { ...situation, memory: recalled };
  // One that came too long before covers nothing.
  return isOver(recalled, evidence.clockNs) ? situation : { ...situation, firstFragment: recalled };
}

/** Which of the interfaces that were asked the verdict is from (CT-20); undefined when none was. */
export function decidingPosition({ at, code }: FrameVerdict): number | undefined {
  const position = at.findLastIndex((answer) => answer.code === code);
  return position < 0 ? undefined : position;
}

/** Time since the last packet that counted for what is remembered, in nanoseconds. */
export function silence({ evidence }: Situation, { lastSeenNs }: Remembered): bigint {
  return evidence.clockNs - lastSeenNs;
}
