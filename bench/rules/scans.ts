import { Address4 } from 'ip-address';
import { formatPrefix } from '../../src/model/address.js';
import type { Traffic } from '../../src/model/security-group.js';
import type { ResolvedPolicy } from '../../src/policy/resolve.js';
import type { Probe } from './probes.js';

/** Number of the first ingress rule that matches; -1 for none. */
export type Classify = (probe: Probe) => number;

/** A row for each rule and prefix, in order, in columns of numbers. */
interface Rows {
  readonly first: Uint32Array;
  readonly last: Uint32Array;
  readonly protocol: Int32Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly rule: Int32Array;
}

/** The plain way: look at one rule after the other until one matches. */
export function linearScan({ sets }: ResolvedPolicy): Classify {
  const rowsOf = sets.map((): Rows | undefined => undefined);
  const prepare = (set: number): Rows => {
    const rows = sets[set]!.ingress.flatMap(({ index, prefixes, rule }) =>
      prefixes.map((prefix) => ({ index, prefix, ...matchOf(rule.traffic) })),
    );
    const first = rows.map(({ prefix }) => Number(prefix.value));
    return {
      first: Uint32Array.from(first),
      last: Uint32Array.from(rows, ({ prefix }, i) => first[i]! + 2 ** (32 - prefix.length) - 1),
      protocol: Int32Array.from(rows, ({ protocol }) => protocol),
      from: Uint32Array.from(rows, ({ from }) => from),
      to: Uint32Array.from(rows, ({ to }) => to),
      rule: Int32Array.from(rows, ({ index }) => index),
    };
  };
  return ({ set, remote, protocol: asked, port }) => {
    const { first, last, protocol, from, to, rule } = (rowsOf[set] ??= prepare(set));
    for (let i = 0; i < first.length; i++) {
      if (remote < first[i]! || remote > last[i]!) continue;
      if (protocol[i] !== asked && protocol[i] !== ANY) continue;
      if (port >= from[i]! && port <= to[i]!) return rule[i]!;
    }
    return -1;
  };
}

/** What a program on the ip-address package does: ask each rule's subnet whether it holds the address. */
export function addressScan({ sets }: ResolvedPolicy): Classify {
  const subnets = new Map<string, Address4>();
  const rulesOf = sets.map((): readonly AddressRule[] | undefined => undefined);
  const prepare = (set: number): readonly AddressRule[] =>
    sets[set]!.ingress.map(({ index, prefixes, rule }) => ({
      index,
      subnets: prefixes.map((prefix) => {
        const text = formatPrefix(prefix);
        const known = subnets.get(text) ?? new Address4(text);
        subnets.set(text, known);
        return known;
      }),
      ...matchOf(rule.traffic),
    }));
  return ({ set, remote, protocol: asked, port }) => {
    const address = Address4.fromInteger(remote);
    const rules = (rulesOf[set] ??= prepare(set));
    for (const { index, subnets: own, protocol, from, to } of rules) {
      if ((protocol !== asked && protocol !== ANY) || port < from || port > to) continue;
      if (own.some((subnet) => address.isInSubnet(subnet))) return index;
    }
    return -1;
  };
}

interface AddressRule extends Match {
  readonly index: number;
  readonly subnets: readonly Address4[];
}

const ANY = -1;

interface Match {
  readonly protocol: number;
  readonly from: number;
  readonly to: number;
}

function matchOf(traffic: Traffic): Match {
  switch (traffic.kind) {
    case 'all':
      return { protocol: ANY, from: 0, to: 65_535 };
    case 'protocol':
      return { protocol: traffic.protocol, from: 0, to: 65_535 };
    case 'ports':
      return traffic;
    case 'icmp': {
      const { protocol, type, code } = traffic;
      const from = Math.max(type, 0) * 256 + Math.max(code, 0);
      const span = type < 0 ? 65_535 : code < 0 ? 255 : 0;
      return { protocol, from, to: from + span };
    }
  }
}
