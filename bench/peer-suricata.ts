import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatPrefix, type Prefix } from '../src/model/address.js';
import type { Traffic } from '../src/model/security-group.js';
import { type FlatRule, flatRules, ownBlock } from './flat-rules.js';
import { measuredRun } from './measured-run.js';
import { expectPackets, isInstalled, numberIn, type Peer } from './peer.js';

/** Flows, TCP streams and all rules as alerts, one thread, nothing written but its counters. */
export const suricata: Peer = {
  name: 'Suricata',
  does: 'flows, TCP streams, the rules of all groups as alerts',
  prepare({ capture, packets, policy, folder }) {
    if (!isInstalled('suricata')) return undefined;
    const own = join(folder, 'suricata');
    mkdirSync(own, { recursive: true });
    const settings = join(own, 'suricata.yaml');
    const rules = join(own, 'sgsim.rules');
    writeFileSync(settings, SETTINGS);
    const block = formatPrefix(ownBlock(policy));
    writeFileSync(
      rules,
      flatRules(policy.rules)
        .map((rule, i) => alert(rule, block, i + 1))
        .join(''),
    );
    const options = ['-c', settings, '-S', rules, '-l', own, '--runmode', 'single', '-k', 'none'];
    return {
      packets,
      run: () => measuredRun(['suricata', ...options, '-r', capture]),
      check: () => {
        const counters = readFileSync(join(own, 'stats.log'), 'utf8');
        expectPackets('suricata', numberIn(counters, /^decoder\.pkts .*\| (\d+)$/m), packets);
        return `${numberIn(counters, /^flow\.total .*\| (\d+)$/m)} flows, ${numberIn(counters, /^detect\.alert .*\| (\d+)$/m)} alerts`;
      },
    };
  },
};

function alert({ direction, traffic, peers }: FlatRule, own: string, id: number): string {
  const remote = peers.some(({ length }) => length === 0) ? 'any' : `[${listed(peers)}]`;
  const { protocol, ports } = trafficInWords(traffic);
  const [from, to] = direction === 'ingress' ? [remote, own] : [own, remote];
  return `alert ${protocol} ${from} any -> ${to} ${ports} (msg:"rule ${id}"; sid:${id}; rev:1;)\n`;
}

const listed = (peers: readonly Prefix[]): string => peers.map(formatPrefix).join(',');

function trafficInWords(traffic: Traffic): { readonly protocol: string; readonly ports: string } {
  if (traffic.kind === 'icmp') return { protocol: 'icmp', ports: 'any' };
  if (traffic.kind !== 'ports') return { protocol: 'ip', ports: 'any' };
  const { from, to } = traffic;
  const whole = from === 0 && to === 65_535;
  return {
    protocol: traffic.protocol === 6 ? 'tcp' : 'udp',
    ports: whole ? 'any' : from === to ? String(from) : `${from}:${to}`,
  };
}

/** Room for all flows, no outputs, checksums not looked at. */
const SETTINGS = `%YAML 1.1
---
stats: { enabled: yes, interval: 3600 }
outputs:
  - stats: { enabled: yes, filename: stats.log, append: no, totals: yes, threads: no }
logging:
  default-log-level: error
  outputs: [{ console: { enabled: yes } }]
pcap-file: { checksum-checks: no }
flow: { memcap: 4gb, hash-size: 1048576, prealloc: 100000 }
stream: { memcap: 4gb, checksum-validation: no, midstream: true, reassembly: { memcap: 4gb } }
`;
