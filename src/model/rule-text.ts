import { formatPrefix } from './address.js';
import { protocolName } from './protocol.js';
import type { Peer, Rule, Traffic } from './security-group.js';

const LAST_PORT = 65_535;

/** A rule in the short notation, e.g. `tcp/443 from 0.0.0.0/0`; ids of any spelling are printed as they are. */
export function formatRule({
  direction,
  traffic,
  peer,
}: Pick<Rule, 'direction' | 'traffic' | 'peer'>): string {
  return `${formatTraffic(traffic)} ${direction === 'ingress' ? 'from' : 'to'} ${formatPeer(peer)}`;
}

function formatTraffic(traffic: Traffic): string {
  switch (traffic.kind) {
    case 'all':
      return 'all';
    case 'protocol':
      return String(traffic.protocol);
    case 'ports': {
      const { protocol, from, to } = traffic;
      const name = protocolName(protocol);
      if (from === 0 && to === LAST_PORT) return name;
      return from === to ? `${name}/${from}` : `${name}/${from}-${to}`;
    }
    case 'icmp': {
      const { protocol, type, code } = traffic;
      const name = protocolName(protocol);
      if (type === -1) return name;
      return code === -1 ? `${name}/${type}` : `${name}/${type}/${code}`;
    }
  }
}

function formatPeer(peer: Peer): string {
  switch (peer.kind) {
    case 'cidr':
      return formatPrefix(peer.prefix);
    case 'prefix-list':
      return peer.prefixListId;
    case 'group':
      return peer.groupId;
  }
}
