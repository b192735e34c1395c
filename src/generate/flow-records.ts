import { encodeFrame } from './frame.js';
import { parseAddress } from '../model/address.js';
import type { IpPacket } from '../model/packet.js';

/** Where the fields that differ from flow to flow stand in an Ethernet/IPv4 frame without options. */
const SOURCE = 26;
const SOURCE_PORT = 34;
const DESTINATION_PORT = 36;
const RECORD_HEADER = 16;

/**
 * Writes pcap records (little-endian, nanoseconds) that are one packet over and over but for its source address and ports:
 * many flows cheaply. `size` is that of one record. Checksums are those of the first.
 */
export function createFlowRecords(packet: IpPacket): {
  readonly size: number;
  readonly write: (target: DataView, at: number, flow: FlowRecord) => void;
} {
  const frame = encodeFrame({ timeNs: 0n, length: 0, content: { kind: 'ip', ip: packet } });
  return {
    size: RECORD_HEADER + frame.length,
    write: (target, at, { timeNs, source, sourcePort, destinationPort }) => {
      target.setUint32(at, Math.floor(timeNs / 1e9), true);
      target.setUint32(at + 4, timeNs % 1e9, true);
      target.setUint32(at + 8, frame.length, true);
      target.setUint32(at + 12, frame.length, true);
      new Uint8Array(target.buffer, target.byteOffset + at + RECORD_HEADER).set(frame);
      target.setUint32(at + RECORD_HEADER + SOURCE, source);
      target.setUint16(at + RECORD_HEADER + SOURCE_PORT, sourcePort);
      target.setUint16(at + RECORD_HEADER + DESTINATION_PORT, destinationPort);
    },
  };
}

export interface FlowRecord {
  /** Less than 2^53. */
  readonly timeNs: number;
  /** IPv4 address as a number. */
  readonly source: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** A packet from anywhere to an interface's address: TCP with these flags, or UDP. */
export function inboundPacket(to: string, tcpFlags?: number): IpPacket {
  const ports = { sourcePort: 1, destinationPort: 1 };
  return {
    source: parseAddress('192.0.2.1')!,
    destination: parseAddress(to)!,
    ...(tcpFlags === undefined
      ? { protocol: 17, transport: { kind: 'udp', ...ports } }
      : { protocol: 6, transport: { kind: 'tcp', ...ports, flags: tcpFlags } }),
  };
}
