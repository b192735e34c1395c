import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesAt } from '../../src/engine/memory.js';
import { encodeFrame } from '../../src/generate/frame.js';
import { encodePcap } from '../../src/generate/pcap.js';
import {
  CONTENT_IP,
  DECAP_GENEVE,
  DECAP_GRE,
  DECAP_IPIP,
  DECAP_VXLAN,
  NOT_FILTERED_NOT_APPLICABLE,
  NOT_JUDGED_CUT,
  NOT_JUDGED_ENCAPSULATION,
  NOT_JUDGED_LINK_TYPE,
  NOT_JUDGED_MALFORMED,
  ROW_SIZE,
} from '../../src/kernel/layout.js';
import { writeDecodeSettings } from '../../src/engine/settings.js';
import { PCAP_HEADER_SIZE } from '../../src/capture/pcap-header.js';
import {
  type DecodeRoom,
  type DecodedRow,
  beginCapture,
  changeLink,
  createDecodeRoom,
  decodeRecords,
} from '../engine/rows.js';
import { sample } from '../generate/sample.js';
import { GOLDEN_LINKS, UDP_PACKET } from './golden-links.js';

const AREA = 1 << 14;
/** A header may claim more bytes than this behind it: 65,535 by an IP length, 2,048 by an extension header. */
const POISON = 1 << 17;

const CONTENTS = [
  CONTENT_IP,
  NOT_FILTERED_NOT_APPLICABLE,
  NOT_JUDGED_CUT,
  NOT_JUDGED_MALFORMED,
  NOT_JUDGED_ENCAPSULATION,
];

const ETHERNET = '020000000002 020000000001';
/** Headers of tunnels, one in another, with lengths that leave much room. */
const TUNNELS = [
  `11 0000 c0000201 c0000202 c000 12b5 0100 0000 08000000 00002a00 ${ETHERNET} 0800`,
  '11 0000 c0000201 c0000202 c000 17c1 0100 0000 0100 0800 00002a00 01080100',
  `2f 0000 c0000201 c0000202 b000 6558 00000000 00000001 00000002 ${ETHERNET} 0800`,
  `2f 0000 c0000201 c0000202 1000 22eb 00000001 20010001 00000000 00000001 0000000000000000 ${ETHERNET} 0800`,
  '2f 0000 c0000201 c0000202 4000 0800 00000000 0800 0004 c0000201 00000000',
  '04 0000 c0000201 c0000202 4500 0100 0000 0000 40 04 0000 c0000201 c0000202',
].map((rest) => ({ linkType: 1, header: `${ETHERNET} 0800 4500 0100 0000 0000 40 ${rest}` }));

/** Values that headers give a meaning, beside any others. */
const byte = fc.oneof(
  fc.constantFrom(0, 1, 4, 6, 17, 43, 44, 45, 58, 60, 0x60, 0x81, 0x86, 0xdd, 0xff),
  fc.integer({ min: 0, max: 255 }),
);
/** Most headers end before byte 80. */
const position = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 12, max: 80 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 1513 }) },
);

const hostileFrame = fc
  .record({
    sample: sample(),
    writes: fc.array(fc.tuple(position, byte), { maxLength: 8 }),
    captured: fc.oneof(fc.constant(2000), fc.integer({ min: 0, max: 130 })),
    wire: fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 70_000 })),
  })
  .map(({ sample: { packet, options }, writes, captured, wire }) => {
    const bytes = encodeFrame(packet, options);
    for (const [at, value] of writes) if (at < bytes.length) bytes[at] = value;
    return { bytes: bytes.subarray(0, captured), length: wire ?? bytes.length };
  });

