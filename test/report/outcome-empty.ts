import type { Outcome } from '../../src/model/outcome.js';
import { TYPICAL } from './outcome-typical.js';
import { NONE } from './tallies.js';

/** Rules, but no packet. */
export const EMPTY: Outcome = {
  captures: [
    {
      name: '-',
      format: 'pcapng, big-endian',
      linkType: 'raw IP',
      packets: 0,
      bytes: 0,
      disordered: 0,
      overlong: 0,
      untimed: 0,
    },
  ],
  reading: { leftOut: 0, peeled: 0, linkTypes: [] },
  totals: NONE,
  byVerdict: { allow: NONE, drop: NONE, 'not-filtered': NONE, 'not-judged': NONE },
  byCode: [],
  byInterface: [],
  byRule: TYPICAL.byRule.map((rule) => ({ ...rule, ...NONE })),
  otherDroppedFlows: { count: 0, packets: 0, bytes: 0, flows: 0 },
  droppedFlows: [],
  phases: [],
  assumptions: [],
  warnings: [],
};
