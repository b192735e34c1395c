import { describe, expect, it } from 'vitest';
import { writeDecodeSettings } from '../../src/engine/settings.js';
import { encodePcap } from '../../src/generate/pcap.js';
import { DECAP_AUTO, DECAP_IPIP } from '../../src/kernel/layout.js';
import { createDecodeRoom, decodeFile } from '../engine/rows.js';

const ETHERNET4 = '020000000002 020000000001 0800';
const ETHERNET6 = '020000000002 020000000001 86dd';
const ENDS4 = '0a000001 0a000002';
const ENDS6 = '20010db8000000000000000000000001 20010db8000000000000000000000002';
const UDP4 = `4500001f 00010000 401166cb ${ENDS4} 03e807d0000bdc1b 010203`;

/** Literal frames, checksums computed by scapy. */
const FRAMES: readonly (readonly [name: string, hex: string])[] = [
  ['udp', `${ETHERNET4} ${UDP4}`],
  [
    'tcp',
    `${ETHERNET4} 45000029 00010000 400666cc ${ENDS4} 03e807d0 00000001 00000002 50180064 90a90000 ff`,
  ],
  ['icmp', `${ETHERNET4} 4500001d 00010000 400166dd ${ENDS4} 0800f0fc 00010002 07`],
  ['options', `${ETHERNET4} 46000023 00010000 4011d1c2 ${ENDS4} 94040000 03e807d0000bdc1b 010203`],
  ['udp over ipv6', `${ETHERNET6} 60000000 000b1140 ${ENDS6} 03e807d0000b94a9 010203`],
  [
    'tcp over ipv6 with options',
    `${ETHERNET6} 60000000 001d0040 ${ENDS6} 0600010400000000 03e807d0 00000001 00000002 50180064 49370000 ff`,
  ],
  ['icmpv6', `${ETHERNET6} 60000000 00093a40 ${ENDS6} 80001d44 00010002 07`],
];

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

interface Counts {
  readonly headers: bigint;
  readonly transports: bigint;
}

function count(
  frames: readonly { bytes: Uint8Array; length?: number }[],
  { checksums = true, decap = 0 } = {},
): Counts {
  const room = createDecodeRoom(1 << 16);
  const { kernel, memory } = room;
  kernel.setupDecode(writeDecodeSettings(memory, { decap, vnis: [], checksums }));
  decodeFile(room, encodePcap(frames.map((frame) => ({ timeNs: 1n, ...frame }))));
  return {
    headers: kernel.wrongHeaderChecksums(),
    transports: kernel.wrongTransportChecksums(),
  };
}

const NONE = { headers: 0n, transports: 0n };

describe('checksums', () => {
  it.each(FRAMES)('%s: any flipped bit counts once, where it is', (_name, hex) => {
    const bytes = bytesOf(hex);
    expect(count([{ bytes }])).toEqual(NONE);
    const v4 = bytes[12] === 0x08;
    const headerEnd = 14 + (v4 ? (bytes[14]! & 15) * 4 : 40);
    // Times to live, checksums, payload: what no check but the sum sees.
    const header = v4 ? [22, 24, 25] : [];
    const transport = [headerEnd + (!v4 && bytes[20] === 0 ? 10 : 2), bytes.length - 1];
    for (const at of [...header, ...transport]) {
      const wrong = bytes.map((value, i) => (i === at ? value ^ 0x40 : value));
      const expected = at < headerEnd ? { ...NONE, headers: 1n } : { ...NONE, transports: 1n };
      expect({ at, ...count([{ bytes: wrong }]) }).toEqual({ at, ...expected });
      expect(count([{ bytes: wrong }], { checksums: false })).toEqual(NONE);
    }
  });

  it('are not asked of fragments and of what is not whole', () => {
    const udp = bytesOf(FRAMES[0]![1]);
    const wrong = udp.map((value, i) => (i === 40 ? value ^ 1 : value));
    expect(count([{ bytes: wrong }])).toEqual({ ...NONE, transports: 1n });
    expect(count([{ bytes: wrong.subarray(0, -1), length: wrong.length }])).toEqual(NONE);
    expect(count([{ bytes: wrong.subarray(0, -1) }])).toEqual(NONE);
    // More fragments to come: the header's sum is wrong then, the datagram's is nobody's.
    const fragment = wrong.map((value, i) => (i === 20 ? 0x20 : value));
    expect(count([{ bytes: fragment }])).toEqual({ ...NONE, headers: 1n });
  });

  it('of udp are none when zero over ipv4, and wrong over ipv6', () => {
    const without = (hex: string, at: number): Buffer => {
      const bytes = bytesOf(hex);
      bytes.writeUInt16BE(0, at);
      return bytes;
    };
    expect(count([{ bytes: without(FRAMES[0]![1], 40) }])).toEqual(NONE);
    expect(count([{ bytes: without(FRAMES[4]![1], 60) }])).toEqual({ ...NONE, transports: 1n });
  });

  it('leave out padding, and take in peeled packets', () => {
    const padded = Buffer.concat([bytesOf(FRAMES[0]![1]), Buffer.alloc(15, 0xee)]);
    expect(count([{ bytes: padded }])).toEqual(NONE);
    const inner = UDP4.replace('010203', '010204');
    const tunnel = bytesOf(`${ETHERNET4} 45000033 00010000 400466c4 ${ENDS4} ${inner}`);
    expect(count([{ bytes: tunnel }])).toEqual(NONE);
    expect(count([{ bytes: tunnel }], { decap: DECAP_AUTO })).toEqual(NONE);
    expect(count([{ bytes: tunnel }], { decap: DECAP_IPIP })).toEqual({ ...NONE, transports: 1n });
  });
});
