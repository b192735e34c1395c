import { type Reference, createReference } from '../../src/explain/reference.js';
import type { Packet } from '../../src/model/packet.js';
import type { TrackingOptions } from '../../src/model/tracking.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import type { Timeline } from '../../src/policy/timeline.js';

/** Judges packets by the reference, each by what holds at its time. */
export function judgeWithReference(
  timeline: Timeline,
  options: TrackingOptions,
  packets: readonly Packet[],
): FrameVerdict[] {
  return judgeAndRemember(timeline, options, packets).verdicts;
}

/** The same, and what interfaces remember in the end. */
export function judgeAndRemember(
  { phases }: Timeline,
  options: TrackingOptions,
  packets: readonly Packet[],
): { readonly verdicts: FrameVerdict[]; readonly memories: Reference['memories'] } {
  const reference = createReference(phases[0]!.policy, options);
  let phase = 0;
  let clock = 0n;
  const verdicts = packets.map((packet) => {
    if (packet.timeNs > clock) clock = packet.timeNs;
    const before = phase;
    while (phase + 1 < phases.length && clock >= phases[phase + 1]!.fromNs) phase++;
    if (phase !== before) reference.change(phases[phase]!.policy);
    return reference.judge(packet);
  });
  for (const revised of reference.revise()) verdicts[revised.frame - 1] = revised;
  return { verdicts, memories: reference.memories };
}
