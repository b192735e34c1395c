import fc from 'fast-check';
import { Address4 } from 'ip-address';
import { expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../src/model/address.js';

it('IPv4 addresses are written as the package ip-address writes them, and read back', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 0xffff_ffffn), (value) => {
      const text = formatAddress({ family: 4, value });
      expect(text).toBe(Address4.fromBigInt(value).correctForm());
      expect(parseAddress(text)).toEqual({ family: 4, value });
    }),
  );
});
