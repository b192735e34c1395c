import { ICMP } from '../model/protocol.js';
import type { Traffic } from '../model/security-group.js';
import type { ResolvedRule } from '../policy/resolve.js';
import { type AddressWords, type PrefixWords, isWithin, prefixWords } from './address-words.js';

/** What a rule asks of the first packet of a flow, in numbers. */
export interface ScannedRule {
  /** IP protocol; -1: any. */
  readonly protocol: number;
  /** Destination ports, inclusive; none when `from` is above `to`. */
  readonly from: number;
  readonly to: number;
  readonly peers: readonly PrefixWords[];
}

/** Of the first packet of a flow; an ICMP echo request has port 0. */
export interface Opening {
  readonly protocol: number;
  readonly port: number;
  readonly remote: AddressWords;
}

/** In document order; rules that match nothing whatever comes stay. */
export function scannedRules(rules: readonly ResolvedRule[]): ScannedRule[] {
  return rules.map(({ rule, prefixes }) => ({
    ...scannedTraffic(rule.traffic),
    peers: prefixes.map(prefixWords),
  }));
}

/** SG-1, SG-3: one rule after the other, without anything that the kernel compiles them into. */
export function allows(rules: readonly ScannedRule[], opening: Opening): boolean {
  const { protocol, port, remote } = opening;
  for (const rule of rules) {
    if (rule.protocol !== -1 && rule.protocol !== protocol) continue;
    if (port < rule.from || port > rule.to) continue;
    for (const peer of rule.peers) if (isWithin(remote, peer)) return true;
  }
  return false;
}

const EVERY_PORT = { from: 0, to: 65_535 } as const;
const NO_PORT = { from: 1, to: 0 } as const;
/** Types of echo requests: RFC 792, RFC 4443. */
const ECHO = { 1: 8, 58: 128 } as const;

function scannedTraffic(traffic: Traffic): Pick<ScannedRule, 'protocol' | 'from' | 'to'> {
  switch (traffic.kind) {
    case 'all':
      return { protocol: -1, ...EVERY_PORT };
    case 'protocol':
      return { protocol: traffic.protocol, ...EVERY_PORT };
    case 'ports':
      return { protocol: traffic.protocol, from: traffic.from, to: traffic.to };
    case 'icmp': {
      const { protocol, type, code } = traffic;
      const echo = ECHO[protocol === ICMP ? 1 : 58];
      const covers = (type === -1 || type === echo) && (code === -1 || code === 0);
      return { protocol, ...(covers ? EVERY_PORT : NO_PORT) };
    }
  }
}
