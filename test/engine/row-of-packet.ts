import type { IpPacket, Packet, Transport } from '../../src/model/packet.js';
import { CONTENT_IP, NOT_FILTERED_NOT_APPLICABLE } from '../../src/kernel/layout.js';
import type { DecodedIp, DecodedRow } from './rows.js';

/** The row that a packet's frame must decode to, first in a capture: the packet told in the row's words. */
export function rowOfPacket(packet: Packet, length = packet.length): DecodedRow {
  const { timeNs, sourceMac, destinationMac, content } = packet;
  return {
    timeNs,
    clockNs: timeNs,
    length,
    content: content.kind === 'ip' ? CONTENT_IP : NOT_FILTERED_NOT_APPLICABLE,
    ...(sourceMac !== undefined && { sourceMac }),
    ...(destinationMac !== undefined && { destinationMac }),
    ...(content.kind === 'ip' && { ip: ipOf(content.ip) }),
  };
}

function ipOf({ source, destination, protocol, fragment, transport }: IpPacket): DecodedIp {
  const quote = transport?.kind === 'icmp' ? transport.quote : undefined;
  return {
    source,
    destination,
    protocol,
    ...(fragment !== undefined && { fragment }),
    ...(transport !== undefined && { transport: transportOf(transport) }),
    ...(quote !== undefined && {
      quote: {
        source: quote.source,
        destination: quote.destination,
        protocol: quote.protocol,
        ...portsOf(quote.transport!),
      },
    }),
  };
}

function transportOf(transport: Transport): NonNullable<DecodedIp['transport']> {
  return {
    ...portsOf(transport),
    tcpFlags: transport.kind === 'tcp' ? transport.flags & 0xff : 0,
  };
}

function portsOf(transport: Transport): { sourcePort: number; destinationPort: number } {
  if (transport.kind !== 'icmp') {
    const { sourcePort, destinationPort } = transport;
    return { sourcePort, destinationPort };
  }
  return { sourcePort: transport.id, destinationPort: transport.type * 256 + transport.code };
}
