import type { FlowTally, Tally } from '../../src/model/tally.js';

/** Tallies in one line, for outcomes made by hand. */
export const tally = (packets: number, bytes: number): Tally => ({ packets, bytes });

export const flows = (packets: number, bytes: number, flows: number): FlowTally => ({
  packets,
  bytes,
  flows,
});

export const NONE = flows(0, 0, 0);
export const NO_PACKETS = tally(0, 0);
