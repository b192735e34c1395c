import {
  FLAG_IPV6,
  FLAG_MORE_FRAGMENTS,
  FRAME_CAPTURED,
  KNOWN_ADDRESSES,
  KNOWN_ICMP_CODE,
  KNOWN_ICMP_TYPE,
  KNOWN_PORTS,
  KNOWN_PROTOCOL,
  KNOWN_TCP_FLAGS,
  ROW_CONTENT,
  ROW_DESTINATION,
  ROW_DESTINATION_PORT,
  ROW_FLAGS,
  ROW_FRAGMENT_OFFSET,
  ROW_KNOWN,
  ROW_LENGTH,
  ROW_PROTOCOL,
  ROW_SOURCE,
  ROW_SOURCE_PORT,
  ROW_TCP_FLAGS,
  ROW_TIME,
} from '../../src/kernel/layout.js';
import { formatAddress } from '../../src/model/address.js';

/** What was read of a frame, in the words of the corpus's truth; empty where nothing was. */
export interface Columns {
  readonly epoch_ns: string;
  readonly src: string;
  readonly dst: string;
  readonly proto: string;
  readonly sport: string;
  readonly dport: string;
  readonly tcp_flags: string;
  readonly icmp_type: string;
  readonly icmp_code: string;
  readonly frag_off: string;
  readonly frame_len: string;
  readonly cap_len: string;
  readonly mf: string;
}

export function readColumns(row: DataView, frame: DataView): Columns & { content: number } {
  const known = row.getUint8(ROW_KNOWN);
  const flags = row.getUint8(ROW_FLAGS);
  const told = (bit: number, value: number | string): string =>
    (known & bit) === 0 ? '' : String(value);
  const destinationPort = row.getUint16(ROW_DESTINATION_PORT, true);
  const tcpFlags = row.getUint8(ROW_TCP_FLAGS).toString(16).padStart(2, '0');
  return {
    content: row.getUint8(ROW_CONTENT),
    epoch_ns: String(row.getBigInt64(ROW_TIME, true)),
    src: told(KNOWN_ADDRESSES, readAddress(row, ROW_SOURCE, flags)),
    dst: told(KNOWN_ADDRESSES, readAddress(row, ROW_DESTINATION, flags)),
    proto: told(KNOWN_PROTOCOL, row.getUint8(ROW_PROTOCOL)),
    sport: told(KNOWN_PORTS, row.getUint16(ROW_SOURCE_PORT, true)),
    dport: told(KNOWN_PORTS, destinationPort),
    tcp_flags: told(KNOWN_TCP_FLAGS, `0x${tcpFlags}`),
    icmp_type: told(KNOWN_ICMP_TYPE, destinationPort >> 8),
    icmp_code: told(KNOWN_ICMP_CODE, destinationPort & 255),
    frag_off: told(KNOWN_ADDRESSES, row.getUint16(ROW_FRAGMENT_OFFSET, true)),
    frame_len: String(row.getUint32(ROW_LENGTH, true)),
    cap_len: String(frame.getUint32(FRAME_CAPTURED, true)),
    mf: told(KNOWN_ADDRESSES, (flags & FLAG_MORE_FRAGMENTS) === 0 ? 0 : 1),
  };
}

function readAddress(row: DataView, at: number, flags: number): string {
  const low = row.getBigUint64(at + 8, true);
  return (flags & FLAG_IPV6) === 0
    ? formatAddress({ family: 4, value: low & 0xffffffffn })
    : formatAddress({ family: 6, value: (row.getBigUint64(at, true) << 64n) | low });
}
