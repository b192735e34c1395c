import fc from 'fast-check';
import { DEFAULT_TRAFFIC, type TrafficOptions } from '../../src/generate/traffic-options.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { type Timeline, resolveTimeline } from '../../src/policy/timeline.js';

export const timelineOf = (description: VpcDescription): Timeline => resolveTimeline(description);

/** Shares as percent, so that a failing case is short. */
const percent = (...values: number[]) => fc.constantFrom(...values).map((value) => value / 100);

/** Options of any profile. Nothing is asked for by name that a world may not have. */
export const trafficOptions: fc.Arbitrary<TrafficOptions> = fc
  .record({
    seed: fc.nat({ max: 2 ** 31 }),
    profile: fc.constantFrom(
      'mixed' as const,
      'mixed' as const,
      'port-scan' as const,
      'syn-flood' as const,
    ),
    flows: fc.integer({ min: 1, max: 120 }),
    packetsPerFlow: fc.integer({ min: 8, max: 40 }),
    lengths: fc.constantFrom('heavy' as const, 'even' as const),
    concurrent: fc.constantFrom(1, 7, 1000),
    sizes: fc.constantFrom('imix' as const, { from: 60, to: 200 }, { from: 1514, to: 1514 }),
    snapLength: fc.constantFrom(96, 262_144),
    insideShare: percent(0, 30, 100),
    // The slowest lets 25 s pass between two packets of a flow, and minutes from its first to its last.
    packetsPerSecond: fc.constantFrom(10, 10, 1000, 1e6),
    zipf: fc.constantFrom(0, 0, 1.1),
  })
  .map(({ packetsPerFlow, ...options }) => ({
    ...DEFAULT_TRAFFIC,
    ...options,
    packets: options.flows * packetsPerFlow,
  }));
