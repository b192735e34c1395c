import {
  FLAG_IPV6,
  FLAG_TRANSPORT,
  ROW_DESTINATION,
  ROW_DESTINATION_PORT,
  ROW_FLAGS,
  ROW_PROTOCOL,
  ROW_QUOTE_DESTINATION,
  ROW_QUOTE_DESTINATION_PORT,
  ROW_QUOTE_PROTOCOL,
  ROW_QUOTE_SOURCE,
  ROW_QUOTE_SOURCE_PORT,
  ROW_SIZE,
  ROW_SOURCE,
  ROW_SOURCE_PORT,
} from '../kernel/layout.js';
import { ICMP, ICMPV6, ICMP_QUERIES, TCP, UDP } from '../model/protocol.js';
import type { Part } from './kept-rows.js';

/**
 * What tells a packet's flow, so that its mirror has the same ends the other way round. Addresses are four words each, as rows
 * hold them. `kind` is the protocol, the family and, of ICMP, the pair of query and reply.
 */
export interface PacketEnds {
  readonly words: Uint32Array;
  kind: number;
  typeAndCode: number;
}

// Words of the ends.
export const ENDS_SOURCE = 0;
export const ENDS_DESTINATION = 4;
export const ENDS_SOURCE_MARK = 8;
export const ENDS_DESTINATION_MARK = 9;
const ENDS_WORDS = 10;

// Marks: a port, or what stands in its place.
const REQUESTER = 0x10000;
const ERROR_FROM = 0x20000;
const ERROR_TO = 0x30000;
const PORTLESS = 0x40000;

export const KIND_IPV6 = 1 << 8;
const KIND_PAIR_SHIFT = 9;

export const createEnds = (): PacketEnds => ({
  words: new Uint32Array(ENDS_WORDS),
  kind: 0,
  typeAndCode: 0,
});

/** Where a row tells of a packet's ends. */
interface EndsPlace {
  readonly source: number;
  readonly destination: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly protocol: number;
}

const OWN: EndsPlace = {
  source: ROW_SOURCE,
  destination: ROW_DESTINATION,
  sourcePort: ROW_SOURCE_PORT,
  destinationPort: ROW_DESTINATION_PORT,
  protocol: ROW_PROTOCOL,
};
const QUOTED: EndsPlace = {
  source: ROW_QUOTE_SOURCE,
  destination: ROW_QUOTE_DESTINATION,
  sourcePort: ROW_QUOTE_SOURCE_PORT,
  destinationPort: ROW_QUOTE_DESTINATION_PORT,
  protocol: ROW_QUOTE_PROTOCOL,
};

/** Reads the ends of an IP packet's row. */
export function readEnds(ends: PacketEnds, rows: Part, index: number): void {
  const flags = rows.bytes[index * ROW_SIZE + ROW_FLAGS]!;
  readAt(ends, rows, index, OWN, (flags & FLAG_TRANSPORT) !== 0);
}

/** Reads the ends of the packet that an ICMP error quotes: of one that names a flow, see FLAG_QUOTE. */
export function readQuotedEnds(ends: PacketEnds, rows: Part, index: number): void {
  readAt(ends, rows, index, QUOTED, true);
}

function readAt(
  ends: PacketEnds,
  rows: Part,
  index: number,
  place: EndsPlace,
  hasTransport: boolean,
): void {
  const at = index * ROW_SIZE;
  const { words } = ends;
  for (let i = 0; i < 4; i++) {
    words[ENDS_SOURCE + i] = rows.words[(at + place.source) / 4 + i]!;
    words[ENDS_DESTINATION + i] = rows.words[(at + place.destination) / 4 + i]!;
  }
  const protocol = rows.bytes[at + place.protocol]!;
  const ipv6 = (rows.bytes[at + ROW_FLAGS]! & FLAG_IPV6) !== 0;
  ends.kind = protocol | (ipv6 ? KIND_IPV6 : 0);
  ends.typeAndCode = 0;
  let [from, to] = [PORTLESS, PORTLESS];
  if (hasTransport) {
    const source = rows.halves[(at + place.sourcePort) / 2]!;
    const destination = rows.halves[(at + place.destinationPort) / 2]!;
    if (protocol === TCP || protocol === UDP) {
      from = source;
      to = destination;
    } else if (protocol === (ipv6 ? ICMPV6 : ICMP)) {
      ends.typeAndCode = destination;
      const role = QUERY_ROLES[(ipv6 ? 256 : 0) + (destination >> 8)]!;
      if (role === 0) {
        from = ERROR_FROM | destination;
        to = ERROR_TO;
      } else {
        const asks = (role & 1) !== 0;
        ends.kind |= (role >> 1) << KIND_PAIR_SHIFT;
        from = source | (asks ? REQUESTER : 0);
        to = source | (asks ? 0 : REQUESTER);
      }
    }
  }
  words[ENDS_SOURCE_MARK] = from;
  words[ENDS_DESTINATION_MARK] = to;
}

/** The port that a mark stands for, or the identifier of an ICMP query; undefined when there is none. */
export function portOfMark(mark: number): number | undefined {
  return mark < ERROR_FROM ? mark & 0xffff : undefined;
}

/** By family and type: pair of query and reply, from 1, and in the lowest bit whether it asks (CT-15); 0 for others. */
const QUERY_ROLES = new Uint8Array(512);
ICMP_QUERIES.forEach(({ family, request, reply }, i) => {
  QUERY_ROLES[(family === 6 ? 256 : 0) + request] = ((i + 1) << 1) | 1;
  QUERY_ROLES[(family === 6 ? 256 : 0) + reply] = (i + 1) << 1;
});
