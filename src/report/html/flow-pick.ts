import type { Flow } from '../../model/flow.js';
import type { FlowTally } from '../../model/tally.js';

/** The flows that a page lists, and the sums of those that it does not. */
export interface PickedFlows {
  /** By first frame. */
  readonly shown: readonly Flow[];
  readonly leftOut: FlowTally & { readonly entries: number; readonly dropped: number };
}

/** Of the room, so much is kept for flows without a drop, if there are so many. */
const PASSING_SHARE = 4;

/**
 * Picks at most `most` flows of any number of them in bounded memory: those with the most dropped packets first, then the
 * largest; a quarter of the room is for flows without a drop, which would be missed otherwise.
 */
export function createFlowPick(most: number): { add(flow: Flow): void; picked(): PickedFlows } {
  const dropping: Flow[] = [];
  const passing: Flow[] = [];
  const leftOut = { entries: 0, flows: 0, packets: 0, bytes: 0, dropped: 0 };

  const leave = (flows: readonly Flow[]): void => {
    for (const flow of flows) {
      leftOut.entries++;
      if (flow.counted) leftOut.flows++;
      leftOut.packets += packetsOf(flow);
      leftOut.bytes += flow.original.bytes + flow.reply.bytes;
      leftOut.dropped += flow.byVerdict.drop.packets;
    }
  };
  const cut = (list: Flow[], room: number): void => {
    if (list.length > room) leave(list.sort(byWeight).splice(room));
  };
  return {
    add: (flow) => {
      const list = flow.byVerdict.drop.packets > 0 ? dropping : passing;
      list.push(flow);
      if (list.length === 2 * most) cut(list, most);
    },
    picked: () => {
      const least = Math.floor(most / PASSING_SHARE);
      cut(dropping, Math.max(most - passing.length, most - least));
      cut(passing, most - dropping.length);
      const shown = [...dropping, ...passing].sort((a, b) => a.firstFrame - b.firstFrame);
      return { shown, leftOut };
    },
  };
}

const packetsOf = ({ original, reply }: Flow): number => original.packets + reply.packets;

const byWeight = (one: Flow, other: Flow): number =>
  other.byVerdict.drop.packets - one.byVerdict.drop.packets ||
  packetsOf(other) - packetsOf(one) ||
  one.firstFrame - other.firstFrame;
