import type { Edit } from '../model/edit.js';
import type { SecurityGroup } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';
import { findGroup } from './group.js';
import { refuse, type Applied } from './refusal.js';

/** Removes a group that nothing uses. Rules of peered VPCs that name it become stale (SG-19). */
export function deleteGroup(
  description: VpcDescription,
  { groupId }: Extract<Edit, { kind: 'delete-group' }>,
): Applied {
  const found = findGroup(description, groupId);
  if (found.group === undefined) return found;
  const { name } = found.group;
  if (name === 'default') {
    const message = `the specified group: "${groupId}" name: "default" cannot be deleted by a user`;
    return refuse('CannotDelete', message);
  }
  if (isUsed(description, found.group)) {
    return refuse('DependencyViolation', `resource ${groupId} has a dependent object`);
  }
  const groups = description.groups.filter(({ id }) => id !== groupId);
  return { description: { ...description, groups } };
}

/** By an interface, by a rule of another group of its VPC, or in another VPC (SG-15). */
function isUsed(
  { interfaces, groups, associations }: VpcDescription,
  { id, vpcId }: SecurityGroup,
): boolean {
  return (
    interfaces.some(({ groupIds }) => groupIds.includes(id)) ||
    groups.some(
      (group) =>
        group.id !== id &&
        group.vpcId === vpcId &&
        group.rules.some(({ peer }) => peer.kind === 'group' && peer.groupId === id),
    ) ||
    associations.some(({ groupId, state }) => groupId === id && state !== 'disassociated')
  );
}
