import { type Address, formatAddress, parseAddress } from '../model/address.js';
import type { NetworkInterface } from '../model/vpc.js';
import { shown } from './faults.js';
import { inside, warn, type Place } from './place.js';
import { memberOf } from './shape.js';
import { uniqueBy } from './unique.js';

/** Elastic, public and carrier addresses that an interface, or one of its private addresses, is associated with. */
export function readAssociated(value: unknown, place: Place): readonly Address[] {
  const association = memberOf(value, 'Association');
  const at = inside(place, 'Association');
  return ['PublicIp', 'CarrierIp'].flatMap((key) => readPublic(association, key, at));
}

/** A public IPv4 address, if there is one. No verdict rests on it: what cannot be read is no error. */
export function readPublic(value: unknown, key: string, place: Place): readonly Address[] {
  const text = memberOf(value, key);
  if (text === undefined || text === null || text === '') return [];
  const address = typeof text === 'string' ? parseAddress(text) : undefined;
  if (address?.family === 4) return [address];
  const fact = `${shown(text)} is not an IPv4 address`;
  warn(inside(place, key), 'address', fact, 'explanations do without it');
  return [];
}

/** The property of an interface, left out when there is nothing to tell. */
export function publicAddresses(
  ...lists: readonly (readonly Address[])[]
): Pick<NetworkInterface, 'publicAddresses'> {
  const addresses = uniqueBy(lists.flat(), formatAddress);
  return addresses.length === 0 ? {} : { publicAddresses: addresses };
}
