import { describe, expect, it } from 'vitest';
import { encodePcap } from '../../src/generate/pcap.js';
import { NOT_JUDGED_MALFORMED } from '../../src/kernel/layout.js';
import { rowOfPacket } from '../engine/row-of-packet.js';
import { createDecodeRoom, decodeFile, type DecodedRow } from '../engine/rows.js';
import { GOLDEN_FRAMES } from './golden-frames.js';

const room = createDecodeRoom(1 << 18);
const rowOf = (bytes: Uint8Array, timeNs: bigint): DecodedRow =>
  decodeFile(room, encodePcap([{ timeNs, bytes }]))[0]!;

/** Where the checksums of a golden frame stand: the IP header's, then the transport's. */
const CHECKSUMS: readonly (readonly [string, readonly number[]])[] = [
  ['tcp', [14 + 10, 14 + 20 + 16]],
  ['udp', [14 + 10, 14 + 20 + 6]],
  ['icmp echo', [14 + 10, 14 + 20 + 2]],
  ['ipv6 tcp', [14 + 40 + 16]],
];

describe('CP-5: a mirrored frame', () => {
  describe.each(CHECKSUMS)('%s', (name, places) => {
    const { packet, bytes } = GOLDEN_FRAMES.find((frame) => frame.name === name)!;

    it('may have wrong checksums', () => {
      for (const place of places) {
        const wrong = bytes.slice();
        wrong[place]! ^= 0xff;
        wrong[place + 1]! ^= 0xff;
        expect(rowOf(wrong, packet.timeNs)).toEqual(rowOfPacket(packet, bytes.length));
      }
    });

    it('may be truncated by the session, so that the record calls the rest never sent', () => {
      const long = { ...packet, length: 1500 };
      const longBytes = new Uint8Array(1500);
      longBytes.set(bytes);
      const [at, size] = name === 'ipv6 tcp' ? [18, 1500 - 14 - 40] : [16, 1500 - 14];
      longBytes.set([size >> 8, size & 0xff], at);
      const kept = longBytes.subarray(0, 128);
      expect(rowOf(kept, packet.timeNs)).toEqual(rowOfPacket(long, 128));
    });

    it('ends where its IP length says, whatever pads it', () => {
      const padded = new Uint8Array(bytes.length + 100);
      padded.set(bytes);
      expect(rowOf(padded, packet.timeNs)).toEqual(rowOfPacket(packet, padded.length));
      const [at, size] = name === 'ipv6 tcp' ? [18, 2] : [16, 22];
      padded.set([0, size], at);
      expect(rowOf(padded, packet.timeNs).content).toBe(NOT_JUDGED_MALFORMED);
    });
  });
});
