import {
  CONTENT_IP,
  FLAG_FIRST_FRAGMENT,
  FLAG_IPV6,
  FLAG_LATER_FRAGMENT,
  FLAG_MAC,
  FLAG_MORE_FRAGMENTS,
  FLAG_QUOTE,
  FLAG_TRANSPORT,
  NOT_FILTERED_NOT_APPLICABLE,
  ROW_CONTENT,
  ROW_DESTINATION,
  ROW_DESTINATION_MAC,
  ROW_DESTINATION_PORT,
  ROW_FLAGS,
  ROW_FRAGMENT_ID,
  ROW_FRAGMENT_OFFSET,
  ROW_LENGTH,
  ROW_PROTOCOL,
  ROW_QUOTE_DESTINATION,
  ROW_QUOTE_DESTINATION_PORT,
  ROW_QUOTE_PROTOCOL,
  ROW_QUOTE_SOURCE,
  ROW_QUOTE_SOURCE_PORT,
  ROW_SOURCE,
  ROW_SOURCE_MAC,
  ROW_SOURCE_PORT,
  ROW_TCP_FLAGS,
  ROW_TIME,
} from '../kernel/layout.js';
import type { Fragment, IpPacket, Packet, PacketContent, Transport } from '../model/packet.js';
import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';
import { readAddress } from './row-address.js';
import { codeName } from './verdicts.js';

/**
 * The packet that the row at an offset holds. Of a quoted packet a row keeps the ends alone: its TCP flags read as 0, and
 * one that names no flow is left out.
 */
export function readPacket(rows: DataView, at: number): Packet {
  const flags = rows.getUint8(at + ROW_FLAGS);
  return {
    timeNs: rows.getBigInt64(at + ROW_TIME, true),
    length: rows.getUint32(at + ROW_LENGTH, true),
    ...((flags & FLAG_MAC) !== 0 && {
      sourceMac: readMac(rows, at + ROW_SOURCE_MAC),
      destinationMac: readMac(rows, at + ROW_DESTINATION_MAC),
    }),
    content: readContent(rows, at, flags),
  };
}

function readContent(rows: DataView, at: number, flags: number): PacketContent {
  const content = rows.getUint8(at + ROW_CONTENT);
  if (content === CONTENT_IP) return { kind: 'ip', ip: readIp(rows, at, flags) };
  if (content === NOT_FILTERED_NOT_APPLICABLE) return { kind: 'non-ip' };
  return { kind: 'unread', code: codeName(content) as UnreadCode };
}

type UnreadCode = Extract<PacketContent, { kind: 'unread' }>['code'];

function readIp(rows: DataView, at: number, flags: number): IpPacket {
  const ipv6 = (flags & FLAG_IPV6) !== 0;
  const protocol = rows.getUint8(at + ROW_PROTOCOL);
  const isFragment = (flags & (FLAG_FIRST_FRAGMENT | FLAG_LATER_FRAGMENT)) !== 0;
  const transport =
    (flags & FLAG_TRANSPORT) === 0 ? undefined : readTransport(rows, at, OWN, ipv6, protocol);
  const quotes = transport?.kind === 'icmp' && (flags & FLAG_QUOTE) !== 0;
  return {
    source: readAddress(rows, at + ROW_SOURCE, ipv6),
    destination: readAddress(rows, at + ROW_DESTINATION, ipv6),
    protocol,
    ...(isFragment && { fragment: readFragment(rows, at, flags) }),
    ...(transport !== undefined && {
      transport: quotes ? { ...transport, quote: readQuote(rows, at, ipv6) } : transport,
    }),
  };
}

function readFragment(rows: DataView, at: number, flags: number): Fragment {
  return {
    id: rows.getUint32(at + ROW_FRAGMENT_ID, true),
    offset: rows.getUint16(at + ROW_FRAGMENT_OFFSET, true),
    more: (flags & FLAG_MORE_FRAGMENTS) !== 0,
  };
}

function readQuote(rows: DataView, at: number, ipv6: boolean): IpPacket {
  const protocol = rows.getUint8(at + ROW_QUOTE_PROTOCOL);
  const transport = readTransport(rows, at, QUOTED, ipv6, protocol);
  return {
    source: readAddress(rows, at + ROW_QUOTE_SOURCE, ipv6),
    destination: readAddress(rows, at + ROW_QUOTE_DESTINATION, ipv6),
    protocol,
    ...(transport !== undefined && { transport }),
  };
}

/** Where a row tells of a transport header. */
interface TransportPlace {
  readonly source: number;
  readonly destination: number;
  readonly tcpFlags?: number;
}

const OWN: TransportPlace = {
  source: ROW_SOURCE_PORT,
  destination: ROW_DESTINATION_PORT,
  tcpFlags: ROW_TCP_FLAGS,
};
const QUOTED: TransportPlace = {
  source: ROW_QUOTE_SOURCE_PORT,
  destination: ROW_QUOTE_DESTINATION_PORT,
};

/** ICMP's type and code stand where a destination port would, its id where a source port would. */
function readTransport(
  rows: DataView,
  at: number,
  { source, destination, tcpFlags }: TransportPlace,
  ipv6: boolean,
  protocol: number,
): Transport | undefined {
  const sourcePort = rows.getUint16(at + source, true);
  const destinationPort = rows.getUint16(at + destination, true);
  switch (protocol) {
    case TCP: {
      const flags = tcpFlags === undefined ? 0 : rows.getUint8(at + tcpFlags);
      return { kind: 'tcp', sourcePort, destinationPort, flags };
    }
    case UDP:
      return { kind: 'udp', sourcePort, destinationPort };
    case ipv6 ? ICMPV6 : ICMP:
      return {
        kind: 'icmp',
        type: destinationPort >> 8,
        code: destinationPort & 0xff,
        id: sourcePort,
      };
    default:
      return undefined;
  }
}

function readMac(rows: DataView, at: number): string {
  return rows.getBigUint64(at, true).toString(16).padStart(12, '0');
}
