import type { Address } from './address.js';
import { TCP, UDP } from './protocol.js';
import type { Direction } from './security-group.js';

/** Packets of one five-tuple at one interface with one answer, within one aggregation interval: what a flow log record tells. */
export interface LoggedFlow {
  readonly eni: string;
  readonly direction: Direction;
  readonly accepted: boolean;
  readonly protocol: number;
  /** Of the packets themselves: `pkt-srcaddr` and `pkt-dstaddr` (FL-7). */
  readonly source: Address;
  readonly destination: Address;
  /** 0 where there are none. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly packets: number;
  /** IP packets as long as their headers say, summed (FL-6). */
  readonly bytes: number;
  /** Of the first and the last packet. */
  readonly firstTimeNs: bigint;
  readonly lastTimeNs: bigint;
  /** FIN, SYN, RST and SYN-ACK of all packets, or-ed (FL-4); undefined for other protocols than TCP. */
  readonly tcpFlags?: number;
}

/** FL-4: FIN 1, SYN 2, RST 4, and 16 for an acknowledged SYN. What else a segment says is not logged. */
export function loggedTcpFlags(flags: number): number {
  return (flags & 7) | ((flags & 0x12) === 0x12 ? 0x10 : 0);
}

/** Whether a record must be of later fragments: their datagram has ports, but they do not tell them. */
export function isPortless({
  protocol,
  sourcePort,
  destinationPort,
}: Pick<RecordedTraffic, 'protocol' | 'sourcePort' | 'destinationPort'>): boolean {
  return (protocol === TCP || protocol === UDP) && sourcePort === 0 && destinationPort === 0;
}

/** What one record of a flow log says, read. */
export interface FlowLogRecord {
  readonly eni: string;
  /** Seconds since 1970. */
  readonly start: number;
  readonly end: number;
  /** `ok`, or why nothing was recorded (FL-3). */
  readonly status: 'ok' | 'nodata' | 'skipdata';
  /** Absent unless the status is ok. */
  readonly traffic?: RecordedTraffic;
}

export interface RecordedTraffic {
  /** As the interface has them: its own side is its primary private IPv4 address (FL-7). */
  readonly source: Address;
  readonly destination: Address;
  /** As the packets have them, where the record tells. */
  readonly packetSource?: Address;
  readonly packetDestination?: Address;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly protocol: number;
  readonly packets: number;
  readonly bytes: number;
  readonly accepted: boolean;
  readonly tcpFlags?: number;
  readonly direction?: Direction;
  /** `BPA` where block public access rejected it. */
  readonly rejectReason?: string;
}
