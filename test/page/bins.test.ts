import fc from 'fast-check';
import { expect, it } from 'vitest';
import { binsOf } from '../../src/page/bins.js';

const counts = fc.array(fc.nat(1000), { minLength: 1, maxLength: 720 });

it('puts buckets together into so many bars that begin where clocks do, and loses none', () => {
  fc.assert(
    fc.property(
      counts,
      fc.integer({ min: 2, max: 300 }),
      fc.bigInt({ min: -(10n ** 6n), max: 10n ** 9n }),
      (allowed, most, start) => {
        const widthNs = 100_000_000n;
        const data = {
          startNs: String(start * widthNs),
          widthNs: String(widthNs),
          allowed,
          dropped: allowed.map((each) => each * 2),
          eventsNs: [],
        };
        const bins = binsOf(data, most);
        expect(bins.allowed.length).toBeLessThanOrEqual(most);
        expect(bins.startNs % bins.widthNs).toBe(0n);
        const expected = bins.allowed.map(() => 0);
        allowed.forEach((each, i) => {
          const at = (start + BigInt(i)) * widthNs - bins.startNs;
          expected[Number(at / bins.widthNs)]! += each;
        });
        expect(bins.allowed).toEqual(expected);
        expect(bins.dropped).toEqual(expected.map((each) => each * 2));
      },
    ),
  );
});
