import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../src/model/address.js';
import { ipv6Text } from '../../src/model/ipv6-text.js';

// Zeros, so that there are runs of them; groups with leading zeros; the words of mapped addresses.
const word = fc.oneof(
  fc.constantFrom(0, 0xffff, 1, 0x10000, 0xffff_0000, 0x0a00_0001, 0x2001_0db8),
  fc.integer({ min: 0, max: 0xffff_ffff }),
);

describe('the text of an IPv6 address', () => {
  it.each([
    [[0, 0, 0, 0], '::'],
    [[0, 0, 0, 1], '::1'],
    [[0x2001_0db8, 0, 0, 0], '2001:db8::'],
    [[0x2001_0db8, 0x0000_0001, 0x0000_0001, 0x0000_0001], '2001:db8:0:1:0:1:0:1'],
    [[0x2001_0db8, 0, 0x0001_0000, 0x0000_0001], '2001:db8::1:0:0:1'],
    [[0, 0, 0xffff, 0xc000_0207], '::ffff:192.0.2.7'],
  ] as const)('%j is %s (RFC 5952)', (words, text) => {
    const [a, b, c, d] = words;
    expect(ipv6Text(a, b, c, d)).toBe(text);
  });

  it('is that of the library', () => {
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), (words) => {
        const value = words.reduce((sum, each) => (sum << 32n) | BigInt(each), 0n);
        expect(ipv6Text(...words)).toBe(formatAddress({ family: 6, value }));
      }),
      { numRuns: 2000 },
    );
  });
});
