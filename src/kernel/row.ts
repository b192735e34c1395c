import * as layout from './layout';

/**
 * One decoded packet. After decode nobody looks at the frame's bytes again.
 *
 *   0        16        32          48   56   64     72    76   80     84      88     104        120
 *   | time   | source  | destin-   | src| dst| len, | see | frag| shard| frag, | quoted | quoted  | quoted
 *   | clock  | 128 bit | ation     | MAC| MAC| ports| below id  | hash | length| source | destin. | ports, protocol, known, capture
 */
@unmanaged
export class Row {
  timeNs: i64;
  /** Latest time of the capture so far: connections age by it (CP-7). */
  clockNs: i64;
  sourceHi: u64;
  sourceLo: u64;
  destinationHi: u64;
  destinationLo: u64;
  sourceMac: u64;
  destinationMac: u64;
  /** On the wire, in bytes. */
  length: u32;
  sourcePort: u16;
  destinationPort: u16;
  protocol: u8;
  tcpFlags: u8;
  content: u8;
  flags: u8;
  fragmentId: u32;
  /** Equal for all packets that may meet the same state. */
  shardHash: u32;
  fragmentOffset: u16;
  /** Of the IP packet by its header, headers included; see layout.ts. */
  ipLength: u16;
  quoteSourceHi: u64;
  quoteSourceLo: u64;
  quoteDestinationHi: u64;
  quoteDestinationLo: u64;
  quoteSourcePort: u16;
  quoteDestinationPort: u16;
  quoteProtocol: u8;
  /** KNOWN bits: what could be read, even if the packet cannot be judged. */
  known: u8;
  /** Which of the merged captures it is from; 0 when there is one. */
  capture: u16;
}

/** What a decoder may leave as it is; the quoted packet counts only under its flag. */
export function clearRow(row: Row): void {
  row.sourceHi = 0;
  row.sourceLo = 0;
  row.destinationHi = 0;
  row.destinationLo = 0;
  row.sourceMac = 0;
  row.destinationMac = 0;
  row.sourcePort = 0;
  row.destinationPort = 0;
  row.protocol = 0;
  row.tcpFlags = 0;
  row.flags = 0;
  row.fragmentId = 0;
  row.shardHash = 0;
  row.fragmentOffset = 0;
  row.ipLength = 0;
  row.known = 0;
}

// A record that drifts from the layout does not compile.
if (offsetof<Row>('clockNs') != layout.ROW_CLOCK) ERROR('row: clock');
if (offsetof<Row>('sourceHi') != layout.ROW_SOURCE) ERROR('row: source');
if (offsetof<Row>('destinationHi') != layout.ROW_DESTINATION) ERROR('row: destination');
if (offsetof<Row>('sourceMac') != layout.ROW_SOURCE_MAC) ERROR('row: source MAC');
if (offsetof<Row>('length') != layout.ROW_LENGTH) ERROR('row: length');
if (offsetof<Row>('destinationPort') != layout.ROW_DESTINATION_PORT) ERROR('row: ports');
if (offsetof<Row>('protocol') != layout.ROW_PROTOCOL) ERROR('row: protocol');
if (offsetof<Row>('content') != layout.ROW_CONTENT) ERROR('row: content');
if (offsetof<Row>('flags') != layout.ROW_FLAGS) ERROR('row: flags');
if (offsetof<Row>('fragmentId') != layout.ROW_FRAGMENT_ID) ERROR('row: fragment id');
if (offsetof<Row>('shardHash') != layout.ROW_SHARD_HASH) ERROR('row: shard hash');
if (offsetof<Row>('fragmentOffset') != layout.ROW_FRAGMENT_OFFSET) ERROR('row: fragment offset');
if (offsetof<Row>('ipLength') != layout.ROW_IP_LENGTH) ERROR('row: IP length');
if (offsetof<Row>('quoteSourceHi') != layout.ROW_QUOTE_SOURCE) ERROR('row: quote');
if (offsetof<Row>('quoteProtocol') != layout.ROW_QUOTE_PROTOCOL) ERROR('row: quote protocol');
if (offsetof<Row>('known') != layout.ROW_KNOWN) ERROR('row: known');
if (offsetof<Row>('capture') != layout.ROW_CAPTURE) ERROR('row: capture');
