import { describe, expect, it } from 'vitest';
import { parseInterface, parseSectionHeader } from '../../src/capture/pcapng-section.js';
import { blocksIn } from './pcapng-blocks.js';
import { readWithTshark, tsharkAbsent } from './tshark.js';

const little = blocksIn('little');
const big = blocksIn('big');
const { section, card, packet, option } = little;
const END = option(0, '');
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const signed64 = (value: bigint): Uint8Array => {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigInt64(0, value, true);
  return new Uint8Array(view.buffer);
};
const cat = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);

describe('section header (draft-ietf-opsawg-pcapng section 4.1)', () => {
  it('tells the byte order', () => {
    expect(parseSectionHeader(section())).toEqual({ swapped: false });
    expect(parseSectionHeader(big.section())).toEqual({ swapped: true });
    expect(parseSectionHeader(big.section([1, 0], big.option(1, 'abc')))).toEqual({
      swapped: true,
    });
  });

  it('of no byte order is a fault', () =>
    expect(parseSectionHeader(section([1, 0], END, 0x1a2b3c4e))).toEqual({
      fault: "the section header's byte order 0x4e3c2b1a is unknown",
    }));

  it('that is cut at any length is a fault', () => {
    const whole = section([1, 0], cat(option(4, 'dumpcap'), END));
    for (let size = 0; size < whole.length; size++) {
      expect(parseSectionHeader(whole.subarray(0, size))).toHaveProperty('fault');
    }
    expect(parseSectionHeader(whole)).toEqual({ swapped: false });
  });
});

describe('interface description (section 4.2)', () => {
  it('without options is Ethernet in microseconds', () => {
    const plain = {
      linkType: 1,
      snapLength: 0,
      resolution: { base: 10, exponent: 6 },
      offsetSeconds: 0n,
    };
    expect(parseInterface(card(), false)).toEqual(plain);
    expect(parseInterface(big.card(), true)).toEqual(plain);
  });

  it('with options, in either byte order', () => {
    const told = { linkType: 101, resolution: { base: 2, exponent: 20 }, name: 'eth0' };
    for (const [of, swapped] of [
      [little, false],
      [big, true],
    ] as const) {
      const options = cat(of.option(3, 'uplink'), of.option(2, 'eth0'), of.option(9, bytes(0x94)));
      expect(parseInterface(of.card(options, 101), swapped)).toMatchObject(told);
    }
  });

  it('of the number that one system gave raw IP', () => {
    expect(parseInterface(card(END, 12), false)).toMatchObject({ linkType: 101 });
  });

  it('that is cut at any length is a fault', () => {
    const whole = card(cat(option(2, 'eth0'), option(9, bytes(9)), END));
    for (let size = 0; size < whole.length; size++) {
      expect(parseInterface(whole.subarray(0, size), false)).toHaveProperty('fault');
    }
  });
});

const LAST = Buffer.from('45000000', 'hex');

/** Sections, each with an interface, that tshark takes or refuses; we do the same. */
const SECTIONS: readonly (readonly [what: string, header: Buffer])[] = [
  ['version 1.0', section()],
  ['version 1.2', section([1, 2])],
  ['version 1.1', section([1, 1])],
  ['version 2.0', section([2, 0])],
  ['version 0.9', section([0, 9])],
  ['a comment without an end of options', section([1, 0], option(1, 'abcd'))],
  ['bytes behind the end of options', section([1, 0], cat(END, Buffer.alloc(8, 0xff)))],
  ['an end of options of 4 bytes', section([1, 0], option(0, 'abcd'))],
  ['an end of options that is too long', section([1, 0], option(0, '', 40))],
  ['an option that is too long', section([1, 0], option(1, 'abcd', 9))],
  ['an option of 12336 bytes', section([1, 0], option(0x3030, '0000', 0x3030))],
];

const CARDS: readonly (readonly [what: string, options: Buffer])[] = [
  ['no options', Buffer.alloc(0)],
  ...[0, 3, 6, 9, 10, 12, 0x80, 0x8a, 0x94, 0x9e, 0xa0].map(
    (value) => [`a resolution of ${value}`, cat(option(9, bytes(value)), END)] as const,
  ),
  ['a resolution of 2 bytes', cat(option(9, bytes(9, 0)), END)],
  ['an empty resolution', cat(option(9, ''), END)],
  ['two resolutions', cat(option(9, bytes(9)), option(9, bytes(3)), END)],
  ['an offset', cat(option(14, signed64(10n)), END)],
  ['an offset into the past', cat(option(14, signed64(-10n)), END)],
  ['two offsets', cat(option(14, signed64(10n)), option(14, signed64(20n)), END)],
  ['an offset of 4 bytes', cat(option(14, bytes(1, 0, 0, 0)), END)],
  ['a name', cat(option(2, 'eth0'), END)],
  ['a name with a zero in it', cat(option(2, 'et\0h0'), END)],
  ['two names', cat(option(2, 'eth0'), option(2, 'eth1'), END)],
  ['an option that is too long', option(2, 'eth0', 90)],
  ['an option without its padding', option(9, '', 1)],
  ['half an option', bytes(2, 0) as Buffer],
  ['an empty filter', cat(option(11, ''), END)],
  ['a custom option without its number', cat(option(2988, bytes(0, 0)), END)],
];

describe.skipIf(tsharkAbsent)('what tshark takes and refuses, we do', () => {
  it.each(SECTIONS)('a section with %s', (_, header) => {
    const { frames } = readWithTshark(cat(header, card(), packet(1n, LAST)), ['frame.number']);
    expect('fault' in parseSectionHeader(header)).toBe(frames.length === 0);
  });

  it.each(CARDS)('an interface with %s', (_, options) => {
    const ticks = 1_700_000_000_123_456n;
    const block = card(options);
    const fields = ['frame.time_epoch', 'frame.interface_name'];
    const { frames } = readWithTshark(cat(section(), block, packet(ticks, LAST)), fields);
    const parsed = parseInterface(block, false);
    if ('fault' in parsed) {
      expect(frames).toEqual([]);
      return;
    }
    const { resolution, offsetSeconds, name } = parsed;
    const perSecond = BigInt(resolution.base) ** BigInt(resolution.exponent);
    const seconds = ticks / perSecond + offsetSeconds;
    const nanoseconds = ((ticks % perSecond) * 1_000_000_000n) / perSecond;
    expect(frames).toEqual([
      [`${seconds}.${String(nanoseconds).padStart(9, '0')}`, name ?? 'unknown'],
    ]);
  });
});
