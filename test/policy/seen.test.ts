import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Address,
  formatPrefix,
  parseAddress,
  prefixContains,
} from '../../src/model/address.js';
import { createSeenPrefixes } from '../../src/policy/seen-prefixes.js';
import { createSeenTraffic } from '../../src/policy/seen-traffic.js';

const address = (text: string): Address => parseAddress(text)!;

describe('addresses that were seen', () => {
  it('are told one by one while they are few, then by neighbours', () => {
    const seen = createSeenPrefixes(3);
    for (const text of ['10.0.1.7', '192.0.2.1', '10.0.1.6', '10.0.1.7']) seen.note(address(text));
    expect(seen.isMerged).toBe(false);
    seen.note(address('10.0.9.9'));
    expect(seen.prefixes().map(formatPrefix)).toEqual([
      '10.0.1.6/31',
      '10.0.9.9/32',
      '192.0.2.1/32',
    ]);
    expect(seen.isMerged).toBe(true);
  });

  it('are all held, by few prefixes that do not hold each other', () => {
    const addresses = fc.array(
      fc.oneof(
        fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((value): Address => ({ family: 4, value })),
        fc.bigInt({ min: 0n, max: 40n }).map((value): Address => ({ family: 4, value })),
        fc
          .bigInt({ min: 0n, max: 2n ** 128n - 1n })
          .map((value): Address => ({ family: 6, value })),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(addresses, fc.integer({ min: 1, max: 6 }), (list, most) => {
        const seen = createSeenPrefixes(most);
        list.forEach((each) => seen.note(each));
        const prefixes = seen.prefixes();
        for (const family of [4, 6]) {
          expect(prefixes.filter((prefix) => prefix.family === family).length).toBeLessThanOrEqual(
            most,
          );
        }
        for (const each of list) {
          expect(prefixes.filter((prefix) => prefixContains(prefix, each))).toHaveLength(1);
        }
        // Each holds something, and holds it on both of its sides.
        for (const prefix of prefixes) {
          const inside = list.filter((each) => prefixContains(prefix, each));
          const values = inside.map(({ value }) => value).sort((a, b) => (a < b ? -1 : 1));
          const width = prefix.family === 4 ? 32n : 128n;
          const half =
            1n << (width - BigInt(prefix.length) - (BigInt(prefix.length) < width ? 1n : 0n));
          if (BigInt(prefix.length) === width) expect(values[0]).toBe(prefix.value);
          else {
            expect(values[0]! < prefix.value + half).toBe(true);
            expect(values.at(-1)! >= prefix.value + half).toBe(true);
          }
        }
      }),
    );
  });
});

it('ports that were seen, and never', () => {
  const seen = createSeenTraffic();
  for (const port of [80, 81, 443]) seen.note(4, 6, port);
  seen.note(4, 1, 0x0304);
  seen.note(6, 1, -1);
  seen.note(4, 50, -1);
  expect(seen.used(8)).toEqual(['tcp/80-81', 'tcp/443', 'icmp/3/4', 'esp']);
  expect(seen.used(2)).toEqual(['tcp/80-81', 'tcp/443', '2 more']);
  const range = { kind: 'ports', protocol: 6, from: 79, to: 82 } as const;
  expect(seen.unused(range, 8)).toEqual(['tcp/79', 'tcp/82']);
  expect(seen.unused({ ...range, protocol: 17 }, 8)).toEqual([]);
});
