import type { FlowColumns } from '../report/html/flow-columns.js';
import { codeOf, markOf, rowOf } from './flow-rows.js';

export const KINDS = ['all', 'dropped', 'allowed', 'other'] as const;
export type Kind = (typeof KINDS)[number];

export const SORTS = [
  'verdict',
  'protocol',
  'from',
  'to',
  'packets',
  'dropped',
  'bytes',
  'time',
] as const;
export type Sort = (typeof SORTS)[number];

export interface Query {
  readonly words: string;
  readonly kind: Kind;
  readonly sort: Sort;
  readonly descending: boolean;
}

/** Answers queries with the positions of flows, in order. What is searched is put together at the first search. */
export function createSearch(flows: FlowColumns): (query: Query) => Uint32Array {
  const size = flows.frame.length;
  let texts: string[] | undefined;
  let sorted: { readonly sort: Sort; readonly order: Uint32Array } | undefined;
  return ({ words, kind, sort, descending }) => {
    if (sorted?.sort !== sort) sorted = { sort, order: orderBy(flows, sort) };
    const wanted = words
      .toLowerCase()
      .split(/\s+/u)
      .filter((word) => word !== '');
    if (wanted.length > 0) texts ??= Array.from({ length: size }, (_, i) => textOf(flows, i));
    const found = new Uint32Array(size);
    let count = 0;
    for (let n = 0; n < size; n++) {
      const i = sorted.order[descending ? size - 1 - n : n]!;
      if (!isOf(flows, i, kind)) continue;
      const text = texts?.[i] ?? '';
      if (wanted.every((word) => text.includes(word))) found[count++] = i;
    }
    return found.subarray(0, count);
  };
}

function isOf(flows: FlowColumns, i: number, kind: Kind): boolean {
  switch (kind) {
    case 'all':
      return true;
    case 'dropped':
      return flows.dropped[i]! > 0;
    case 'allowed':
      return flows.allowed[i]! > 0;
    case 'other':
      return flows.allowed[i] === 0 && flows.dropped[i] === 0;
  }
}

/** All words that a flow is found by: ends, protocol, verdict, code, and interfaces, rules and groups that answered. */
function textOf(flows: FlowColumns, i: number): string {
  const { protocol, from, to, code } = rowOf(flows, i);
  const answers = flows.answers[flows.at[i]!]!.map(([eni, egress, answer, rule]) => {
    const [id, name] = flows.interfaces[eni]!;
    const held = rule < 0 ? [] : flows.rules[rule]!;
    return [id, name, egress === 1 ? 'egress' : 'ingress', codeOf(answer).name, ...held].join(' ');
  });
  const port = flows.icmp[i] === 1 ? -1 : flows.destinationPort[i]!;
  const short = port < 0 ? '' : `${protocol}/${port}`;
  const verdict = VERDICTS[markOf(flows, i)];
  return [verdict, code, protocol, short, from, to, ...answers].join(' ').toLowerCase();
}

const VERDICTS = {
  allow: 'allow allowed',
  drop: 'drop dropped',
  mixed: 'allow allowed drop dropped mixed',
  'not-filtered': 'not filtered not-filtered',
  'not-judged': 'not judged not-judged',
};

const MARK_ORDER = { drop: 0, mixed: 1, allow: 2, 'not-filtered': 3, 'not-judged': 4 };

/** Positions by a column, ascending; of equals, the earlier flow first. */
function orderBy(flows: FlowColumns, sort: Sort): Uint32Array {
  const keys = keysOf(flows, sort);
  return Uint32Array.from(flows.frame, (_, i) => i).sort((a, b) => keys[a]! - keys[b]! || a - b);
}

/** Numbers that order as the column does. */
function keysOf(flows: FlowColumns, sort: Sort): readonly number[] | Float64Array {
  switch (sort) {
    case 'verdict':
      return flows.code.map((code, i) => MARK_ORDER[markOf(flows, i)] * 256 + code);
    case 'protocol':
      return flows.protocol.map(
        (protocol, i) => protocol * 65_536 + Math.max(0, flows.destinationPort[i]!),
      );
    case 'from':
      return endKeys(flows, flows.source, flows.sourcePort);
    case 'to':
      return endKeys(flows, flows.destination, flows.destinationPort);
    case 'packets':
    case 'dropped':
    case 'bytes':
    case 'time':
      return flows[sort];
  }
}

/** By address as a number, IPv4 first, then by port. */
function endKeys(
  { addresses }: FlowColumns,
  ends: readonly number[],
  ports: readonly number[],
): Float64Array {
  const order = Uint32Array.from(addresses, (_, i) => i);
  const keys = addresses.map(addressKey);
  order.sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : 0));
  const rank = new Uint32Array(addresses.length);
  order.forEach((address, place) => (rank[address] = place));
  return Float64Array.from(ends, (address, i) => rank[address]! * 65_537 + ports[i]! + 1);
}

/** Texts that order as addresses do. */
function addressKey(text: string): string {
  if (!text.includes(':')) {
    return `4${text
      .split('.')
      .map((part) => part.padStart(3, '0'))
      .join('')}`;
  }
  const [head = '', tail] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...new Array<string>(middle).fill('0'), ...right];
  return `6${groups.map((group) => group.padStart(4, '0')).join('')}`;
}
