import type { Edit } from '../model/edit.js';
import type { SecurityGroup } from '../model/security-group.js';
import type { NetworkInterface, VpcDescription } from '../model/vpc.js';
import { findGroup } from './group.js';
import { refuse, type Applied } from './refusal.js';
import { findTarget, withInterfaces } from './target.js';

/** Replaces the groups of an interface. Connections that are tracked live on (CT-8). */
export function setGroups(
  description: VpcDescription,
  edit: Extract<Edit, { kind: 'set-groups' }>,
): Applied {
  const target = findTarget(description, edit.target);
  if (target.eni === undefined) return target;
  const { eni } = target;
  const groupIds = [...new Set(edit.groupIds)];
  if (groupIds.length === 0) {
    const message = `Network interface '${eni.id}' must have at least one security group`;
    return refuse('InvalidParameterValue', message);
  }
  if (groupIds.length > MOST_GROUPS) {
    const message = 'The maximum number of security groups per interface has been reached.';
    return refuse('SecurityGroupsPerInterfaceLimitExceeded', message);
  }
  for (const groupId of groupIds) {
    const found = findGroup(description, groupId);
    if (found.group === undefined) return found;
    if (mayCarry(description, eni, found.group)) continue;
    const message = `Security group ${groupId} and network interface ${eni.id} belong to different networks.`;
    return refuse('InvalidParameter', message);
  }
  return { description: withInterfaces(description, { ...eni, groupIds }) };
}

/** PR-7: the quota is 5, and AWS raises it up to this on demand. */
const MOST_GROUPS = 16;

/** SG-15. */
function mayCarry(
  { associations }: VpcDescription,
  { vpcId }: NetworkInterface,
  group: SecurityGroup,
): boolean {
  return (
    group.vpcId === vpcId ||
    associations.some(
      (one) => one.groupId === group.id && one.vpcId === vpcId && one.state === 'associated',
    )
  );
}
