import type { Evidence } from '../model/evidence.js';
import type { Packet } from '../model/packet.js';
import { createReference } from './reference.js';
import type { ExplainedWorld } from './world.js';

/** Judges a packet that was never captured, by what holds in a phase and with nothing remembered: frame 0. */
export function askPacket(
  { timeline, tracking }: ExplainedWorld,
  packet: Packet,
  phase = 0,
): Evidence {
  const verdict = createReference(timeline.phases[phase]!.policy, tracking).judge(packet);
  return {
    packet,
    verdict: { ...verdict, frame: 0 },
    clockNs: packet.timeNs,
    phase,
    memories: verdict.at.map(() => undefined),
  };
}
