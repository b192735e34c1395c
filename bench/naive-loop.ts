import { Address4 } from 'ip-address';
import { parse, type ParsedPacket } from 'pcap-parser';
import { formatAddress, formatPrefix } from '../src/model/address.js';
import type { Direction } from '../src/model/security-group.js';
import type { ResolvedPolicy } from '../src/policy/resolve.js';
import { flatRules } from './flat-rules.js';

export interface NaiveCounts {
  readonly packets: number;
  readonly allowed: number;
  readonly dropped: number;
}

interface LoopRule {
  readonly direction: Direction;
  /** -1 for all. */
  readonly protocol: number;
  readonly from: number;
  readonly to: number;
  readonly networks: readonly Address4[];
}

/**
 * The firewall that one writes first: packets from pcap-parser, addresses as text, a Map of the flows that were allowed, and
 * ip-address to ask each rule in turn about a packet of none. No timeouts, no TCP states, nothing but IPv4 with ports.
 */
export function naiveReplay(capture: string, policy: ResolvedPolicy): Promise<NaiveCounts> {
  const rulesOf = rulesByAddress(policy);
  const flows = new Map<string, number>();
  let [packets, allowed] = [0, 0];
  const passes = ({ data, header }: ParsedPacket): boolean => {
    if (data.readUInt16BE(12) !== 0x0800) return false;
    const transport = 14 + (data[14]! & 15) * 4;
    const protocol = data[23]!;
    const source = [...data.subarray(26, 30)].join('.');
    const destination = [...data.subarray(30, 34)].join('.');
    const sourcePort = data.readUInt16BE(transport);
    const destinationPort = data.readUInt16BE(transport + 2);
    const key = `${protocol} ${source}:${sourcePort} ${destination}:${destinationPort}`;
    const reverse = `${protocol} ${destination}:${destinationPort} ${source}:${sourcePort}`;
    for (const known of [key, reverse]) {
      if (!flows.has(known)) continue;
      flows.set(known, header.timestampSeconds);
      return true;
    }
    const direction: Direction = rulesOf.has(source) ? 'egress' : 'ingress';
    const [local, remote] = direction === 'egress' ? [source, destination] : [destination, source];
    const address = new Address4(remote);
    const match = (rulesOf.get(local) ?? []).some(
      (rule) =>
        rule.direction === direction &&
        (rule.protocol === -1 || rule.protocol === protocol) &&
        rule.from <= destinationPort &&
        destinationPort <= rule.to &&
        rule.networks.some((network) => address.isInSubnet(network)),
    );
    if (match) flows.set(key, header.timestampSeconds);
    return match;
  };
  return new Promise((resolve, reject) => {
    parse(capture)
      .on('packet', (packet) => {
        packets++;
        if (passes(packet)) allowed++;
      })
      .on('end', () => resolve({ packets, allowed, dropped: packets - allowed }))
      .on('error', reject);
  });
}

/** The rules of the groups that an interface carries, by each of its addresses. */
function rulesByAddress(policy: ResolvedPolicy): ReadonlyMap<string, readonly LoopRule[]> {
  const rules = flatRules(policy.rules).flatMap(({ groupId, direction, traffic, peers }) => {
    if (traffic.kind !== 'ports' && traffic.kind !== 'all') return [];
    const { protocol, from, to } =
      traffic.kind === 'ports' ? traffic : { protocol: -1, from: 0, to: 65_535 };
    const networks = peers.map((peer) => new Address4(formatPrefix(peer)));
    return [{ groupId, direction, protocol, from, to, networks }];
  });
  return new Map(
    policy.interfaces.flatMap(({ eni }) =>
      eni.addresses.map((address) => [
        formatAddress(address),
        rules.filter(({ groupId }) => eni.groupIds.includes(groupId)),
      ]),
    ),
  );
}
