import { type Address, formatAddress, prefixContains } from '../model/address.js';
import type { FlowLogRecord, RecordedTraffic } from '../model/logged-flow.js';
import type { RecordedFlow } from '../model/recorded-flow.js';
import type { Direction } from '../model/security-group.js';
import type { NetworkInterface } from '../model/vpc.js';

/** Tells interfaces by their ids. */
export type InterfacesById = ReadonlyMap<string, NetworkInterface>;

/**
 * The end at the interface is the packet's own address where that is one of the interface's, and else what the interface has
 * instead: packets on their way through a NAT gateway have neither. The other end is the packet's own (FL-7).
 */
export function recordedFlow(
  record: FlowLogRecord,
  traffic: RecordedTraffic,
  place: string,
  interfaces: InterfacesById,
): RecordedFlow {
  const eni = interfaces.get(record.eni);
  const { source, destination, packetSource = source, packetDestination = destination } = traffic;
  const direction = eni && directionOf(eni, traffic);
  const own = (packets: Address, interfaceHas: Address): Address =>
    eni !== undefined && !holds(eni, packets) ? interfaceHas : packets;
  const from = direction === 'egress' ? own(packetSource, source) : packetSource;
  const to = direction === 'ingress' ? own(packetDestination, destination) : packetDestination;
  const ends = [from, to].map(formatAddress);
  const { protocol, sourcePort, destinationPort } = traffic;
  return {
    ...{ record, traffic, place, source: from, destination: to },
    ...(direction !== undefined && { direction }),
    key: `${protocol} ${ends[0]} ${sourcePort} ${ends[1]} ${destinationPort}`,
    reverseKey: `${protocol} ${ends[1]} ${destinationPort} ${ends[0]} ${sourcePort}`,
  };
}

function directionOf(eni: NetworkInterface, traffic: RecordedTraffic): Direction | undefined {
  if (traffic.direction !== undefined) return traffic.direction;
  if (holds(eni, traffic.destination)) return 'ingress';
  return holds(eni, traffic.source) ? 'egress' : undefined;
}

function holds({ addresses, delegated }: NetworkInterface, address: Address): boolean {
  return (
    addresses.some(({ family, value }) => family === address.family && value === address.value) ||
    delegated.some((prefix) => prefixContains(prefix, address))
  );
}
