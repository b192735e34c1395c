import type { PacketWriter } from './packet-writer.js';

/** Packet as it is written. */
export interface WrittenPacket {
  /** Since 1970; see `clampedTime` of each format for what it cannot hold. */
  readonly timeNs: bigint;
  /** Bytes on the wire. */
  readonly wire: number;
  /** What was captured of it. */
  readonly bytes: Uint8Array;
}

const NANOSECONDS = 0xa1b23c4d;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;

/** File header of a nanosecond capture (draft-ietf-opsawg-pcap section 4), little-endian. */
export function writePcapHeader(
  writer: PacketWriter,
  { linkType, snapLength }: { readonly linkType: number; readonly snapLength: number },
): void {
  const { view, at } = writer.room(FILE_HEADER);
  view.setUint32(at, NANOSECONDS, true);
  view.setUint16(at + 4, 2, true);
  view.setUint16(at + 6, 4, true);
  view.setUint32(at + 16, snapLength, true);
  view.setUint32(at + 20, linkType, true);
}

export function writePcapRecord(writer: PacketWriter, packet: WrittenPacket): void {
  const time = clampedTime(packet.timeNs);
  const { bytes, view, at } = writer.room(RECORD_HEADER + packet.bytes.length);
  view.setUint32(at, Number(time / SECOND), true);
  view.setUint32(at + 4, Number(time % SECOND), true);
  view.setUint32(at + 8, packet.bytes.length, true);
  view.setUint32(at + 12, packet.wire, true);
  bytes.set(packet.bytes, at + RECORD_HEADER);
}

const SECOND = 1_000_000_000n;
const LAST = 0xffff_ffffn * SECOND + SECOND - 1n;

/** 32 bits hold the seconds from 1970 to February 2106: earlier and later times become the first or the last of them. */
function clampedTime(timeNs: bigint): bigint {
  if (timeNs < 0n) return 0n;
  return timeNs > LAST ? LAST : timeNs;
}
