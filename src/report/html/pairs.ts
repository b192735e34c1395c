import type { Endpoint } from '../../model/endpoint.js';
import type { Flow } from '../../model/flow.js';
import type { Verdict } from '../../model/verdict.js';

/** Packets of the flows that one end began with another, both ways. */
export interface PairTally {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly flows: number;
  readonly packets: Readonly<Record<Verdict, number>>;
}

/** All pairs; those beyond the first ones are only summed. */
export interface Pairs {
  readonly list: readonly PairTally[];
  readonly beyond: Omit<PairTally, 'from' | 'to'> & { readonly pairs: boolean };
}

/** More are no table that anybody reads. */
const PAIRS_MAX = 1 << 16;

/** Adds flows up by the ends that `endsOf` tells of. */
export function createPairs(endsOf: (flow: Flow) => readonly [from: Endpoint, to: Endpoint]): {
  add(flow: Flow): void;
  pairs(): Pairs;
} {
  const known = new Map<string, Counted>();
  const beyond = counted();
  return {
    add: (flow) => {
      const [from, to] = endsOf(flow);
      const key = `${endpointKey(from)} ${endpointKey(to)}`;
      let pair = known.get(key);
      if (pair === undefined) {
        pair = known.size < PAIRS_MAX ? { ...counted(), from, to } : undefined;
        if (pair !== undefined) known.set(key, pair);
      }
      const sum = pair ?? beyond;
      if (flow.counted) sum.flows++;
      for (const verdict of VERDICTS) sum.packets[verdict] += flow.byVerdict[verdict].packets;
    },
    pairs: () => ({
      list: [...known.values()].flatMap(({ from, to, flows, packets }) =>
        from === undefined || to === undefined ? [] : [{ from, to, flows, packets }],
      ),
      beyond: {
        ...beyond,
        pairs: Object.values(beyond.packets).some((packets) => packets > 0),
      },
    }),
  };
}

/** One text for an end: ids of interfaces are never a group's name. */
export function endpointKey(endpoint: Endpoint): string {
  return endpoint.kind === 'interface' ? JSON.stringify(endpoint.eni) : endpoint.kind;
}

const VERDICTS: readonly Verdict[] = ['allow', 'drop', 'not-filtered', 'not-judged'];

interface Counted {
  from?: Endpoint;
  to?: Endpoint;
  flows: number;
  readonly packets: Record<Verdict, number>;
}

const counted = (): Counted => ({
  flows: 0,
  packets: { allow: 0, drop: 0, 'not-filtered': 0, 'not-judged': 0 },
});
