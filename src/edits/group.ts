import type { Refusal } from '../model/edit.js';
import type { SecurityGroup } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';

/** The group, or AWS's refusal when its id is malformed or unknown. */
export function findGroup(
  { groups }: VpcDescription,
  groupId: string,
): { readonly group: SecurityGroup } | { readonly refusal: Refusal; readonly group?: never } {
  const group = groups.find(({ id }) => id === groupId);
  return group === undefined ? { refusal: noSuchGroup(groupId) } : { group };
}

/** Why a group id that names nothing is refused. */
export function noSuchGroup(groupId: string): Refusal {
  return groupId.startsWith('sg-')
    ? {
        code: 'InvalidGroup.NotFound',
        message: `The security group '${groupId}' does not exist`,
      }
    : {
        code: 'InvalidGroupId.Malformed',
        message: `Invalid id: "${groupId}" (expecting "sg-...")`,
      };
}

/** The description with another group in the place of the one with its id. */
export function withGroup(description: VpcDescription, group: SecurityGroup): VpcDescription {
  return {
    ...description,
    groups: description.groups.map((other) => (other.id === group.id ? group : other)),
  };
}
