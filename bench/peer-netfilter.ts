import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatAddress, formatPrefix } from '../src/model/address.js';
import type { Traffic } from '../src/model/security-group.js';
import type { ResolvedPolicy } from '../src/policy/resolve.js';
import { type FlatRule, flatRules } from './flat-rules.js';
import { measuredRun } from './measured-run.js';
import { buildNative } from './native-build.js';
import { expectPackets, isInstalled, type Peer } from './peer.js';

interface NetfilterCounts {
  readonly packets: number;
  readonly passed: number;
}

/** Linux refuses a connection now and then whose hash, which is seeded anew each time, meets too many others. */
const TOLERANCE = 0.001;

/** The kernel's own firewall: most of its time is getting packets in and out, two system calls for each. */
export const netfilter: Peer = {
  name: 'netfilter, tun device',
  does: 'nftables with the rules by group, conntrack and forwarding, two system calls a packet',
  prepare({ beginning, beginningPackets, policy, folder }) {
    if (process.getuid?.() !== 0 || !isInstalled('nft') || !isInstalled('ip')) return undefined;
    const program = buildNative('netfilter', folder);
    if (program === undefined) return undefined;
    const ruleset = join(folder, 'rules.nft');
    writeFileSync(ruleset, rulesForNft(policy));
    let first: number | undefined;
    return {
      packets: beginningPackets,
      run: () => measuredRun([program, ruleset, beginning]),
      check({ stdout }) {
        const { packets, passed } = JSON.parse(stdout) as NetfilterCounts;
        expectPackets('netfilter', packets, beginningPackets);
        first ??= passed;
        if (Math.abs(passed - first) > first * TOLERANCE) {
          throw new Error(`netfilter passes ${first} packets, then ${passed}`);
        }
        return `passes ${passed} packets`;
      },
    };
  },
};

/** Of two interfaces that talk to each other only the sender is asked. */
function rulesForNft({ sets, interfaces }: ResolvedPolicy): string {
  const elements = (chain: string): string =>
    interfaces
      .filter(({ set }) => set !== undefined)
      .flatMap(({ eni, set }) =>
        eni.addresses
          .filter(({ family }) => family === 4)
          .map((address) => `${formatAddress(address)} : goto ${chain}${set!}`),
      )
      .join(', ');
  const chains = sets.flatMap(({ egress, ingress }, set) => [
    `chain egress${set} { ${flatRules(egress).flatMap(ruleForNft).join('; ')}; }`,
    `chain ingress${set} { ${flatRules(ingress).flatMap(ruleForNft).join('; ')}; }`,
  ]);
  return `table ip sgsim {
${chains.join('\n')}
chain forward {
  type filter hook forward priority 0; policy drop;
  ct state established,related accept
  ip saddr vmap { ${elements('egress')} }
  ip daddr vmap { ${elements('ingress')} }
}
}
`;
}

function ruleForNft({ direction, traffic, peers }: FlatRule): string[] {
  const remote = direction === 'ingress' ? 'saddr' : 'daddr';
  return peers.map((peer) =>
    [
      peer.length === 0 ? '' : `ip ${remote} ${formatPrefix(peer)}`,
      trafficForNft(traffic),
      'accept',
    ]
      .filter((part) => part !== '')
      .join(' '),
  );
}

function trafficForNft(traffic: Traffic): string {
  switch (traffic.kind) {
    case 'all':
      return '';
    case 'protocol':
      return `ip protocol ${traffic.protocol}`;
    case 'ports':
      return `${traffic.protocol === 6 ? 'tcp' : 'udp'} dport ${traffic.from}-${traffic.to}`;
    case 'icmp':
      if (traffic.type < 0) return 'ip protocol icmp';
      return `icmp type ${traffic.type}${traffic.code < 0 ? '' : ` icmp code ${traffic.code}`}`;
  }
}
