import type { ResolvedPolicy, ResolvedRule } from '../../src/policy/resolve.js';
import { mulberry32 } from '../workload.js';

/** The first packet of an inbound IPv4 flow, as the rules see it. */
export interface Probe {
  /** Position of the group set. */
  readonly set: number;
  readonly remote: number;
  readonly protocol: number;
  /** Destination port; ICMP type * 256 + code. */
  readonly port: number;
}

/**
 * Flows to random interfaces. Half of them are what some rule there allows, a quarter comes from where a rule allows
 * something, to a port of chance, and a quarter from anywhere.
 */
export function drawProbes({ interfaces, sets }: ResolvedPolicy, count: number): Probe[] {
  const random = mulberry32(count);
  const draw = (below: number): number => Math.floor(random() * below);
  return Array.from({ length: count }, () => {
    const set = interfaces[draw(interfaces.length)]!.set!;
    const rules = sets[set]!.ingress;
    const rule = rules[draw(rules.length)]!;
    const kind = draw(4);
    return {
      set,
      remote: kind === 3 ? draw(2 ** 32) : inside(rule, draw),
      ...traffic(rule, kind, draw),
    };
  });
}

type Draw = (below: number) => number;

function inside({ prefixes }: ResolvedRule, draw: Draw): number {
  if (prefixes.length === 0) return draw(2 ** 32);
  const { value, length } = prefixes[draw(prefixes.length)]!;
  return Number(value) + draw(2 ** (32 - length));
}

function traffic(
  { rule }: ResolvedRule,
  kind: number,
  draw: Draw,
): { protocol: number; port: number } {
  const what = rule.traffic;
  if (kind === 2 || what.kind === 'all') {
    return { protocol: draw(4) === 0 ? 17 : 6, port: draw(65_536) };
  }
  if (what.kind === 'protocol') return { protocol: what.protocol, port: 0 };
  if (what.kind === 'icmp') {
    return { protocol: what.protocol, port: Math.max(what.type, 0) * 256 + Math.max(what.code, 0) };
  }
  return { protocol: what.protocol, port: what.from + draw(what.to - what.from + 1) };
}
