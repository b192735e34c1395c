import type { IpPacket, Transport } from '../model/packet.js';
import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';
import { type Remembered, isOver } from '../model/remembered.js';

/**
 * A later fragment with what the first of its datagram told of port or type, if an interface remembers that (CT-18); any other
 * packet as it is. The source port is not remembered: rules never ask for it (SG-3).
 */
export function knownPacket(
  ip: IpPacket,
  remembered: Remembered | undefined,
  clockNs: bigint,
): IpPacket {
  const { fragment, transport, protocol, source } = ip;
  const isLater = fragment !== undefined && fragment.offset > 0 && transport === undefined;
  if (!isLater || remembered?.kind !== 'first-fragment' || isOver(remembered, clockNs)) return ip;
  const { port } = remembered;
  const told = port === undefined ? undefined : transportOf(protocol, source.family, port);
  return told === undefined ? ip : { ...ip, transport: told };
}

function transportOf(protocol: number, family: 4 | 6, port: number): Transport | undefined {
  if (protocol === UDP) return { kind: 'udp', sourcePort: 0, destinationPort: port };
  // Of an opening: what follows one has a connection, and its fragments with it.
  if (protocol === TCP) return { kind: 'tcp', sourcePort: 0, destinationPort: port, flags: 2 };
  if (protocol !== (family === 4 ? ICMP : ICMPV6)) return undefined;
  return { kind: 'icmp', type: port >> 8, code: port & 0xff, id: 0 };
}
