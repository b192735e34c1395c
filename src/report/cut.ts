import type { DropGroup, InterfaceTally, Outcome } from '../model/outcome.js';
import type { CountedTally, FlowTally, Tally } from '../model/tally.js';

/** The head of a list, and what is beyond it. */
export interface Cut<T> {
  readonly shown: readonly T[];
  readonly omitted: readonly T[];
}

/** The head of the list of dropped flows, and the sums of what is beyond it. */
export interface DropsCut {
  readonly shown: readonly DropGroup[];
  readonly omitted: CountedTally;
}

/** The lists of an outcome that grow with the input, each cut at `top` entries: the same for text and JSON. */
export interface CutLists {
  readonly captures: Cut<Outcome['captures'][number]>;
  /** One entry for each ENI, with its directions. */
  readonly interfaces: Cut<readonly InterfaceTally[]>;
  readonly rules: Cut<Outcome['byRule'][number]>;
  readonly droppedFlows: DropsCut;
  readonly warnings: Cut<Outcome['warnings'][number]>;
}

/** Cuts every list at `top` entries; Infinity keeps all. */
export function cutLists(outcome: Outcome, top: number): CutLists {
  return {
    captures: cut(outcome.captures, top),
    interfaces: cut(groupByEni(outcome.byInterface), top),
    rules: cut(outcome.byRule, top),
    droppedFlows: cutDrops(outcome, top),
    warnings: cut(outcome.warnings, top),
  };
}

export function sumTallies(tallies: readonly Tally[]): Tally {
  let packets = 0;
  let bytes = 0;
  for (const tally of tallies) {
    packets += tally.packets;
    bytes += tally.bytes;
  }
  return { packets, bytes };
}

export function sumFlowTallies(tallies: readonly FlowTally[]): FlowTally {
  return { ...sumTallies(tallies), flows: tallies.reduce((sum, { flows }) => sum + flows, 0) };
}

function cut<T>(list: readonly T[], top: number): Cut<T> {
  const at = Math.max(0, top);
  return { shown: list.slice(0, at), omitted: list.slice(at) };
}

function cutDrops({ droppedFlows, otherDroppedFlows }: Outcome, top: number): DropsCut {
  const { shown, omitted } = cut(droppedFlows, top);
  return {
    shown,
    omitted: {
      count: omitted.length + otherDroppedFlows.count,
      ...sumFlowTallies([...omitted, otherDroppedFlows]),
    },
  };
}

/** ENIs in order of their first entry. */
function groupByEni(tallies: readonly InterfaceTally[]): readonly (readonly InterfaceTally[])[] {
  const groups = new Map<string, InterfaceTally[]>();
  for (const tally of tallies) {
    const group = groups.get(tally.eni);
    if (group === undefined) groups.set(tally.eni, [tally]);
    else group.push(tally);
  }
  return [...groups.values()];
}
