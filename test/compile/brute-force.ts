import { prefixContains } from '../../src/model/address.js';
import { ICMP, ICMPV6 } from '../../src/model/protocol.js';
import type { Traffic } from '../../src/model/security-group.js';
import type { RuleSet } from '../../src/policy/resolve.js';
import { NO_PORT, type Probe } from './matcher.js';

/** Indices of all rules that match, ascending: every rule is looked at (SG-1..SG-3, SG-8, PR-1..PR-3). */
export function matchingRules(set: RuleSet, probe: Probe): number[] {
  return set[probe.direction]
    .filter(
      ({ rule, prefixes }) =>
        prefixes.some((prefix) => prefixContains(prefix, probe.remote)) &&
        carries(rule.traffic, probe),
    )
    .map(({ index }) => index);
}

function carries(traffic: Traffic, { remote, protocol, port }: Probe): boolean {
  switch (traffic.kind) {
    case 'all':
      return true;
    case 'protocol':
      return traffic.protocol === protocol;
    case 'ports':
      return traffic.protocol === protocol && holdsPort(traffic.from, traffic.to, port);
    case 'icmp': {
      const own = remote.family === 4 ? ICMP : ICMPV6;
      if (traffic.protocol !== protocol || protocol !== own) return false;
      if (traffic.type === -1) return true;
      if (port === NO_PORT || traffic.type !== Math.floor(port / 256)) return false;
      return traffic.code === -1 || traffic.code === port % 256;
    }
  }
}

/** CT-18: a packet whose ports are not known is matched by rules for all ports only. */
function holdsPort(from: number, to: number, port: number): boolean {
  return port === NO_PORT ? from === 0 && to === 65_535 : from <= port && port <= to;
}
