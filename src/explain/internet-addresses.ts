import { type Address, parsePrefix, prefixContains } from '../model/address.js';
import type { VpcDescription } from '../model/vpc.js';
import { ownPrefixes } from './internet.js';

/**
 * Tells addresses of the internet: those that belong to none of the VPCs, nor to their interfaces, and are routed there. Blocks
 * for documentation count, since captures that are shown to others are full of them.
 */
export function createInternet(description: VpcDescription): (address: Address) => boolean {
  const elsewhere = [...RESERVED, ...ownPrefixes(description)];
  const known = new Map<string, boolean>();
  return (address) => {
    const key = `${address.family} ${address.value}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const isThere = !elsewhere.some((prefix) => prefixContains(prefix, address));
    if (known.size < KNOWN_MAX) known.set(key, isThere);
    return isThere;
  };
}

/** Addresses that are remembered. */
const KNOWN_MAX = 65_536;

/** Not globally reachable by the registries of special addresses (RFC 6890), multicast (RFC 5771, RFC 4291), and shared (RFC 6598). */
const RESERVED = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/4'],
  ...['240.0.0.0/4', '::/128', '::1/128', '100::/64', 'fc00::/7', 'fe80::/10', 'ff00::/8'],
].map((text) => parsePrefix(text)!.prefix);
