import type { Evidence } from '../../src/model/evidence.js';
import type { Packet } from '../../src/model/packet.js';
import { DEFAULT_TRACKING, type TrackingOptions } from '../../src/model/tracking.js';
import type { Timeline } from '../../src/policy/timeline.js';
import type { ExplainedWorld } from '../../src/explain/world.js';
import { type TracingJudge, createTracingJudge } from '../differential/judge-with-kernel.js';

let judge: TracingJudge | undefined;

/** What the kernel makes of packets, in order, with what its interfaces remembered before each. */
export function evidenceOf(
  { timeline, tracking }: ExplainedWorld,
  packets: readonly Packet[],
): Evidence[] {
  judge ??= createTracingJudge();
  const traced = judge(timeline, tracking, packets);
  let clockNs = 0n;
  return traced.verdicts.map((verdict, i) => {
    if (verdict.timeNs > clockNs) clockNs = verdict.timeNs;
    return {
      packet: traced.packets[i]!,
      verdict,
      clockNs,
      phase: timeline.phases.findLastIndex(({ fromNs }) => fromNs <= clockNs),
      memories: traced.memories[i]!,
    };
  });
}

export function worldOf(
  timeline: Timeline,
  options: Partial<TrackingOptions> = {},
): ExplainedWorld {
  return {
    timeline,
    tracking: { ...DEFAULT_TRACKING, ...options },
    sourceOf: () => undefined,
  };
}
