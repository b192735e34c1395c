import { formatPrefix } from '../model/address.js';
import { protocolName } from '../model/protocol.js';
import type { Peer, Traffic } from '../model/security-group.js';

/** A rule's traffic as AWS words it in `InvalidPermission.Duplicate`. */
export function trafficText(traffic: Traffic): string {
  switch (traffic.kind) {
    case 'all':
      return 'ALL';
    case 'protocol':
      return String(traffic.protocol);
    case 'ports': {
      const { protocol, from, to } = traffic;
      return `${protocolName(protocol).toUpperCase()}, from port: ${from}, to port: ${to}`;
    }
    case 'icmp': {
      const { protocol, type, code } = traffic;
      return `${protocolName(protocol).toUpperCase()}, type: ${orAll(type)}, code: ${orAll(code)}`;
    }
  }
}

const orAll = (value: number): string => (value === -1 ? 'ALL' : String(value));

/** Its peer likewise. */
export function peerText(peer: Peer): string {
  switch (peer.kind) {
    case 'cidr':
      return formatPrefix(peer.prefix);
    case 'prefix-list':
      return peer.prefixListId;
    case 'group':
      return peer.groupId;
  }
}
