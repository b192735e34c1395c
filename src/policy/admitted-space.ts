import { addressWidth, type Prefix } from '../model/address.js';
import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';
import type { Traffic } from '../model/security-group.js';
import { carries, isIcmp, LAST_PORT, NO_PORT } from './carries.js';
import type { ResolvedPolicy, ResolvedRule } from './resolve.js';

/** Openings that rules let pass: addresses of peers, each as often as there are protocols and ports, or types and codes. */
export type AdmittedSpace = Readonly<Record<4 | 6, bigint>>;

/** Summed over the interfaces and both directions; what several rules let pass counts once. */
export function admittedSpace({ sets, interfaces }: ResolvedPolicy): AdmittedSpace {
  const bySet = sets.map(({ ingress, egress }) => ({
    4: sizeOf(ingress, 4) + sizeOf(egress, 4),
    6: sizeOf(ingress, 6) + sizeOf(egress, 6),
  }));
  const sum = (family: 4 | 6): bigint =>
    interfaces.reduce(
      (total, { set }) => total + (set === undefined ? 0n : bySet[set]![family]),
      0n,
    );
  return { 4: sum(4), 6: sum(6) };
}

interface Edge {
  readonly at: bigint;
  readonly rule: ResolvedRule;
  readonly change: 1 | -1;
}

/** Goes over the addresses from end to end: between two edges the same rules hold. */
function sizeOf(rules: readonly ResolvedRule[], family: 4 | 6): bigint {
  const edges = rules
    .flatMap((rule) =>
      rule.prefixes
        .filter((prefix) => prefix.family === family)
        .flatMap((prefix): Edge[] => [
          { at: prefix.value, rule, change: 1 },
          { at: endOf(prefix), rule, change: -1 },
        ]),
    )
    .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  const holding = new Map<ResolvedRule, number>();
  const known = new Map<string, bigint>();
  let total = 0n;
  let from = 0n;
  for (const { at, rule, change } of edges) {
    if (at > from && holding.size > 0) {
      const kinds = [...holding.keys()].sort((one, other) => one.index - other.index);
      const key = kinds.map(({ index }) => index).join();
      let size = known.get(key);
      if (size === undefined) {
        size = trafficSize(
          kinds.map((each) => each.rule.traffic),
          family,
        );
        known.set(key, size);
      }
      total += (at - from) * size;
    }
    from = at;
    const count = (holding.get(rule) ?? 0) + change;
    if (count === 0) holding.delete(rule);
    else holding.set(rule, count);
  }
  return total;
}

const endOf = ({ family, value, length }: Prefix): bigint =>
  value + (1n << BigInt(addressWidth(family) - length));

const PORTS = 65_536n;
const PROTOCOLS = Array.from({ length: 256 }, (_, protocol) => protocol);

/** Protocols, those with ports as often as they have some, that the rules let pass together. */
function trafficSize(kinds: readonly Traffic[], family: 4 | 6): bigint {
  return PROTOCOLS.reduce((sum, protocol) => {
    const one = (port: number): boolean =>
      kinds.some((kind) => carries(kind, { family, protocol, port }));
    if (protocol === TCP || protocol === UDP) return sum + portsOf(kinds, protocol);
    if (!isIcmp(family, protocol)) return sum + (one(NO_PORT) ? 1n : 0n);
    if (one(NO_PORT)) return sum + PORTS;
    return sum + icmpOf(kinds, protocol);
  }, 0n);
}

function portsOf(kinds: readonly Traffic[], protocol: number): bigint {
  const ranges = kinds.flatMap((kind): { from: number; to: number }[] => {
    if (kind.kind === 'all') return [{ from: 0, to: LAST_PORT }];
    if (kind.protocol !== protocol) return [];
    return kind.kind === 'ports' ? [kind] : [{ from: 0, to: LAST_PORT }];
  });
  ranges.sort((one, other) => one.from - other.from);
  let next = 0;
  let size = 0;
  for (const { from, to } of ranges) {
    size += Math.max(0, to + 1 - Math.max(from, next));
    next = Math.max(next, to + 1);
  }
  return BigInt(size);
}

function icmpOf(kinds: readonly Traffic[], protocol: number): bigint {
  const family = protocol === ICMP ? 4 : 6;
  const some = kinds.filter((kind) => kind.kind === 'icmp' && kind.protocol === protocol);
  if (some.length === 0 || (protocol !== ICMP && protocol !== ICMPV6)) return 0n;
  let size = 0n;
  for (let port = 0; port <= LAST_PORT; port++) {
    if (some.some((kind) => carries(kind, { family, protocol, port }))) size++;
  }
  return size;
}
