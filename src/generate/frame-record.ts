import { ACK, ICMP, SYN, TCP, UDP } from '../model/protocol.js';
import { ADDRESSES, IPV6, KIND, MACS, PORTS, PROTOCOL_SHIFT } from './flow-words.js';
import { type Payload, payloadSum } from './payload.js';

/** Bytes of the largest record, with what is written behind it and overwritten. */
export const RECORD_MAX = 2048;

const RECORD_HEADER = 16;
const ETHERNET = 14;
/** Without its checksum, which captures leave out. */
export const FRAME_MIN = 60;
/** Maximum segment size, window scale 7, selective acknowledgements. */
const SYN_OPTIONS = 12;

/** A packet of a flow; one is filled over and over. */
export interface FrameDraft {
  /** Of packet time. */
  seconds: number;
  microseconds: number;
  /** 0 when the flow's opener sends, else 1. */
  side: number;
  flags: number;
  /** TCP. */
  sequence: number;
  acknowledged: number;
  /** ICMP: number of the request. IPv4: low bits identify the datagram. */
  turn: number;
  identification: number;
  payloadStart: number;
  payloadSize: number;
}

export const createDraft = (): FrameDraft => ({
  ...{ seconds: 0, microseconds: 0, side: 0, flags: 0, sequence: 0, acknowledged: 0 },
  ...{ turn: 0, identification: 0, payloadStart: 0, payloadSize: 0 },
});

/** Bytes of the headers in front of the payload, by IP version, protocol and TCP flags. */
export function headerBytes(v6: boolean, protocol: number, flags: number): number {
  const transport = protocol !== TCP ? 8 : (flags & SYN) === 0 ? 20 : 20 + SYN_OPTIONS;
  return ETHERNET + (v6 ? 40 : 20) + transport;
}

/**
 * Writes a record (little-endian, microseconds) with the Ethernet frame of the packet that `draft` tells of the flow at
 * `words[at]`; returns where it ends. `macs` has 16 and then 32 bits of each address. Checksums are right.
 */
