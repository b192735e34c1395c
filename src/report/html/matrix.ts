import type { Endpoint, EndpointGroup } from '../../model/endpoint.js';
import { type PairTally, type Pairs, endpointKey } from './pairs.js';

/** An end of flows as a row or column: an interface, a group of outsiders, or all interfaces that have no place. */
export interface MatrixEnd {
  readonly label: string;
  /** The id where the label is a name; what a group holds. */
  readonly detail: string;
}

export interface MatrixCell {
  readonly flows: number;
  readonly allowed: number;
  readonly dropped: number;
}

/** Who began flows with whom, and what became of their packets. */
export interface Matrix {
  readonly from: readonly MatrixEnd[];
  readonly to: readonly MatrixEnd[];
  /** By row, then column. */
  readonly cells: readonly (readonly MatrixCell[])[];
  /** Interfaces that are told of together. */
  readonly together: number;
  readonly sum: MatrixCell;
}

/** Interfaces with a row and column of their own: those with the most packets. */
const INTERFACES_MAX = 12;

/** The table of pairs; interfaces beyond the busiest are put together, and so are pairs that were not told apart. */
export function matrixOf({ list, beyond }: Pairs): Matrix {
  const told = list.filter(({ packets: { allow, drop } }) => allow + drop > 0);
  const ranked = rank(told);
  const own = new Set(ranked.slice(0, INTERFACES_MAX).map(({ key }) => key));
  const keyOf = (end: Endpoint): string =>
    end.kind === 'interface' && !own.has(endpointKey(end)) ? OTHERS : endpointKey(end);
  const cells = new Map<string, MatrixCell>();
  const add = (from: string, to: string, { flows, packets: { allow, drop } }: Counts): void => {
    const key = `${from}${BETWEEN}${to}`;
    const known = cells.get(key) ?? EMPTY;
    cells.set(key, {
      flows: known.flows + flows,
      allowed: known.allowed + allow,
      dropped: known.dropped + drop,
    });
  };
  for (const pair of told) add(keyOf(pair.from), keyOf(pair.to), pair);
  if (beyond.packets.allow + beyond.packets.drop > 0) add(UNTOLD, UNTOLD, beyond);

  const ends = new Map<string, MatrixEnd>([
    ...ranked.slice(0, INTERFACES_MAX).map(({ key, end }) => [key, interfaceEnd(end)] as const),
    [OTHERS, { label: 'other interfaces', detail: '' }],
    ...(Object.keys(GROUPS) as EndpointGroup[]).map((group) => [group, GROUPS[group]] as const),
    [UNTOLD, { label: 'other pairs', detail: '' }],
  ]);
  const used = (which: 0 | 1): string[] => {
    const keys = new Set([...cells.keys()].map((key) => key.split(BETWEEN)[which]!));
    return [...ends.keys()].filter((key) => keys.has(key));
  };
  const [rows, columns] = [used(0), used(1)];
  const of = (keys: readonly string[]): MatrixEnd[] => keys.map((key) => ends.get(key)!);
  return {
    from: of(rows),
    to: of(columns),
    cells: rows.map((from) => columns.map((to) => cells.get(`${from}${BETWEEN}${to}`) ?? EMPTY)),
    together: Math.max(0, ranked.length - INTERFACES_MAX),
    sum: sumCells([...cells.values()]),
  };
}

/** Adds cells up, as for the end of a row or column. */
export function sumCells(cells: readonly MatrixCell[]): MatrixCell {
  return cells.reduce(
    (sum, { flows, allowed, dropped }) => ({
      flows: sum.flows + flows,
      allowed: sum.allowed + allowed,
      dropped: sum.dropped + dropped,
    }),
    EMPTY,
  );
}

type Counts = Pick<PairTally, 'flows' | 'packets'>;

const EMPTY: MatrixCell = { flows: 0, allowed: 0, dropped: 0 };
/** No key of an interface: those are JSON strings, in quotes. */
const OTHERS = 'others';
const UNTOLD = 'untold';
/** JSON strings hold no line ends. */
const BETWEEN = '\n';

const GROUPS: Readonly<Record<EndpointGroup, MatrixEnd>> = {
  vpc: { label: 'VPC, no interface', detail: 'an address of the VPC that no loaded interface has' },
  private: { label: 'private, outside', detail: 'private addresses outside the loaded VPCs' },
  internet: { label: 'internet', detail: 'any other address' },
  special: { label: 'multicast, link-local', detail: 'addresses that are no single host’s' },
};

type InterfaceEndpoint = Extract<Endpoint, { kind: 'interface' }>;

function interfaceEnd({ eni, name }: InterfaceEndpoint): MatrixEnd {
  return name === undefined || name === ''
    ? { label: eni, detail: '' }
    : { label: name, detail: eni };
}

/** Interfaces, those with the most packets first. */
function rank(
  pairs: readonly PairTally[],
): readonly { readonly key: string; readonly end: InterfaceEndpoint }[] {
  const weights = new Map<string, { readonly end: InterfaceEndpoint; packets: number }>();
  for (const { from, to, packets } of pairs) {
    for (const end of [from, to]) {
      if (end.kind !== 'interface') continue;
      const known = weights.get(end.eni) ?? { end, packets: 0 };
      known.packets += packets.allow + packets.drop;
      weights.set(end.eni, known);
    }
  }
  return [...weights.values()]
    .sort((a, b) => b.packets - a.packets || (a.end.eni < b.end.eni ? -1 : 1))
    .map(({ end }) => ({ key: endpointKey(end), end }));
}
