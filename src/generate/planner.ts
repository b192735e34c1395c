import type { Ends } from './ends.js';
import { createFlood } from './flood.js';
import { createMixed } from './mixed.js';
import type { Planner } from './planned-flow.js';
import type { Random } from './random.js';
import { createScan } from './scan.js';
import type { TrafficOptions } from './traffic-options.js';

/** Draws flows of a profile. Throws InputError when the policy has no such flows. */
export function createPlanner(random: Random, ends: Ends, options: TrafficOptions): Planner {
  switch (options.profile) {
    case 'mixed':
      return createMixed(random, ends, options);
    case 'port-scan':
      return createScan(random, ends, options);
    case 'syn-flood':
      return createFlood(random, ends, options);
  }
}
