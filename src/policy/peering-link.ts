import type { Peering } from '../model/vpc.js';

/** Peerings by `pairKey` of their VPCs; a deleted one may stand beside its successor. */
export type PeeringsByPair = ReadonlyMap<string, readonly Peering[]>;

export function indexPeerings(peerings: readonly Peering[]): PeeringsByPair {
  const pairs = new Map<string, Peering[]>();
  for (const peering of peerings) {
    const key = pairKey(peering.requester.vpcId, peering.accepter.vpcId);
    const pair = pairs.get(key);
    if (pair === undefined) pairs.set(key, [peering]);
    else pair.push(peering);
  }
  return pairs;
}

/** Whether groups of two VPCs may be referenced over a peering (SG-13); `none` when there is no peering at all. */
export function peeringLink(
  one: string,
  other: string,
  pairs: PeeringsByPair,
): 'linked' | 'stale' | 'other-region' | 'none' {
  const peerings = pairs.get(pairKey(one, other)) ?? [];
  const active = peerings.filter(({ status }) => status === 'active');
  if (active.some(isSameRegion)) return 'linked';
  if (active.length > 0) return 'other-region';
  return peerings.length > 0 ? 'stale' : 'none';
}

const pairKey = (one: string, other: string): string => JSON.stringify([one, other].sort());

/** A Region that no document names is taken for the same one. */
function isSameRegion({ requester, accepter }: Peering): boolean {
  return (
    requester.region === undefined ||
    accepter.region === undefined ||
    requester.region === accepter.region
  );
}