describe('hostile frames', () => {
  it('20,000 of them decode to a known content, and to the same whatever lies around them', () => {
    const rooms = [poisonedRoom(0xa5), poisonedRoom(0x5a)] as const;
    const seen = new Map<number, number>();
    fc.assert(
      fc.property(hostileFrame, (frame) => {
        const record = encodePcap([{ timeNs: 1n, ...frame }], { nanoseconds: true });
        const [one, other] = rooms.map((room) => decodeAtEnd(room, record));
        expect(one).toEqual(other);
        expect(one!.length).toBe(frame.length);
        expect(CONTENTS).toContain(one!.content);
        seen.set(one!.content, (seen.get(one!.content) ?? 0) + 1);
      }),
      { numRuns: 20_000 },
    );
    // Otherwise the frames are not hostile enough, or too much so.
    for (const content of [CONTENT_IP, NOT_JUDGED_CUT, NOT_JUDGED_MALFORMED]) {
      expect(seen.get(content)).toBeGreaterThan(300);
    }
  });
});

const ALL_TUNNELS = DECAP_VXLAN | DECAP_GENEVE | DECAP_GRE | DECAP_IPIP;

/** A golden frame of any link, or a tunnel under Ethernet, with bytes of it overwritten and cut. */
const hostileLink = fc
  .record({
    link: fc.constantFrom(...GOLDEN_LINKS, ...TUNNELS),
    writes: fc.array(fc.tuple(fc.integer({ min: 0, max: 220 }), byte), { maxLength: 8 }),
    captured: fc.oneof(fc.constant(2000), fc.integer({ min: 0, max: 200 })),
    wire: fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 70_000 })),
  })
  .map(({ link, writes, captured, wire }) => {
    const bytes = Buffer.from((link.header + UDP_PACKET).replaceAll(' ', ''), 'hex');
    for (const [at, value] of writes) if (at < bytes.length) bytes[at] = value;
    return {
      linkType: link.linkType,
      bytes: bytes.subarray(0, captured),
      length: wire ?? bytes.length,
    };
  });

describe('hostile links and tunnels', () => {
  it('20,000 of them decode to a known content, and to the same whatever lies around them', () => {
    const rooms = [poisonedRoom(0xa5), poisonedRoom(0x5a)] as const;
    for (const { kernel, memory } of rooms) {
      const settings = { decap: ALL_TUNNELS, vnis: [], checksums: true };
      kernel.setupDecode(writeDecodeSettings(memory, settings));
    }
    const seen = new Map<number, number>();
    fc.assert(
      fc.property(hostileLink, ({ linkType, ...frame }) => {
        const record = encodePcap([{ timeNs: 1n, ...frame }], { nanoseconds: true });
        for (const room of rooms) changeLink(room, linkType);
        const [one, other] = rooms.map((room) => decodeAtEnd(room, record));
        expect(one).toEqual(other);
        const [row, rowThere] = rooms.map(({ memory, rows }) => bytesAt(memory, rows, ROW_SIZE));
        expect(Buffer.compare(row!, rowThere!)).toBe(0);
        const [counted, countedThere] = rooms.map(({ kernel }) => kernel.wrongTransportChecksums());
        expect(counted).toEqual(countedThere);
        // A link in a link may be one that nobody reads.
        expect([...CONTENTS, NOT_JUDGED_LINK_TYPE]).toContain(one!.content);
        seen.set(one!.content, (seen.get(one!.content) ?? 0) + 1);
      }),
      { numRuns: 20_000 },
    );
    for (const content of CONTENTS) expect(seen.get(content)).toBeGreaterThan(100);
  });
});

/** A room whose bytes are all `poison`, before the records and behind them. */
function poisonedRoom(poison: number): DecodeRoom & { poison: number } {
  const room = createDecodeRoom(AREA + POISON);
  bytesAt(room.memory, room.records, AREA + POISON).fill(poison);
  beginCapture(room, {
    swapped: false,
    nanoseconds: true,
    linkType: 1,
    recordHeaderSize: 16,
    lengths: 'straight',
  });
  return { ...room, poison };
}

/** The row of one record that ends where the records area does. */
function decodeAtEnd(room: DecodeRoom & { poison: number }, file: Uint8Array): DecodedRow {
  const record = file.subarray(PCAP_HEADER_SIZE);
  const end = room.records + AREA;
  const area = bytesAt(room.memory, end - record.length, record.length);
  area.set(record);
  const { rows } = decodeRecords(room, end - record.length, end);
  area.fill(room.poison);
  return rows[0]!;
}
