import type { VpcDescription } from '../model/vpc.js';

/** Where groups live (SG-13, SG-15). */
export interface GroupVpcs {
  /** Of every group described or carried: its own VPC first, then those associated. Empty when no document tells. */
  readonly vpcs: ReadonlyMap<string, readonly string[]>;
  /** Of a group, the VPCs whose association is in another state than `associated`, with that state (SG-19). */
  readonly removed: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** A group that is carried but not described lives where its first carrier does. */
export function indexGroupVpcs({ groups, interfaces, associations }: VpcDescription): GroupVpcs {
  const vpcs = new Map<string, string[]>();
  for (const { id, vpcId } of groups) {
    if (!vpcs.has(id)) vpcs.set(id, vpcId === '' ? [] : [vpcId]);
  }
  for (const { groupIds, vpcId } of interfaces) {
    for (const groupId of groupIds) if (!vpcs.has(groupId)) vpcs.set(groupId, [vpcId]);
  }
  const removed = new Map<string, Map<string, string>>();
  for (const { groupId, vpcId, state } of associations) {
    const known = vpcs.get(groupId);
    if (state === 'associated') {
      // Of a group whose own VPC is not known nothing would be gained.
      if (known !== undefined && known.length > 0 && !known.includes(vpcId)) known.push(vpcId);
    } else {
      const states = removed.get(groupId) ?? new Map<string, string>();
      removed.set(groupId, states.set(vpcId, state));
    }
  }
  // What was associated anew counts, and a group is never cut off from its own VPC.
  for (const [groupId, states] of removed) {
    for (const vpcId of vpcs.get(groupId) ?? []) states.delete(vpcId);
  }
  return { vpcs, removed };
}
