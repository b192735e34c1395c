import {
  type Address,
  addressWidth,
  parsePrefix,
  prefixContains,
  prefixOf,
} from '../model/address.js';
import type { NetworkInterface, Path, Vpc, VpcDescription } from '../model/vpc.js';
import { hidingPath } from '../policy/members.js';
import { hasPrivateAddress, hasPublicAddress } from './peer-identity.js';

/** How an address stands to a group that a rule names, where the rule does not match it. */
export type Membership =
  /** The interface carries the group and has the address: the reference itself does not hold. */
  | { readonly kind: 'member'; readonly eni: NetworkInterface }
  /** So it is, but a middlebox on the way hides it (SG-17). */
  | { readonly kind: 'hidden'; readonly eni: NetworkInterface; readonly path: Path }
  /** The interface carries the group, and this is its public address (SG-10, SG-18). */
  | { readonly kind: 'public'; readonly eni: NetworkInterface }
  /** No loaded interface carries the group, and none has the address: nobody can tell. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'stranger'; readonly memberless: boolean };

export function membershipOf(
  { interfaces, vpcs, paths }: VpcDescription,
  groupId: string,
  address: Address,
): Membership {
  const carriers = interfaces.filter(({ groupIds }) => groupIds.includes(groupId));
  const members = carriers.filter((eni) => hasPrivateAddress(eni, address));
  const eni = members[0];
  if (eni !== undefined) {
    const path = hidingPath(paths, prefixOf(address, addressWidth(address.family)));
    return path === undefined ? { kind: 'member', eni } : { kind: 'hidden', eni, path };
  }
  const owner = carriers.find((one) => hasPublicAddress(one, address));
  if (owner !== undefined) return { kind: 'public', eni: owner };
  const memberless = carriers.length === 0;
  return memberless && isUnaccounted(interfaces, vpcs, address)
    ? { kind: 'unknown' }
    : { kind: 'stranger', memberless };
}

/** Whether an address may be one of an interface that no document has. */
function isUnaccounted(
  interfaces: readonly NetworkInterface[],
  vpcs: readonly Vpc[],
  address: Address,
): boolean {
  const isNear = vpcs.some(({ prefixes }) => prefixes.some((one) => prefixContains(one, address)));
  if (!isNear && !isPrivate(address)) return false;
  return !interfaces.some(
    (eni) => hasPrivateAddress(eni, address) || hasPublicAddress(eni, address),
  );
}

/** Whether it may be a private address of an interface: those of RFC 1918 and RFC 6598; of IPv6 any may. */
function isPrivate(address: Address): boolean {
  return address.family === 6 || PRIVATE.some((prefix) => prefixContains(prefix, address));
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(
  (text) => parsePrefix(text)!.prefix,
);
