import {
  type Address,
  type Prefix,
  addressWidth,
  formatAddress,
  formatPrefix,
  prefixContains,
  prefixOf,
} from '../model/address.js';
import type { Peer, Rule, SecurityGroup } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';
import { type PeerIndex, indexPeers, resolvePeer } from './peers.js';
import type { ResolvedRule } from './resolve.js';
import { around } from './seen-prefixes.js';

/** The shortest prefix that addresses are put together under, by family. */
export type PrefixWidths = Readonly<Record<4 | 6, number>>;

/** Finds peers for addresses, none of which stands for more than the peers of a rule and of others of its group for the same. */
export type PeerFinder = (of: ResolvedRule, addresses: readonly Address[]) => Peer[];

/**
 * A peer that is a group stays. Else groups stand for those of their members that were seen, if all of them were (SG-10) and the
 * rule may name them (SG-13..SG-19); a prefix list stays if all of its entries were seen and none is wider than the widths; and
 * what is left becomes the smallest prefix around the addresses in each block of the widths.
 */
export function createPeerFinder(
  description: VpcDescription,
  rules: readonly ResolvedRule[],
  widths: PrefixWidths,
): PeerFinder {
  const index = indexPeers(description);
  /** What rules of a group let pass that are the same but for their peers, such as those for both families. */
  const allowed = new Map<string, Prefix[]>();
  for (const { rule, prefixes } of rules) {
    const key = kindOf(rule);
    allowed.set(key, [...(allowed.get(key) ?? []), ...prefixes]);
  }
  return (of, addresses) => {
    const { peer } = of.rule;
    if (peer.kind === 'group') return [peer];
    const isNarrow = of.prefixes.every(({ family, length }) => length >= widths[family]);
    if (peer.kind === 'prefix-list' && isNarrow && isAllSeen(of.prefixes, addresses)) return [peer];
    const within = allowed.get(kindOf(of.rule))!;
    const { groups, rest } = inferGroups(of.rule, within, addresses, description, index);
    return [...groups, ...blocks(of.prefixes, rest, widths)];
  };
}

const kindOf = ({ groupId, direction, traffic }: Rule): string =>
  JSON.stringify([groupId, direction, traffic]);

const isAllSeen = (prefixes: readonly Prefix[], addresses: readonly Address[]): boolean =>
  prefixes.every((prefix) => addresses.some((address) => prefixContains(prefix, address)));

/** Groups that an address is a member of, by its interfaces; the one that stands for most is taken first. */
function inferGroups(
  of: Rule,
  within: readonly Prefix[],
  addresses: readonly Address[],
  { interfaces, groups: described }: VpcDescription,
  index: PeerIndex,
): { groups: Peer[]; rest: readonly Address[] } {
  const seen = new Set(addresses.map(formatAddress));
  const members = new Map<string, { isWhole: boolean }>();
  for (const { groupIds, addresses: held, delegated } of interfaces) {
    const wasSeen =
      held.some((address) => seen.has(formatAddress(address))) ||
      delegated.some((prefix) => addresses.some((address) => prefixContains(prefix, address)));
    for (const groupId of groupIds) {
      const known = members.get(groupId) ?? { isWhole: true };
      members.set(groupId, { isWhole: known.isWhole && wasSeen });
    }
  }
  const candidates = [...members]
    .filter(([, { isWhole }]) => isWhole)
    .flatMap(([groupId]) => {
      const prefixes = membersFor(of, groupId, index);
      const isWithin = prefixes.every((inner) =>
        within.some((outer) => outer.length <= inner.length && prefixContains(outer, inner)),
      );
      return prefixes.length > 0 && isWithin ? [{ groupId, prefixes }] : [];
    });
  const groups: Peer[] = [];
  let rest = addresses;
  for (;;) {
    const [best] = candidates
      .map((each) => ({ ...each, left: rest.filter((address) => !holds(each.prefixes, address)) }))
      .sort(
        (one, other) =>
          one.left.length - other.left.length ||
          one.prefixes.length - other.prefixes.length ||
          (one.groupId < other.groupId ? -1 : 1),
      );
    if (best === undefined || best.left.length === rest.length) return { groups, rest };
    groups.push(referenceTo(best.groupId, of.groupId, described));
    rest = best.left;
  }
}

/** AWS wants the account of a group that is not the rule's own account's (SG-16). */
function referenceTo(groupId: string, from: string, groups: readonly SecurityGroup[]): Peer {
  const ownerOf = (id: string): string | undefined => groups.find((one) => one.id === id)?.ownerId;
  const ownerId = ownerOf(groupId);
  const isOther = ownerId !== undefined && ownerId !== ownerOf(from);
  return { kind: 'group', groupId, ...(isOther && { ownerId }) };
}

function membersFor(rule: Rule, groupId: string, index: PeerIndex): readonly Prefix[] {
  const meaning = resolvePeer({ ...rule, peer: { kind: 'group', groupId } }, index);
  // Over a transit gateway it would not hold at every interface (SG-14).
  return 'problem' in meaning || meaning.overTransit === true ? [] : meaning.prefixes;
}

const holds = (prefixes: readonly Prefix[], address: Address): boolean =>
  prefixes.some((prefix) => prefixContains(prefix, address));

function blocks(
  allowed: readonly Prefix[],
  addresses: readonly Address[],
  widths: PrefixWidths,
): Peer[] {
  const found = new Map<string, Prefix>();
  for (const address of addresses) {
    const outer = allowed
      .filter((prefix) => prefixContains(prefix, address))
      .reduce((one, other) => (other.length > one.length ? other : one));
    const key = formatPrefix(prefixOf(address, Math.max(outer.length, widths[address.family])));
    const own = prefixOf(address, addressWidth(address.family));
    const known = found.get(key);
    found.set(key, known === undefined ? own : around(known, own));
  }
  return [...found.values()].map((prefix): Peer => ({ kind: 'cidr', prefix }));
}
