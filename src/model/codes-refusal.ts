import type { CodeNote } from './code-entry.js';

/** AWS's own error codes, for edits that AWS would refuse: `sgsim ec2` and `--events`. */
export const REFUSAL_CODES: Readonly<Record<string, CodeNote>> = {
  CannotDelete: {
    text: 'the group cannot be deleted',
    usually: 'it is the default group of its VPC',
    remedy: 'leave it; take it off the interfaces instead',
  },
  DependencyViolation: {
    text: 'the group is in use',
    usually: 'an interface carries it, or a rule of another group names it',
    remedy: 'take it off the interfaces and out of the rules first',
  },
  'InvalidGroup.Duplicate': {
    text: 'a group of this name or id exists',
    usually: 'names are unique in a VPC, whatever their case',
    remedy: 'choose another name',
  },
  'InvalidGroup.NotFound': {
    text: 'the group does not exist, or cannot be named from there',
    usually: 'a typing error, or a group of a VPC that is not connected',
    remedy: 'check the id; name a CIDR block where the VPCs are not connected',
  },
  'InvalidGroup.Reserved': {
    text: 'the name of the group is reserved',
    usually: '`default` is the name of the group that each VPC has from the start',
    remedy: 'choose another name',
  },
  'InvalidGroupId.Malformed': {
    text: 'the id of a group does not begin with sg-',
    usually: 'a name stands where an id is wanted',
    remedy: 'give the id, or `--group-name`',
  },
  'InvalidIPAddress.InUse': {
    text: 'the address belongs to another interface',
    usually: 'it was not detached there before',
    remedy: 'detach it first, or use `move-address`',
  },
  InvalidInstanceID: {
    text: 'the primary interface of the instance is not known',
    usually: 'the documents do not tell the device index of its interfaces',
    remedy: 'name the interface itself',
  },
  'InvalidInstanceID.NotFound': {
    text: 'no interface belongs to this instance',
    usually: 'a typing error, or its interfaces are in no document',
    remedy: 'check the id',
  },
  'InvalidNetworkInterfaceID.NotFound': {
    text: 'the interface does not exist',
    usually: 'a typing error, or it is in no document',
    remedy: 'check the id',
  },
  InvalidParameter: {
    text: 'group and interface are in different VPCs',
    usually: 'the id of a group of another VPC',
    remedy: 'name a group of the VPC of the interface, or associate the group with that VPC',
  },
  InvalidParameterValue: {
    text: 'a value is not accepted',
    usually: 'a bad CIDR block, port, protocol, name or status, or the same permission twice',
    remedy: 'correct what the message names',
  },
  'InvalidPermission.Duplicate': {
    text: 'the rule exists already',
    usually: 'a rule with the same protocol, ports and peer; the description does not count (PR-5)',
    remedy: 'leave it out',
  },
  'InvalidPermission.Malformed': {
    text: 'a rule is malformed',
    usually: 'its source or destination is missing or is no CIDR block, group or prefix list',
    remedy: 'give exactly one',
  },
  'InvalidPermission.NotFound': {
    text: 'the rule to remove does not exist',
    usually: 'protocol, ports or peer differ from the rule that is there',
    remedy: 'look at the rules with `sgsim ec2 describe-security-groups`',
  },
  'InvalidPrefixListID.NotFound': {
    text: 'the prefix list does not exist',
    usually: 'a typing error, or it is in no document',
    remedy: 'check the id, or add the prefix list to the documents',
  },
  'InvalidPrefixListId.Malformed': {
    text: 'the id of a prefix list does not begin with pl-',
    usually: 'a name stands where an id is wanted',
    remedy: 'give the id',
  },
  'InvalidSecurityGroupRuleId.Malformed': {
    text: 'the id of a rule does not begin with sgr-',
    usually: 'the id of a group stands where one of a rule is wanted',
    remedy: 'give the id of the rule',
  },
  'InvalidSecurityGroupRuleId.NotFound': {
    text: 'no rule of the group has this id',
    usually: 'a typing error, or the rule is of another group',
    remedy: 'look at the rules with `sgsim ec2 describe-security-groups`',
  },
  'InvalidVpcID.NotFound': {
    text: 'the VPC does not exist',
    usually: 'a typing error, or it is in no document',
    remedy: 'check the id',
  },
  'InvalidVpcPeeringConnectionID.NotFound': {
    text: 'the peering does not exist',
    usually: 'a typing error, or it is in no document',
    remedy: 'check the id, or add the output of `aws ec2 describe-vpc-peering-connections`',
  },
  MissingParameter: {
    text: 'nothing tells which rules are meant',
    usually: 'neither rules nor ids of rules were given',
    remedy: 'give one of the two',
  },
  PrefixListMaxEntriesExceeded: {
    text: 'the prefix list would have more entries than its maximum',
    usually: 'MaxEntries was chosen when the list was made',
    remedy: 'raise the maximum, or make the list shorter',
  },
  RulesPerSecurityGroupLimitExceeded: {
    text: 'the group would have more rules than the quota',
    usually: '60 for each direction and family; a prefix list counts by its maximum (PR-7, PR-8)',
    remedy: 'remove rules, or use prefix lists or another group',
  },
  SecurityGroupsPerInterfaceLimitExceeded: {
    text: 'the interface would carry more groups than the quota',
    usually: '5 for each interface (PR-7)',
    remedy: 'join rules into fewer groups',
  },
};
