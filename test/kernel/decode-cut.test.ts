import { describe, expect, it } from 'vitest';
import { encodePcap } from '../../src/generate/pcap.js';
import { NOT_JUDGED_CUT, NOT_JUDGED_MALFORMED } from '../../src/kernel/layout.js';
import { rowOfPacket } from '../engine/row-of-packet.js';
import { type DecodedIp, type DecodedRow, createDecodeRoom, decodeFile } from '../engine/rows.js';
import { GOLDEN_FRAMES, type GoldenFrame } from './golden-frames.js';

const room = createDecodeRoom(1 << 18);

describe.each(GOLDEN_FRAMES)('$name', (frame) => {
  const { packet, bytes } = frame;
  const whole = rowOfPacket(packet, bytes.length);

  it('decodes to the packet that it was made from', () => {
    const [row] = decodeFile(room, encodePcap([{ timeNs: packet.timeNs, bytes }]));
    expect(row).toEqual(whole);
  });

  it('captured short, is cut or says the same', () => {
    const rows = rowsOfEveryLength(frame, bytes.length);
    expect(rows).toHaveLength(bytes.length + 1);
    rows.forEach((row, size) => {
      expect(row, `${size} bytes`).toEqual(firstBytes(whole, frame, size, NOT_JUDGED_CUT));
    });
  });

  it('sent short, is malformed or says the same', () => {
    rowsOfEveryLength(frame).forEach((row, size) => {
      const shorter = { ...whole, length: size };
      expect(row, `${size} bytes`).toEqual(firstBytes(shorter, frame, size, NOT_JUDGED_MALFORMED));
    });
  });
});

/** Rows of the frame's first 0, 1, 2 ... bytes; `length` is what the record says, else as many. */
function rowsOfEveryLength({ packet, bytes }: GoldenFrame, length?: number): DecodedRow[] {
  const frames = Array.from({ length: bytes.length + 1 }, (_, size) => ({
    timeNs: packet.timeNs,
    bytes: bytes.subarray(0, size),
    length: length ?? size,
  }));
  return decodeFile(room, encodePcap(frames));
}

/** What the first bytes of a frame must read as; `code` says that they are too few. */
function firstBytes(
  { timeNs, clockNs, length, content, ip, ...link }: DecodedRow,
  { wholeFrom, readFrom }: GoldenFrame,
  size: number,
  code: number,
): DecodedRow {
  const read = size >= readFrom;
  return {
    timeNs,
    clockNs,
    length,
    content: read ? content : code,
    ...(size >= 14 && link),
    ...(read && ip !== undefined && { ip: size >= wholeFrom ? ip : withoutQuote(ip) }),
  };
}

function withoutQuote(ip: DecodedIp): DecodedIp {
  return Object.fromEntries(
    Object.entries(ip).filter(([field]) => field !== 'quote'),
  ) as unknown as DecodedIp;
}
