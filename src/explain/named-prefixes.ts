import type { Prefix } from '../model/address.js';
import type { VpcDescription } from '../model/vpc.js';

/** Every block that rules, prefix lists and paths name. */
export function namedPrefixes({ groups, prefixLists, paths }: VpcDescription): readonly Prefix[] {
  const peers = groups.flatMap(({ rules }) => rules.map(({ peer }) => peer));
  return [
    ...peers.flatMap((peer) => (peer.kind === 'cidr' ? [peer.prefix] : [])),
    ...prefixLists.flatMap(({ entries = [] }) => entries),
    ...paths.map(({ prefix }) => prefix),
  ];
}
