import { describe, expect, it } from 'vitest';
import { encodePcap } from '../../src/generate/pcap.js';

const frame = { timeNs: 1_700_000_000_123_456_789n, bytes: Uint8Array.of(1, 2, 3, 4) };
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

// 1,700,000,000 = 6553f100, 123,456 = 0001e240, 123,456,789 = 075bcd15, 262,144 = 00040000.
describe('encodePcap', () => {
  it('writes little-endian microseconds, truncated', () => {
    expect(hex(encodePcap([frame]))).toBe(
      'd4c3b2a10200040000000000000000000000040001000000' +
        '00f1536540e20100040000000400000001020304',
    );
  });

  it('writes big-endian nanoseconds and another link type', () => {
    expect(hex(encodePcap([frame], { bigEndian: true, nanoseconds: true, linkType: 101 }))).toBe(
      'a1b23c4d0002000400000000000000000004000000000065' +
        '6553f100075bcd15000000040000000401020304',
    );
  });

  it('cuts frames at the snap length and keeps their length on the wire', () => {
    expect(hex(encodePcap([frame, { ...frame, length: 9 }], { snapLength: 3 }))).toBe(
      'd4c3b2a10200040000000000000000000300000001000000' +
        '00f1536540e201000300000004000000010203' +
        '00f1536540e201000300000009000000010203',
    );
  });

  it.each([-1n, 2n ** 32n * 1_000_000_000n])('throws RangeError for the time %s', (timeNs) => {
    expect(() => encodePcap([{ timeNs, bytes: new Uint8Array() }])).toThrow(RangeError);
  });
});
