import type { Rule, SecurityGroup } from '../model/security-group.js';
import type { NetworkInterface, VpcDescription } from '../model/vpc.js';
import { addFault, cut, type Faults } from './faults.js';

/**
 * Checks that interfaces carry groups which AWS lets them carry, of their VPC (SG-15) and account (SG-16), and that
 * rules name groups by their own account.
 */
export function checkGroupUse(description: VpcDescription, faults: Faults): void {
  checkAssociations(description, faults);
  const groups = new Map(description.groups.map((group) => [group.id, group]));
  const states = associationStates(description);
  for (const eni of description.interfaces) {
    for (const groupId of eni.groupIds) {
      const group = groups.get(groupId);
      if (group === undefined) continue;
      checkVpc(eni, group, states, faults);
      checkOwner(eni, group, faults);
    }
  }
  for (const rule of description.groups.flatMap((group) => group.rules)) {
    checkPeerOwner(rule, groups, faults);
  }
}

/** AWS makes no association of a default group, nor one with a default VPC. */
function checkAssociations({ associations, groups, vpcs }: VpcDescription, faults: Faults): void {
  const defaultGroups = idsOf(groups.filter(({ name }) => name === 'default'));
  const defaultVpcs = idsOf(vpcs.filter(({ isDefault }) => isDefault));
  for (const { groupId, vpcId, state, place } of associations) {
    if (state !== 'associated') continue;
    const refuse = (fact: string, fix: string): void =>
      addFault(faults, 'error', 'association', place, fact, fix);
    if (defaultGroups.has(groupId)) {
      const fact = `${cut(groupId)} is a default group, which cannot be associated with another VPC`;
      refuse(fact, 'associate another group');
    }
    if (defaultVpcs.has(vpcId)) {
      const fact = `${cut(vpcId)} is a default VPC, with which no group can be associated`;
      refuse(fact, 'make a group in that VPC');
    }
  }
}

const idsOf = (nouns: readonly { readonly id: string }[]): ReadonlySet<string> =>
  new Set(nouns.map(({ id }) => id));

const pairOf = (groupId: string, vpcId: string): string => JSON.stringify([groupId, vpcId]);

/** By `pairOf`; of several associations of one pair, one that holds counts. */
function associationStates({ associations }: VpcDescription): ReadonlyMap<string, string> {
  const states = new Map<string, string>();
  for (const { groupId, vpcId, state } of associations) {
    const pair = pairOf(groupId, vpcId);
    if (states.get(pair) !== 'associated') states.set(pair, state);
  }
  return states;
}

function checkVpc(
  eni: NetworkInterface,
  group: SecurityGroup,
  states: ReadonlyMap<string, string>,
  faults: Faults,
): void {
  if (group.vpcId === '' || group.vpcId === eni.vpcId) return;
  const state = states.get(pairOf(group.id, eni.vpcId));
  if (state === 'associated') return;
  const what = `${cut(eni.id)} of ${cut(eni.vpcId)} carries ${cut(group.id)} of ${cut(group.vpcId)}`;
  const fact =
    state === undefined
      ? `${what}, and no document associates the group with that VPC`
      : `${what}, whose association with that VPC is ${cut(state)}`;
  const fix = 'add the output of `aws ec2 describe-security-group-vpc-associations`';
  addFault(faults, 'warning', 'group-vpc', eni.place, fact, fix);
}

/** Interfaces that a service made may belong to another account than the one that asked for them. */
function checkOwner(eni: NetworkInterface, group: SecurityGroup, faults: Faults): void {
  if (eni.requesterManaged || eni.ownerId === undefined || group.ownerId === undefined) return;
  if (eni.ownerId === group.ownerId) return;
  const fact = `${cut(eni.id)} of account ${cut(eni.ownerId)} carries ${cut(group.id)} of account ${cut(group.ownerId)}`;
  const fix = 'check that the group is shared with that account: others cannot be used';
  addFault(faults, 'warning', 'group-owner', eni.place, fact, fix);
}

/** A group's id is its own in all of AWS, so the rule still means the group. */
function checkPeerOwner(
  { peer, place }: Rule,
  groups: ReadonlyMap<string, SecurityGroup>,
  faults: Faults,
): void {
  if (peer.kind !== 'group') return;
  const owner = groups.get(peer.groupId)?.ownerId;
  if (owner === undefined || peer.ownerId === undefined || owner === peer.ownerId) return;
  const id = cut(peer.groupId);
  const fact = `rule names ${id} of account ${cut(peer.ownerId)}, but it belongs to ${cut(owner)}`;
  addFault(faults, 'warning', 'group-owner', place, fact, `name it ${cut(owner)}/${id}`);
}
