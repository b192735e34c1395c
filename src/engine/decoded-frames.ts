import {
  CONTENT_IP,
  FLAG_IPV6,
  FLAG_MORE_FRAGMENTS,
  FLAG_PEELED,
  FRAME_CAPTURED,
  FRAME_LINK_TYPE,
  FRAME_NUMBER,
  FRAME_SIZE,
  FRAME_TIME,
  FRAME_WIRE,
  KNOWN_ADDRESSES,
  KNOWN_ICMP_CODE,
  KNOWN_ICMP_TYPE,
  KNOWN_PORTS,
  KNOWN_PROTOCOL,
  KNOWN_TCP_FLAGS,
  LINK_UNTIMED,
  ROW_CONTENT,
  ROW_DESTINATION,
  ROW_DESTINATION_PORT,
  ROW_FLAGS,
  ROW_FRAGMENT_OFFSET,
  ROW_KNOWN,
  ROW_PROTOCOL,
  ROW_SIZE,
  ROW_SOURCE,
  ROW_SOURCE_PORT,
  ROW_TCP_FLAGS,
} from '../kernel/layout.js';
import type { DecodedFrame } from '../model/decoded-frame.js';
import { viewAt } from './memory.js';
import { readAddress } from './row-address.js';
import { codeName } from './verdicts.js';

/** The frames and rows of a decoded batch: `table` and `rows` are their addresses. */
export function* readDecoded(
  memory: WebAssembly.Memory,
  { table, rows }: { readonly table: number; readonly rows: number },
  count: number,
): Generator<DecodedFrame> {
  const frames = viewAt(memory, table, count * FRAME_SIZE);
  const view = viewAt(memory, rows, count * ROW_SIZE);
  for (let i = 0; i < count; i++) {
    yield readFrame(frames, i * FRAME_SIZE, view, i * ROW_SIZE);
  }
}

function readFrame(frames: DataView, of: number, rows: DataView, at: number): DecodedFrame {
  const flags = rows.getUint8(at + ROW_FLAGS);
  const known = rows.getUint8(at + ROW_KNOWN);
  const content = rows.getUint8(at + ROW_CONTENT);
  const linkType = frames.getUint16(of + FRAME_LINK_TYPE, true);
  const timed = (linkType & LINK_UNTIMED) === 0;
  const destinationPort = rows.getUint16(at + ROW_DESTINATION_PORT, true);
  const ipv6 = (flags & FLAG_IPV6) !== 0;
  return {
    number: Number(frames.getBigUint64(of + FRAME_NUMBER, true)),
    ...(timed && { timeNs: frames.getBigInt64(of + FRAME_TIME, true) }),
    linkType: linkType & ~LINK_UNTIMED,
    wire: frames.getUint32(of + FRAME_WIRE, true),
    captured: frames.getUint32(of + FRAME_CAPTURED, true),
    ...(content !== CONTENT_IP && { unjudged: codeName(content) }),
    peeled: (flags & FLAG_PEELED) !== 0,
    ...((known & KNOWN_ADDRESSES) !== 0 && {
      source: readAddress(rows, at + ROW_SOURCE, ipv6),
      destination: readAddress(rows, at + ROW_DESTINATION, ipv6),
      fragmentOffset: rows.getUint16(at + ROW_FRAGMENT_OFFSET, true),
      moreFragments: (flags & FLAG_MORE_FRAGMENTS) !== 0,
    }),
    ...((known & KNOWN_PROTOCOL) !== 0 && { protocol: rows.getUint8(at + ROW_PROTOCOL) }),
    ...((known & KNOWN_PORTS) !== 0 && {
      sourcePort: rows.getUint16(at + ROW_SOURCE_PORT, true),
      destinationPort,
    }),
    ...((known & KNOWN_TCP_FLAGS) !== 0 && { tcpFlags: rows.getUint8(at + ROW_TCP_FLAGS) }),
    ...((known & KNOWN_ICMP_TYPE) !== 0 && { icmpType: destinationPort >> 8 }),
    ...((known & KNOWN_ICMP_CODE) !== 0 && { icmpCode: destinationPort & 0xff }),
  };
}
