import { instant } from '../../src/model/instant-text.js';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { bytes, count, counted, duration, shares } from '../../src/report/quantity.js';

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [123_456, '123,456'],
  [Number.MAX_SAFE_INTEGER, '9,007,199,254,740,991'],
])('count %i', (value, text) => {
  expect(count(value)).toBe(text);
});

test('counted takes the singular for one only', () => {
  expect([0, 1, 2].map((value) => counted(value, 'packet'))).toEqual([
    '0 packets',
    '1 packet',
    '2 packets',
  ]);
});

// SI prefixes: powers of 1000; three digits, and no fourth by rounding
test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [9_994, '9.99 kB'],
  [9_996, '10.0 kB'],
  [99_949, '99.9 kB'],
  [99_951, '100 kB'],
  [999_499, '999 kB'],
  [999_500, '1.00 MB'],
  [98_343_210, '98.3 MB'],
  [1e9, '1.00 GB'],
  [1e12, '1.00 TB'],
  [Number.MAX_SAFE_INTEGER, '9.01 PB'],
])('bytes %i', (value, text) => {
  expect(bytes(value)).toBe(text);
});

describe('shares', () => {
  it('adds up to 100 by largest remainder', () => {
    expect(shares([1, 1, 1])).toEqual(['33.4 %', '33.3 %', '33.3 %']);
    expect(shares([50, 50])).toEqual(['50.0 %', '50.0 %']);
  });

  it('does not call something nothing, nor nearly all everything', () => {
    expect(shares([9_999_999, 1, 0])).toEqual(['>99.9 %', '<0.1 %', '0.0 %']);
    expect(shares([5, 0])).toEqual(['100.0 %', '0.0 %']);
    expect(shares([0, 0])).toEqual(['0.0 %', '0.0 %']);
  });

  it('shows each share within 0.1 of its value, and 100 in all', () => {
    const parts = fc.array(fc.nat(1_000_000_000_000), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        parts.filter((list) => list.some((part) => part > 0)),
        (list) => {
          const total = list.reduce((sum, part) => sum + part, 0);
          const shown = shares(list).map((text) =>
            text === '<0.1 %' ? 0 : text === '>99.9 %' ? 100 : Number(text.slice(0, -2)),
          );
          shown.forEach((percent, index) => {
            expect(Math.abs(percent - (100 * list[index]!) / total)).toBeLessThan(0.1001);
          });
          expect(shown.reduce((sum, percent) => sum + percent, 0)).toBeCloseTo(100, 6);
        },
      ),
    );
  });
});

test.each([
  [1_700_000_000_000_000_000n, '2023-11-14T22:13:20.000Z'],
  [1_700_000_000_999_999_999n, '2023-11-14T22:13:20.999Z'],
  [0n, '1970-01-01T00:00:00.000Z'],
  [-1n, '1969-12-31T23:59:59.999Z'],
  [8_640_000_000_000_000_000_000n, '+275760-09-13T00:00:00.000Z'],
  [8_640_000_000_000_001_000_000n, '8640000000000001000000 ns'],
])('instant %s', (timeNs, text) => {
  expect(instant(timeNs)).toBe(text);
});

test.each([
  [0n, '0 ns'],
  [999n, '999 ns'],
  [1_500n, '1.5 µs'],
  [250_000_000n, '250 ms'],
  [59_912_345_000n, '59.912 s'],
  [123_000_000_000n, '2 min 3 s'],
  [3_600_000_000_000n, '1 h 0 min'],
  [432_000_000_000_000n, '5 d 0 h'],
])('duration %s', (ns, text) => {
  expect(duration(ns)).toBe(text);
});
