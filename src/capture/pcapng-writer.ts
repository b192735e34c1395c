import type { PacketWriter, Room } from './packet-writer.js';
import type { WrittenPacket } from './pcap-writer.js';
import { INTERFACE_BLOCK, SECTION_HEADER_BLOCK } from './pcapng-section.js';

// Blocks of draft-ietf-opsawg-pcapng, little-endian:
//   0 type | 4 length | 8 body | options | length again; all parts are padded to 4 bytes.

/** Begins a file: the section header (section 4.1), which names the program that wrote it. */
export function writeSectionHeader(writer: PacketWriter, application: string): void {
  const options = [textOption(SHB_USERAPPL, application)];
  const { view, at } = openBlock(writer, SECTION_HEADER_BLOCK, SECTION_BODY, options);
  view.setUint32(at + 8, BYTE_ORDER_MAGIC, true);
  view.setUint16(at + 12, 1, true);
  view.setUint16(at + 14, 0, true);
  view.setBigInt64(at + 16, LENGTH_UNKNOWN, true);
}

export interface WrittenInterface {
  readonly name: string;
  readonly description?: string;
  readonly linkType: number;
  /** Bytes kept of a packet; 0 is no limit. */
  readonly snapLength: number;
}

/** Describes the next interface (section 4.2); they are numbered from 0 in the order of the file. */
export function writeInterface(writer: PacketWriter, card: WrittenInterface): void {
  const options = [
    textOption(IF_NAME, card.name),
    ...(card.description === undefined ? [] : [textOption(IF_DESCRIPTION, card.description)]),
    { code: IF_TSRESOL, value: Uint8Array.of(NANOSECONDS) },
  ];
  const { view, at } = openBlock(writer, INTERFACE_BLOCK, INTERFACE_BODY, options);
  view.setUint16(at + 8, card.linkType, true);
  view.setUint16(at + 10, 0, true);
  view.setUint32(at + 12, card.snapLength, true);
}

/** Writes a packet with what is to be said about it (enhanced packet block, section 4.3). */
export function writePacket(
  writer: PacketWriter,
  packet: WrittenPacket & { readonly interfaceId: number; readonly comment?: string },
): void {
  const { interfaceId, bytes, wire, comment } = packet;
  const options = comment === undefined ? [] : [textOption(OPT_COMMENT, comment)];
  const body = PACKET_BODY + padded(bytes.length);
  const room = openBlock(writer, ENHANCED_PACKET_BLOCK, body, options);
  const { view, at } = room;
  const time = clampedTime(packet.timeNs);
  view.setUint32(at + 8, interfaceId, true);
  view.setUint32(at + 12, Number(time >> 32n), true);
  view.setUint32(at + 16, Number(time & 0xffff_ffffn), true);
  view.setUint32(at + 20, bytes.length, true);
  view.setUint32(at + 24, wire, true);
  room.bytes.set(bytes, at + BLOCK_HEADER + PACKET_BODY);
}

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const LENGTH_UNKNOWN = -1n;
const ENHANCED_PACKET_BLOCK = 6;
const BLOCK_HEADER = 8;
const BLOCK_TRAILER = 4;
const SECTION_BODY = 16;
const INTERFACE_BODY = 8;
const PACKET_BODY = 20;
const OPTION_HEADER = 4;
const OPT_COMMENT = 1;
const SHB_USERAPPL = 4;
const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_TSRESOL = 9;
/** Times are multiples of 10 to the power of -9 seconds. */
const NANOSECONDS = 9;

/**
 * 64 bits without a sign count the nanoseconds since 1970: earlier times become 1970. The last is in 2262, where others
 * who read the file as signed numbers stop, too.
 */
function clampedTime(timeNs: bigint): bigint {
  if (timeNs < 0n) return 0n;
  return timeNs > LAST ? LAST : timeNs;
}

const LAST = (1n << 63n) - 1n;

interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

const OPTION_MAX = 0xffff;

/** A text that is too long for an option is cut, between characters. */
function textOption(code: number, text: string): Option {
  const value = Buffer.from(text);
  if (value.length <= OPTION_MAX) return { code, value };
  let end = OPTION_MAX;
  while ((value[end]! & 0xc0) === 0x80) end--;
  return { code, value: value.subarray(0, end) };
}

/** Writes all of a block but its body; the room begins where the block does. */
function openBlock(
  writer: PacketWriter,
  type: number,
  bodySize: number,
  options: readonly Option[],
): Room {
  const optionsSize = options.reduce(
    (sum, { value }) => sum + OPTION_HEADER + padded(value.length),
    options.length > 0 ? OPTION_HEADER : 0,
  );
  const size = BLOCK_HEADER + bodySize + optionsSize + BLOCK_TRAILER;
  const room = writer.room(size);
  const { bytes, view, at } = room;
  view.setUint32(at, type, true);
  view.setUint32(at + 4, size, true);
  let option = at + BLOCK_HEADER + bodySize;
  for (const { code, value } of options) {
    view.setUint16(option, code, true);
    view.setUint16(option + 2, value.length, true);
    bytes.set(value, option + OPTION_HEADER);
    option += OPTION_HEADER + padded(value.length);
  }
  // What is left between the options and the trailer is the end of options: zeros.
  view.setUint32(at + size - BLOCK_TRAILER, size, true);
  return room;
}

const padded = (size: number): number => (size + 3) & ~3;