export function writeFrame(
  view: DataView,
  record: number,
  words: Int32Array,
  at: number,
  draft: FrameDraft,
  macs: Int32Array,
  payload: Payload,
  snapLength: number,
): number {
  const { side, flags, payloadSize: size, payloadStart } = draft;
  const kind = words[at + KIND]!;
  const protocol = kind >>> PROTOCOL_SHIFT;
  const v6 = (kind & IPV6) !== 0;
  const headers = headerBytes(v6, protocol, flags);
  const full = headers + size;
  const wire = full < FRAME_MIN ? FRAME_MIN : full;
  const kept = wire < snapLength ? wire : snapLength;
  view.setInt32(record, draft.seconds, true);
  view.setInt32(record + 4, draft.microseconds, true);
  view.setInt32(record + 8, kept, true);
  view.setInt32(record + 12, wire, true);

  const frame = record + RECORD_HEADER;
  // Halves change places when the other side sends.
  const turned = side << 4;
  const ends = words[at + MACS]!;
  const from = (ends >>> (16 - turned)) & 0xffff;
  const to = (ends >>> turned) & 0xffff;
  view.setUint16(frame, macs[to * 2]!);
  view.setInt32(frame + 2, macs[to * 2 + 1]!);
  view.setUint16(frame + 6, macs[from * 2]!);
  view.setInt32(frame + 8, macs[from * 2 + 1]!);
  const ip = frame + ETHERNET;
  // A packet from outside has passed some routers.
  const hops = from === 0 ? 52 : 64;
  const source = at + ADDRESSES + side * 4;
  const destination = at + ADDRESSES + 4 - side * 4;
  const addressSum = v6
    ? wordsSum(words, at + ADDRESSES, 8)
    : halves(words[source + 3]!) + halves(words[destination + 3]!);
  const transportSize = full - ETHERNET - (v6 ? 40 : 20);
  let transport = ip + 20;
  if (v6) {
    view.setUint16(frame + 12, 0x86dd);
    view.setInt32(ip, 0x6000_0000);
    view.setInt32(ip + 4, (transportSize << 16) | (protocol << 8) | hops);
    for (let i = 0; i < 4; i++) {
      view.setInt32(ip + 8 + i * 4, words[source + i]!);
      view.setInt32(ip + 24 + i * 4, words[destination + i]!);
    }
    transport = ip + 40;
  } else {
    const length = full - ETHERNET;
    const id = draft.identification & 0xffff;
    view.setUint16(frame + 12, 0x0800);
    view.setInt32(ip, 0x4500_0000 | length);
    view.setInt32(ip + 4, (id << 16) | 0x4000);
    const sum = 0x4500 + length + id + 0x4000 + ((hops << 8) | protocol) + addressSum;
    view.setInt32(ip + 8, (hops << 24) | (protocol << 16) | complement(sum));
    view.setInt32(ip + 12, words[source + 3]!);
    view.setInt32(ip + 16, words[destination + 3]!);
  }

  const pseudo = addressSum + protocol + transportSize;
  const data = payloadSum(payload, payloadStart, size);
  const said = words[at + PORTS]!;
  const ports = side === 0 ? said : (said << 16) | (said >>> 16);
  if (protocol === TCP) {
    const { sequence, acknowledged } = draft;
    const opens = (flags & SYN) !== 0;
    const offsetAndFlags = (opens ? 0x8000 : 0x5000) | flags;
    const window = opens ? 64_240 : 502;
    view.setInt32(transport, ports);
    view.setInt32(transport + 4, sequence);
    view.setInt32(transport + 8, (flags & ACK) === 0 ? 0 : acknowledged);
    view.setInt32(transport + 12, (offsetAndFlags << 16) | window);
    let sum = pseudo + halves(ports) + halves(sequence) + offsetAndFlags + window + data;
    if ((flags & ACK) !== 0) sum += halves(acknowledged);
    if (opens) {
      const segment = 0x0204_0000 | (v6 ? 1440 : 1460);
      view.setInt32(transport + 20, segment);
      view.setInt32(transport + 24, 0x0103_0307);
      view.setInt32(transport + 28, 0x0402_0101);
      sum += halves(segment) + halves(0x0103_0307) + halves(0x0402_0101);
    }
    view.setInt32(transport + 16, complement(sum) << 16);
  } else if (protocol === UDP) {
    const sum = complement(pseudo + halves(ports) + transportSize + data);
    view.setInt32(transport, ports);
    // RFC 768: zero says that there is no checksum.
    view.setInt32(transport + 4, (transportSize << 16) | (sum === 0 ? 0xffff : sum));
  } else {
    const type = protocol === ICMP ? 8 - side * 8 : 128 + side;
    const id = words[at + PORTS]! >>> 16;
    const said = (type << 8) + id + draft.turn + data;
    view.setInt32(transport, (type << 24) | complement(v6 ? said + pseudo : said));
    view.setInt32(transport + 4, (id << 16) | draft.turn);
  }

  const end = frame + kept;
  const body = frame + headers;
  const { view: bytes } = payload;
  // Whole words: what is too much is overwritten by the next record, or is beyond what was asked for.
  const payloadEnd = full < kept ? body + size : end;
  for (let i = 0; body + i < payloadEnd; i += 4) {
    view.setInt32(body + i, bytes.getInt32(payloadStart + i));
  }
  for (let i = frame + full; i < end; i++) view.setUint8(i, 0);
  return end;
}

/** The two words of 16 bits in one of 32. */
const halves = (word: number): number => (word >>> 16) + (word & 0xffff);

/** RFC 1071: the one's complement of a one's complement sum. */
function complement(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return ~((once & 0xffff) + (once >>> 16)) & 0xffff;
}

function wordsSum(words: Int32Array, at: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += halves(words[at + i]!);
  return sum;
}
