import type { Evidence } from '../model/evidence.js';
import type { IpPacket, Packet, Transport } from '../model/packet.js';
import { SYN, TCP, UDP } from '../model/protocol.js';
import type { Remembered } from '../model/remembered.js';
import type { Direction } from '../model/security-group.js';

/** A packet that rules are asked about, and its direction at an interface. */
export interface Opener {
  readonly packet: IpPacket;
  readonly direction: Direction;
}

/**
 * The packet that rules would have to allow at the interface that dropped the evidence's: the denied opening that it follows
 * (CT-25), else the packet itself. Only for IP packets.
 */
export function openerOf(
  evidence: Evidence,
  place: { readonly eni: string; readonly direction: Direction },
): Opener {
  const denied = deniedOpening(evidence);
  if (denied !== undefined && denied.eni === place.eni) {
    return { packet: openingPacket(denied), direction: denied.original };
  }
  return { packet: ipOf(evidence.packet), direction: place.direction };
}

/** The denial that a `not-opened` packet met; undefined for any other packet. */
export function deniedOpening({ verdict, memories }: Evidence): Remembered | undefined {
  const position = verdict.at.findIndex(({ code }) => code === 'not-opened');
  const memory = position < 0 ? undefined : memories[position];
  return memory?.kind === 'denied' ? memory : undefined;
}

/** The packet that began what is remembered, as far as the flow tells: of ICMP, a query with code 0. */
export function openingPacket({ flow, original }: Remembered): IpPacket {
  const { local, remote, protocol } = flow;
  const outwards = original === 'egress';
  const transport = openingTransport(flow, outwards);
  return {
    source: outwards ? local : remote,
    destination: outwards ? remote : local,
    protocol,
    ...(transport === undefined ? {} : { transport }),
  };
}

function openingTransport(
  { protocol, localPort = 0, remotePort = 0, query }: Remembered['flow'],
  outwards: boolean,
): Transport | undefined {
  const [sourcePort, destinationPort] = outwards
    ? [localPort, remotePort]
    : [remotePort, localPort];
  if (query !== undefined) return { kind: 'icmp', type: query.request, code: 0, id: query.id };
  if (protocol === TCP) return { kind: 'tcp', sourcePort, destinationPort, flags: SYN };
  return protocol === UDP ? { kind: 'udp', sourcePort, destinationPort } : undefined;
}

function ipOf({ content }: Packet): IpPacket {
  if (content.kind !== 'ip') throw new Error('only IP packets are asked about');
  return content.ip;
}
