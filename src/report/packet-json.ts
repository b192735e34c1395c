import { formatAddress } from '../model/address.js';
import type { IpPacket, Packet, Transport } from '../model/packet.js';
import { packetText } from './packet-text.js';

/** A packet for JSON: keys always present, null for what it does not have; addresses as text. */
export function packetObject(packet: Packet) {
  const { timeNs, length, sourceMac, destinationMac, content } = packet;
  return {
    text: packetText(packet),
    timeNs: String(timeNs),
    length,
    sourceMac: sourceMac ?? null,
    destinationMac: destinationMac ?? null,
    kind: content.kind,
    unread: content.kind === 'unread' ? content.code : null,
    ip: content.kind === 'ip' ? ipObject(content.ip) : null,
  };
}

interface IpObject {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly fragment: {
    readonly id: number;
    readonly offset: number;
    readonly more: boolean;
  } | null;
  readonly transport: TransportObject | null;
}

interface TransportObject {
  readonly kind: Transport['kind'];
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  readonly flags: number | null;
  readonly type: number | null;
  readonly code: number | null;
  readonly id: number | null;
  readonly quote: IpObject | null;
}

function ipObject({ source, destination, protocol, fragment, transport }: IpPacket): IpObject {
  return {
    source: formatAddress(source),
    destination: formatAddress(destination),
    protocol,
    fragment:
      fragment === undefined
        ? null
        : { id: fragment.id, offset: fragment.offset, more: fragment.more },
    transport: transport === undefined ? null : transportObject(transport),
  };
}

function transportObject(transport: Transport): TransportObject {
  const ports = transport.kind === 'icmp' ? undefined : transport;
  const icmp = transport.kind === 'icmp' ? transport : undefined;
  return {
    kind: transport.kind,
    sourcePort: ports?.sourcePort ?? null,
    destinationPort: ports?.destinationPort ?? null,
    flags: transport.kind === 'tcp' ? transport.flags : null,
    type: icmp?.type ?? null,
    code: icmp?.code ?? null,
    id: icmp?.id ?? null,
    quote: icmp?.quote === undefined ? null : ipObject(icmp.quote),
  };
}
