import { TCP, UDP } from '../model/protocol.js';
import { ADDRESSES, IPV6, KIND, MACS, PORTS, PROTOCOL_SHIFT } from './flow-words.js';
import { IPV4_HEADER, IPV6_HEADER, writeIpv4, writeIpv6 } from './ip-header.js';
import { halves, halvesOf } from './ones-complement.js';
import { type Payload, copyPayload, payloadSum } from './payload.js';
import { SHORT_HEADER, tcpHeader, writeEcho, writeTcp, writeUdp } from './transport-header.js';

/** Room for the largest record, and for what is written behind it before the next. */
export const RECORD_MAX = 2048;
/** Bytes of a frame, without its checksum, which captures leave out. */
export const FRAME_MIN = 60;

const RECORD_HEADER = 16;
const ETHERNET = 14;
const ETHERTYPE = { 4: 0x0800, 6: 0x86dd } as const;
/** What fits in 1,500 bytes. */
const SEGMENT = { 4: 1460, 6: 1440 } as const;
/** A packet from outside has passed some routers. */
const HOPS = { outside: 52, inside: 64 } as const;

/** A packet of a flow; one draft is filled over and over. */
export interface FrameDraft {
  /** Packet time. */
  seconds: number;
  microseconds: number;
  /** 0 when the flow's opener sends, else 1. */
  side: number;
  /** Of TCP, as are the next two. */
  flags: number;
  sequence: number;
  acknowledged: number;
  /** Number of an ICMP query. */
  query: number;
  /** IPv4: tells datagrams apart. */
  identification: number;
  payloadStart: number;
  payloadSize: number;
}

export const createDraft = (): FrameDraft => ({
  ...{ seconds: 0, microseconds: 0, side: 0, flags: 0, sequence: 0, acknowledged: 0 },
  ...{ query: 0, identification: 0, payloadStart: 0, payloadSize: 0 },
});

/** Bytes of all headers of a frame. */
export function headerBytes(v6: boolean, protocol: number, flags: number): number {
  const transport = protocol === TCP ? tcpHeader(flags) : SHORT_HEADER;
  return ETHERNET + (v6 ? IPV6_HEADER : IPV4_HEADER) + transport;
}

/**
 * Writes a record (little-endian, microseconds) with the Ethernet frame that `draft` tells of the flow at `words[flow]`;
 * returns where it ends. `macs` has 16 and then 32 bits of each address. Checksums are those a receiver accepts.
 */
export function writeFrame(
  view: DataView,
  record: number,
  words: Int32Array,
  flow: number,
  draft: FrameDraft,
  macs: Int32Array,
  payload: Payload,
  snapLength: number,
): number {
  const { side, flags, payloadSize, payloadStart } = draft;
  const kind = words[flow + KIND]!;
  const protocol = kind >>> PROTOCOL_SHIFT;
  const v6 = (kind & IPV6) !== 0;
  const headers = headerBytes(v6, protocol, flags);
  const full = headers + payloadSize;
  const wire = full < FRAME_MIN ? FRAME_MIN : full;
  const kept = wire < snapLength ? wire : snapLength;
  view.setInt32(record, draft.seconds, true);
  view.setInt32(record + 4, draft.microseconds, true);
  view.setInt32(record + 8, kept, true);
  view.setInt32(record + 12, wire, true);

  const frame = record + RECORD_HEADER;
  const ends = words[flow + MACS]!;
  const from = (side === 0 ? ends >>> 16 : ends) & 0xffff;
  const to = (side === 0 ? ends : ends >>> 16) & 0xffff;
  writeMac(view, frame, macs, to);
  writeMac(view, frame + 6, macs, from);
  view.setUint16(frame + 12, v6 ? ETHERTYPE[6] : ETHERTYPE[4]);

  const ip = frame + ETHERNET;
  const hops = from === 0 ? HOPS.outside : HOPS.inside;
  const source = flow + ADDRESSES + side * 4;
  const destination = flow + ADDRESSES + 4 - side * 4;
  const transport = ip + (v6 ? IPV6_HEADER : IPV4_HEADER);
  const length = frame + full - transport;
  let sum = protocol + length + payloadSum(payload, payloadStart, payloadSize);
  if (v6) {
    sum += halvesOf(words, flow + ADDRESSES, 8);
    writeIpv6(view, ip, words, source, destination, protocol, hops, length);
  } else {
    const addressSum = halves(words[source + 3]!) + halves(words[destination + 3]!);
    sum += addressSum;
    const id = draft.identification & 0xffff;
    const size = full - ETHERNET;
    writeIpv4(view, ip, words, source, destination, addressSum, protocol, hops, size, id);
  }

  const told = words[flow + PORTS]!;
  const ports = side === 0 ? told : (told << 16) | (told >>> 16);
  if (protocol === TCP) {
    const { sequence, acknowledged } = draft;
    writeTcp(
      view,
      transport,
      ports,
      flags,
      sequence,
      acknowledged,
      v6 ? SEGMENT[6] : SEGMENT[4],
      sum,
    );
  } else if (protocol === UDP) {
    writeUdp(view, transport, ports, length, sum);
  } else if (v6) {
    writeEcho(view, transport, 128 + side, told >>> 16, draft.query, sum);
  } else {
    // ICMP has no pseudo header.
    const own = payloadSum(payload, payloadStart, payloadSize);
    writeEcho(view, transport, 8 - side * 8, told >>> 16, draft.query, own);
  }

  const end = frame + kept;
  const padding = frame + full;
  copyPayload(payload, payloadStart, view, frame + headers, padding < end ? padding : end);
  for (let i = padding; i < end; i++) view.setUint8(i, 0);
  return end;
}

function writeMac(view: DataView, at: number, macs: Int32Array, position: number): void {
  view.setUint16(at, macs[position * 2]!);
  view.setInt32(at + 2, macs[position * 2 + 1]!);
}
