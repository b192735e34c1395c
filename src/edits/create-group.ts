import type { Edit, Refusal } from '../model/edit.js';
import type { Rule } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';
import { noSuchGroup } from './group.js';
import { refuse, type Applied } from './refusal.js';

type CreateGroup = Extract<Edit, { kind: 'create-group' }>;

/** Adds a group with AWS's default rules (SG-5), after the others. */
export function createGroup(
  description: VpcDescription,
  edit: CreateGroup,
  nextRuleId: () => string,
): Applied {
  const { groupId, vpcId } = edit;
  // PR-6: AWS trims the name.
  const name = edit.name.trimEnd();
  const wrong = nameFault(name);
  if (wrong !== undefined) return { refusal: wrong };
  if (!groupId.startsWith('sg-')) return { refusal: noSuchGroup(groupId) };
  if (!isKnownVpc(description, vpcId)) {
    return refuse('InvalidVpcID.NotFound', `The vpc ID '${vpcId}' does not exist`);
  }
  const lower = name.toLowerCase();
  const taken = description.groups.some(
    (group) => group.vpcId === vpcId && group.name.toLowerCase() === lower,
  );
  if (taken) {
    const message = `The security group '${name}' already exists for VPC '${vpcId}'`;
    return refuse('InvalidGroup.Duplicate', message);
  }
  if (isKnownGroup(description, groupId)) {
    return refuse('InvalidGroup.Duplicate', `The security group '${groupId}' already exists`);
  }
  const group = {
    id: groupId,
    name,
    vpcId,
    description: edit.description,
    rules: defaultEgress(description, edit, nextRuleId),
    place: '',
  };
  return { description: { ...description, groups: [...description.groups, group] } };
}

/** PR-6. */
function nameFault(name: string): Refusal | undefined {
  if (name.toLowerCase() === 'default') {
    return {
      code: 'InvalidGroup.Reserved',
      message: `The security group name '${name}' is reserved`,
    };
  }
  if (NAME.test(name) && !name.toLowerCase().startsWith('sg-')) return undefined;
  const rule =
    "Names have 1 to 255 characters from a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$*, and do not start with 'sg-'.";
  return { code: 'InvalidParameterValue', message: `Invalid value for groupName. ${rule}` };
}

const NAME = /^[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/;

/** Documents need not describe a VPC whose groups and interfaces they describe. */
function isKnownVpc(description: VpcDescription, id: string): boolean {
  const { vpcs, subnets, groups, interfaces, peerings } = description;
  const { associations, transitAttachments } = description;
  const within = [...subnets, ...groups, ...interfaces, ...associations, ...transitAttachments];
  return (
    vpcs.some((vpc) => vpc.id === id) ||
    within.some(({ vpcId }) => vpcId === id) ||
    peerings.some(({ requester, accepter }) => requester.vpcId === id || accepter.vpcId === id)
  );
}

function isKnownGroup({ groups, interfaces }: VpcDescription, id: string): boolean {
  return (
    groups.some((group) => group.id === id) ||
    interfaces.some(({ groupIds }) => groupIds.includes(id))
  );
}

function defaultEgress(
  { vpcs }: VpcDescription,
  { groupId, vpcId }: CreateGroup,
  nextRuleId: () => string,
): readonly Rule[] {
  const hasIpv6 = vpcs.some(
    ({ id, prefixes }) => id === vpcId && prefixes.some(({ family }) => family === 6),
  );
  const families = hasIpv6 ? ([4, 6] as const) : ([4] as const);
  return families.map((family) => ({
    id: nextRuleId(),
    groupId,
    direction: 'egress',
    traffic: { kind: 'all' },
    peer: { kind: 'cidr', prefix: { family, value: 0n, length: 0 } },
    place: '',
  }));
}
