import { formatAddress, formatPrefix } from '../src/model/address.js';
import type { Traffic } from '../src/model/security-group.js';
import type { ResolvedPolicy } from '../src/policy/resolve.js';
import { type FlatRule, flatRules, ownBlock } from './flat-rules.js';
import { measuredRun } from './measured-run.js';
import { isInstalled, numberIn, type Peer } from './peer.js';
import { runSgsim } from './sgsim-run.js';

/** Exactly what the rules say of single packets: those of a group at the addresses of its interfaces only. */
export const tcpdumpByGroup: Peer = tcpdumpWith(
  'tcpdump, rules by group',
  'the rules at the interfaces that they are for, stateless',
  filterByGroup,
);

/** Kinder to tcpdump: it knows no groups, only what comes into the VPC and what leaves it. */
export const tcpdumpAllRules: Peer = tcpdumpWith(
  'tcpdump, all rules',
  'the rules of all groups at every interface, stateless',
  filterOfAllRules,
);

/** All rules as one BPF filter that counts what they let through. sgsim's own filter must take as many packets. */
function tcpdumpWith(
  name: string,
  does: string,
  filterOf: (policy: ResolvedPolicy) => string,
): Peer {
  return {
    name,
    does,
    prepare({ capture, vpc, packets, policy }) {
      if (!isInstalled('tcpdump')) return undefined;
      const filter = filterOf(policy);
      const report = JSON.parse(runSgsim(capture, vpc, filter).stdout) as {
        readonly totals: { readonly packets: number };
      };
      const wanted = report.totals.packets;
      return {
        packets,
        run: () => measuredRun(['tcpdump', '-n', '-r', capture, '--count', filter]),
        check({ stdout, stderr }) {
          const taken = numberIn(stdout + stderr, /^(\d+) packets?$/m);
          if (taken !== wanted) {
            throw new Error(`${name} takes ${taken} packets, sgsim's filter ${wanted}`);
          }
          return `takes ${taken} packets`;
        },
      };
    },
  };
}

const ENDS = { ingress: ['dst', 'src'], egress: ['src', 'dst'] } as const;
const DIRECTIONS = ['ingress', 'egress'] as const;

/** In the language of pcap-filter(7). */
function filterByGroup({ sets, interfaces }: ResolvedPolicy): string {
  const parts = sets.flatMap((rules, set) => {
    const addresses = interfaces
      .filter((each) => each.set === set)
      .flatMap(({ eni }) => eni.addresses.filter(({ family }) => family === 4));
    return DIRECTIONS.filter((direction) => rules[direction].length > 0).map((direction) => {
      const [local, remote] = ENDS[direction];
      const hosts = addresses.map((address) => `${local} host ${formatAddress(address)}`);
      const matches = flatRules(rules[direction]).map((rule) => ruleAsFilter(rule, remote));
      return `((${hosts.join(' or ')}) and (${matches.join(' or ')}))`;
    });
  });
  return parts.join(' or ');
}

function filterOfAllRules(policy: ResolvedPolicy): string {
  const own = formatPrefix(ownBlock(policy));
  const parts = DIRECTIONS.map((direction) => {
    const [local, remote] = ENDS[direction];
    const rules = flatRules(policy.rules).filter((rule) => rule.direction === direction);
    const matches = rules.map((rule) => ruleAsFilter(rule, remote));
    return `(${local} net ${own} and (${matches.join(' or ')}))`;
  });
  return parts.join(' or ');
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
