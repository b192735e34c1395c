import type { Address } from '../model/address.js';

/** An address as rows and connection records hold it: IPv4 as ::ffff:a.b.c.d. */
export function readAddress(view: DataView, at: number, ipv6: boolean): Address {
  const low = view.getBigUint64(at + 8, true);
  if (!ipv6) return { family: 4, value: BigInt.asUintN(32, low) };
  return { family: 6, value: (view.getBigUint64(at, true) << 64n) | low };
}
