import {
  formatPrefix,
  parseAddress,
  parsePrefix,
  type Address,
  type Prefix,
} from '../model/address.js';
import { shown } from './faults.js';
import { fail, warn, type Place } from './place.js';

/** Reads a CIDR block or single address (SG-8); host bits are cleared with a warning (PR-4). */
export function readPrefix(text: string, place: Place, family?: 4 | 6): Prefix | undefined {
  const parsed = parsePrefix(text);
  if (parsed === undefined || (family !== undefined && parsed.prefix.family !== family)) {
    fail(place, 'cidr', `${shown(text)} is not ${KINDS[family ?? 0]}`, EXAMPLES[family ?? 0]);
    return undefined;
  }
  if (parsed.hostBits) {
    const canonical = formatPrefix(parsed.prefix);
    warn(place, 'host-bits', `${shown(text)} has host bits`, `it is read as ${canonical}`);
  }
  return parsed.prefix;
}

/** Reads a plain address. */
export function readAddress(text: string, place: Place, family?: 4 | 6): Address | undefined {
  const address = parseAddress(text);
  if (address === undefined || (family !== undefined && address.family !== family)) {
    const kind = family === undefined ? 'an IP address' : `an IPv${family} address`;
    fail(place, 'address', `${shown(text)} is not ${kind}`, 'write the address alone');
    return undefined;
  }
  return address;
}

const KINDS = { 0: 'a CIDR block', 4: 'an IPv4 CIDR block', 6: 'an IPv6 CIDR block' } as const;

const EXAMPLES = {
  0: 'write it like 10.0.0.0/16 or 2001:db8::/56',
  4: 'write it like 10.0.0.0/16',
  6: 'write it like 2001:db8::/56',
} as const;
