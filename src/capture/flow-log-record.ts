import { type Address, parseAddress } from '../model/address.js';
import type { FlowLogField, FlowLogValues } from '../model/flow-log-field.js';
import { type FlowLogRecord, type RecordedTraffic, isPortless } from '../model/logged-flow.js';
import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';

/** Why a record cannot be used: lowercase, no full stop. */
export interface RecordFault {
  readonly fact: string;
}

/** What a format must have so that its records can be judged; of two names, one. */
const NEEDED: readonly (readonly FlowLogField[])[] = [
  ['interface-id'],
  ['srcaddr', 'pkt-srcaddr'],
  ['dstaddr', 'pkt-dstaddr'],
  ['srcport'],
  ['dstport'],
  ['protocol'],
  ['start'],
];

/** Fields without which no record of a format can be judged. */
export function missingFields(fields: readonly FlowLogField[]): readonly FlowLogField[] {
  return NEEDED.filter((names) => !names.some((name) => fields.includes(name))).map(
    ([first]) => first!,
  );
}

/** More packets than a flow sends in ten minutes; a record that claims more would keep us busy for nothing. */
const PACKETS_MAX = 100_000_000;

/** Reads the values of a record. */
export function readFlowLogRecord(values: FlowLogValues): FlowLogRecord | RecordFault {
  const eni = textIn(values, 'interface-id');
  if (eni === undefined) return { fact: 'interface-id is not told' };
  const start = numberIn(values, 'start', 0xffff_ffff);
  if (start === undefined) return fault(values, 'start');
  const end = values.end === undefined ? start : numberIn(values, 'end', 0xffff_ffff);
  if (end === undefined || end < start) return fault(values, 'end');
  const status = STATUS[textIn(values, 'log-status') ?? 'OK'];
  if (status === undefined) return fault(values, 'log-status');
  if (status !== 'ok') return { eni, start, end, status };
  const traffic = readTraffic(values);
  return 'fact' in traffic ? traffic : { eni, start, end, status, traffic };
}

const STATUS: Readonly<Partial<Record<string, FlowLogRecord['status']>>> = {
  OK: 'ok',
  NODATA: 'nodata',
  SKIPDATA: 'skipdata',
};

function readTraffic(values: FlowLogValues): RecordedTraffic | RecordFault {
  const packetSource = addressIn(values, 'pkt-srcaddr');
  const packetDestination = addressIn(values, 'pkt-dstaddr');
  const source = addressIn(values, 'srcaddr') ?? packetSource;
  const destination = addressIn(values, 'dstaddr') ?? packetDestination;
  if (source === undefined) return fault(values, 'srcaddr');
  if (destination === undefined) return fault(values, 'dstaddr');
  const families = [source, destination, packetSource ?? source, packetDestination ?? source];
  if (families.some(({ family }) => family !== source.family)) {
    return { fact: 'its addresses are of two families' };
  }
  const sourcePort = numberIn(values, 'srcport', 0xffff);
  if (sourcePort === undefined) return fault(values, 'srcport');
  const destinationPort = numberIn(values, 'dstport', 0xffff);
  if (destinationPort === undefined) return fault(values, 'dstport');
  const protocol = numberIn(values, 'protocol', 255);
  if (protocol === undefined) return fault(values, 'protocol');
  const portless = isPortless({ protocol, sourcePort, destinationPort });
  const least = leastBytes(source.family, protocol, portless);
  const packets = values.packets === undefined ? 1 : numberIn(values, 'packets', PACKETS_MAX);
  if (packets === undefined || packets === 0) return fault(values, 'packets');
  const bytes = values.bytes === undefined ? packets * least : numberIn(values, 'bytes', 2 ** 53);
  if (bytes === undefined) return fault(values, 'bytes');
  if (bytes < packets * least) return { fact: `${bytes} bytes are no ${packets} packets` };
  if (bytes > packets * LONGEST) return { fact: `${bytes} bytes do not fit ${packets} packets` };
  const action = textIn(values, 'action');
  if (action !== 'ACCEPT' && action !== 'REJECT') return fault(values, 'action');
  const tcpFlags = numberIn(values, 'tcp-flags', 255);
  const direction = textIn(values, 'flow-direction');
  const rejectReason = textIn(values, 'reject-reason');
  return {
    ...{ source, destination, sourcePort, destinationPort, protocol, packets, bytes },
    accepted: action === 'ACCEPT',
    ...(packetSource !== undefined && { packetSource }),
    ...(packetDestination !== undefined && { packetDestination }),
    ...(tcpFlags !== undefined && { tcpFlags }),
    ...((direction === 'ingress' || direction === 'egress') && { direction }),
    ...(rejectReason !== undefined && { rejectReason }),
  };
}

/** Of an IPv4 packet; one of IPv6 is a header longer. */
const LONGEST = 0xffff;

/** Bytes of the headers that a packet has at least: a later fragment has no ports. */
function leastBytes(family: 4 | 6, protocol: number, portless: boolean): number {
  if (portless) return family === 4 ? 20 : 48;
  const ip = family === 4 ? 20 : 40;
  if (protocol === TCP) return ip + 20;
  return protocol === UDP || protocol === (family === 4 ? ICMP : ICMPV6) ? ip + 8 : ip;
}

const textIn = (values: FlowLogValues, field: FlowLogField): string | undefined =>
  values[field] === '-' ? undefined : values[field];

/** Undefined for what is not told or no number from 0 to `most`. */
function numberIn(values: FlowLogValues, field: FlowLogField, most: number): number | undefined {
  const text = values[field] ?? '';
  if (!/^\d{1,16}$/u.test(text)) return undefined;
  const number = Number(text);
  return number > most ? undefined : number;
}

/** Longest text that is looked at. */
const ADDRESS_MAX = 64;

function addressIn(values: FlowLogValues, field: FlowLogField): Address | undefined {
  const text = values[field] ?? '-';
  return text === '-' || text.length > ADDRESS_MAX ? undefined : parseAddress(text);
}

/** Values of unbounded length are shown in part. */
function fault(values: FlowLogValues, field: FlowLogField): RecordFault {
  const value = values[field];
  if (value === undefined || value === '-') return { fact: `${field} is not told` };
  const shown = value.length > 40 ? `${value.slice(0, 40)}…` : value;
  return { fact: `${JSON.stringify(shown)} is no ${field}` };
}
