import { addressWidth, prefixContains, prefixOf, type Prefix } from '../model/address.js';
import type { NetworkInterface, Path, PathKind, VpcDescription } from '../model/vpc.js';
import type { GroupVpcs } from './group-vpcs.js';

/**
 * Private addresses and delegated prefixes of the interfaces that carry a group, by group (SG-10, SG-17, SG-18). An
 * Elastic IP never stands in an interface's address list.
 */
export function groupMembers(
  { interfaces, paths }: VpcDescription,
  { removed }: GroupVpcs,
): ReadonlyMap<string, readonly Prefix[]> {
  const members = new Map<string, Prefix[]>();
  for (const eni of interfaces) {
    const held = heldBy(eni).filter((prefix) => hidingPath(paths, prefix) === undefined);
    for (const groupId of new Set(eni.groupIds)) {
      if (removed.get(groupId)?.has(eni.vpcId)) continue;
      const prefixes = members.get(groupId);
      if (prefixes === undefined) members.set(groupId, [...held]);
      else for (const prefix of held) prefixes.push(prefix);
    }
  }
  return members;
}

/** The middlebox on the way to a prefix that hides which groups stand behind it. */
export function hidingPath(paths: readonly Path[], inner: Prefix): Path | undefined {
  return paths.find(({ via, prefix }) => HIDING.includes(via) && isWithin(inner, prefix));
}

/** Middleboxes that rewrite addresses, or on whose way AWS does not follow memberships (SG-14, SG-17). */
const HIDING: readonly PathKind[] = [
  'nat-gateway',
  'network-firewall',
  'network-load-balancer',
  'gateway-load-balancer',
  'privatelink',
  'appliance',
];

const heldBy = ({ addresses, delegated }: NetworkInterface): readonly Prefix[] => [
  ...addresses.map((address) => prefixOf(address, addressWidth(address.family))),
  ...delegated,
];

const isWithin = (inner: Prefix, outer: Prefix): boolean =>
  inner.length >= outer.length && prefixContains(outer, inner);
