import { formatPrefix } from '../src/model/address.js';
import type { Traffic } from '../src/model/security-group.js';
import type { ResolvedPolicy } from '../src/policy/resolve.js';
import { type FlatRule, flatRules, ownBlock } from './flat-rules.js';
import { measuredRun } from './measured-run.js';
import { isInstalled, numberIn, type Peer } from './peer.js';
import { runSgsim } from './sgsim-run.js';

/**
 * All rules as one BPF filter that counts what they let through. It knows no groups, only what comes into the VPC and what
 * leaves it, and no connections. sgsim's own filter must take as many packets.
 */
export const tcpdump: Peer = {
  name: 'tcpdump, BPF filter',
  does: 'the rules of all groups, stateless',
  prepare({ capture, vpc, packets, policy }) {
    if (!isInstalled('tcpdump')) return undefined;
    const filter = rulesAsFilter(policy);
    const report = JSON.parse(runSgsim(capture, vpc, filter).stdout) as {
      readonly totals: { readonly packets: number };
    };
    return {
      packets,
      run: () => measuredRun(['tcpdump', '-n', '-r', capture, '--count', filter]),
      check({ stdout, stderr }) {
        const taken = numberIn(stdout + stderr, /^(\d+) packets?$/m);
        if (taken !== report.totals.packets) {
          throw new Error(
            `tcpdump takes ${taken} packets, sgsim's filter ${report.totals.packets}`,
          );
        }
        return `takes ${taken} packets`;
      },
    };
  },
};

/** In the language of pcap-filter(7). */
function rulesAsFilter(policy: ResolvedPolicy): string {
  const own = formatPrefix(ownBlock(policy));
  const towards = (direction: FlatRule['direction']): string => {
    const rules = flatRules(policy).filter((rule) => rule.direction === direction);
    const [local, remote] =
      direction === 'ingress' ? (['dst', 'src'] as const) : (['src', 'dst'] as const);
    return `${local} net ${own} and (${rules.map((rule) => ruleAsFilter(rule, remote)).join(' or ')})`;
  };
  return `(${towards('ingress')}) or (${towards('egress')})`;
}

function ruleAsFilter({ traffic, peers }: FlatRule, remote: string): string {
  const nets = peers
    .filter(({ length }) => length > 0)
    .map((peer) => `${remote} net ${formatPrefix(peer)}`);
  const parts = [
    trafficAsFilter(traffic),
    ...(nets.length === peers.length ? [`(${nets.join(' or ')})`] : []),
  ];
  return `(${parts.join(' and ')})`;
}

function trafficAsFilter(traffic: Traffic): string {
  switch (traffic.kind) {
    case 'all':
      return 'ip';
    case 'protocol':
      return `ip proto ${traffic.protocol}`;
    case 'ports': {
      const name = traffic.protocol === 6 ? 'tcp' : 'udp';
      const { from, to } = traffic;
      if (from === 0 && to === 65_535) return name;
      return from === to ? `${name} dst port ${from}` : `${name} dst portrange ${from}-${to}`;
    }
    case 'icmp':
      if (traffic.type < 0) return 'icmp';
      return `icmp[0] = ${traffic.type}${traffic.code < 0 ? '' : ` and icmp[1] = ${traffic.code}`}`;
  }
}
