import { formatPrefix } from './address.js';
import type { Peer, Rule, Traffic } from './security-group.js';

/** Equal for two rules exactly when AWS calls them the same rule (PR-5). */
export function ruleIdentity({
  groupId,
  direction,
  traffic,
  peer,
}: Pick<Rule, 'groupId' | 'direction' | 'traffic' | 'peer'>): string {
  return JSON.stringify([groupId, direction, trafficIdentity(traffic), ...peerIdentity(peer)]);
}

function trafficIdentity(traffic: Traffic): readonly unknown[] {
  switch (traffic.kind) {
    case 'all':
      return ['all'];
    case 'ports':
      return [traffic.protocol, traffic.from, traffic.to];
    case 'icmp':
      return [traffic.protocol, traffic.type, traffic.code];
    case 'protocol':
      return [traffic.protocol];
  }
}

function peerIdentity(peer: Peer): readonly string[] {
  switch (peer.kind) {
    case 'cidr':
      return ['cidr', formatPrefix(peer.prefix)];
    case 'prefix-list':
      return ['prefix-list', peer.prefixListId];
    case 'group':
      return ['group', peer.groupId];
  }
}
