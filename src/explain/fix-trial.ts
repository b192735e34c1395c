import type { Evidence } from '../model/evidence.js';
import type { FixEdit } from '../model/explanation.js';
import type { IpPacket, Packet } from '../model/packet.js';
import type { Remembered } from '../model/remembered.js';
import type { Direction } from '../model/security-group.js';
import type { FrameVerdict, VerdictCode } from '../model/verdict.js';
import type { ResolvedPolicy } from '../policy/resolve.js';
import type { Timeline } from '../policy/timeline.js';
import { fixedTimeline } from './fixed-timeline.js';
import { deniedOpening, openingPacket } from './opener.js';
import { allowancesFullAt } from './reference-allowance.js';
import { createReference } from './reference.js';
import type { ExplainedWorld } from './world.js';

/** Where a packet is dropped under a fix: the one that was asked about, or the opening that it follows. */
export interface StillDropped {
  readonly eni: string;
  readonly direction: Direction;
  readonly code: VerdictCode;
  readonly packet: IpPacket;
  /** Position in the timeline's phases. */
  readonly phase: number;
  readonly clockNs: bigint;
  /** What the interface remembered before. */
  readonly memory?: Remembered;
}

/**
 * Judges the evidence's packet again with edits made, from the same memory; after the denied opening that it follows, since
 * without that it would not exist (CT-25). Undefined when it passes.
 */
export function dropUnder(
  { timeline, tracking }: ExplainedWorld,
  evidence: Evidence,
  edits: readonly FixEdit[],
): StillDropped | undefined {
  const { packet, clockNs, phase, verdict, memories } = evidence;
  const denied = deniedOpening(evidence);
  const openerPhase = denied === undefined ? phase : phaseAt(timeline, denied.lastSeenNs);
  const [openerPolicy, policy] = [openerPhase, phase].map(
    (at) => fixedTimeline({ ...timeline, phases: [timeline.phases[at]!] }, edits).phases[0]!.policy,
  ) as [ResolvedPolicy, ResolvedPolicy];
  const full = verdict.at.filter(({ code }) => code === 'allowance-exceeded');
  const reference = createReference(openerPolicy, tracking, {
    allowances: allowancesFullAt(full.map(({ eni }) => eni)),
  });
  const known = memories.filter((it) => it !== undefined && !wouldNotBe(it, denied));
  for (const memory of known) reference.recall(memory!);
  const place = (judged: FrameVerdict, ip: IpPacket, at: number, now: bigint) => {
    const drop = judged.at.find(({ verdict: answer }) => answer === 'drop');
    if (drop === undefined) return undefined;
    const { eni, direction, code } = drop;
    const memory = known.find((it) => it!.eni === eni);
    return { eni, direction, code, packet: ip, phase: at, clockNs: now, ...(memory && { memory }) };
  };

  if (denied !== undefined) {
    const opening = openingOf(packet, denied);
    const { lastSeenNs } = denied;
    const dropped = place(reference.judge(opening), ipOf(opening), openerPhase, lastSeenNs);
    if (dropped !== undefined) return dropped;
    reference.change(policy);
  }
  return place(reference.judge({ ...packet, timeNs: clockNs }), ipOf(packet), phase, clockNs);
}

/** What came of packets that only a denied opening let be. */
function wouldNotBe(memory: Remembered, denied: Remembered | undefined): boolean {
  return denied !== undefined && memory.account.createdNs >= denied.account.createdNs;
}

function openingOf(packet: Packet, denied: Remembered): Packet {
  const { length, sourceMac, destinationMac } = packet;
  const ip = openingPacket(denied);
  const sameWay = ip.source.value === ipOf(packet).source.value;
  const macs = sameWay ? [sourceMac, destinationMac] : [destinationMac, sourceMac];
  return {
    timeNs: denied.lastSeenNs,
    length,
    ...(macs[0] !== undefined && { sourceMac: macs[0] }),
    ...(macs[1] !== undefined && { destinationMac: macs[1] }),
    content: { kind: 'ip', ip },
  };
}

function phaseAt({ phases }: Timeline, timeNs: bigint): number {
  return Math.max(
    0,
    phases.findLastIndex(({ fromNs }) => fromNs <= timeNs),
  );
}

function ipOf({ content }: Packet): IpPacket {
  if (content.kind !== 'ip') throw new Error('only IP packets are dropped');
  return content.ip;
}
