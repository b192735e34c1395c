import type { Address } from '../model/address.js';
import { isPortless } from '../model/logged-flow.js';
import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';
import { IPV4_HEADER, IPV6_HEADER, writeIpv4, writeIpv6 } from './ip-header.js';
import { complement, halves, halvesOf } from './ones-complement.js';
import type { RecordedFlow } from '../model/recorded-flow.js';

/** Of a pcap record in microseconds, little-endian, with an IP packet as its frame. */
const RECORD_HEADER = 16;
const HOPS = 64;
/** Largest record: headers are written, and nothing behind them. */
export const RECORD_MAX = RECORD_HEADER + IPV6_HEADER + 20;

/** Both addresses in words, as `writeIpv4` and `writeIpv6` take them. */
export function addressWords({ source, destination }: RecordedFlow): Int32Array {
  return Int32Array.from([...wordsOf(source), ...wordsOf(destination)]);
}

function wordsOf({ value }: Address): number[] {
  return [96n, 64n, 32n, 0n].map((shift) => Number(BigInt.asIntN(32, value >> shift)));
}

/**
 * Writes a packet of a recorded flow at `at`; returns where its record ends. ICMP is a query or its reply, for a record does not
 * tell its type. Payload is zeros, and not written.
 */
export function writeRecorded(
  view: DataView,
  at: number,
  { traffic, source }: RecordedFlow,
  words: Int32Array,
  time: number,
  length: number,
  flags: number,
  isReply: boolean,
): number {
  const { protocol, sourcePort, destinationPort } = traffic;
  const v6 = source.family === 6;
  const ip = at + RECORD_HEADER;
  const transport = ip + (v6 ? IPV6_HEADER : IPV4_HEADER);
  const size = length - (transport - ip);
  const addressSum = v6 ? halvesOf(words, 0, 8) : halves(words[3]!) + halves(words[7]!);
  if (v6) writeIpv6(view, ip, words, 0, 4, protocol, HOPS, size);
  else writeIpv4(view, ip, words, 0, 4, addressSum, protocol, HOPS, length, 0);
  const pseudo = addressSum + protocol + size;
  const ports = (sourcePort << 16) | destinationPort;
  let end = transport;
  if (isPortless(traffic)) {
    end = v6 ? writeFragment6(view, ip, protocol) : writeFragment4(view, ip);
  } else if (protocol === TCP) {
    const offset = (0x5000 | flags) << 16;
    view.setInt32(transport, ports);
    view.setInt32(transport + 4, 0);
    view.setInt32(transport + 8, 0);
    view.setInt32(transport + 12, offset);
    view.setInt32(transport + 16, complement(pseudo + halves(ports) + halves(offset)) << 16);
    end += 20;
  } else if (protocol === UDP) {
    const sum = complement(pseudo + halves(ports) + size);
    view.setInt32(transport, ports);
    view.setInt32(transport + 4, (size << 16) | (sum === 0 ? 0xffff : sum));
    end += 8;
  } else if (protocol === (v6 ? ICMPV6 : ICMP)) {
    const type = v6 ? (isReply ? 129 : 128) : isReply ? 0 : 8;
    view.setInt32(transport, (type << 24) | complement((v6 ? pseudo : 0) + (type << 8)));
    view.setInt32(transport + 4, 0);
    end += 8;
  }
  view.setUint32(at, Math.floor(time / 1_000_000), true);
  view.setUint32(at + 4, time % 1_000_000, true);
  view.setUint32(at + 8, end - ip, true);
  view.setUint32(at + 12, length, true);
  return end;
}

/** Where a datagram's second fragment begins, as a rule: in units of eight bytes. */
const LATER = 185;

/** RFC 791: makes a later fragment of the packet; returns where its header ends. */
function writeFragment4(view: DataView, ip: number): number {
  view.setUint16(ip + 6, LATER);
  view.setUint16(ip + 10, 0);
  let sum = 0;
  for (let word = 0; word < IPV4_HEADER; word += 4) sum += halves(view.getInt32(ip + word));
  view.setUint16(ip + 10, complement(sum));
  return ip + IPV4_HEADER;
}

/** RFC 8200 section 4.5. */
function writeFragment6(view: DataView, ip: number, protocol: number): number {
  view.setUint8(ip + 6, 44);
  view.setUint32(ip + IPV6_HEADER, (protocol << 24) | (LATER << 3));
  view.setUint32(ip + IPV6_HEADER + 4, 0);
  return ip + IPV6_HEADER + 8;
}
