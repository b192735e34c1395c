import { expect, test } from 'vitest';
import type { Edit } from '../../src/model/edit.js';
import { describeVpc, eni, group, prefixes } from '../policy/describe-vpc.js';
import { apply, createGroup, refusalOf, rulesOf, setGroups } from './apply.js';

const many = Array.from({ length: 17 }, (_, at) => `sg-m${at}`);
const WORLD = describeVpc({
  vpcs: [
    { id: 'vpc-1', prefixes: prefixes('10.0.0.0/16'), place: '' },
    { id: 'vpc-6', prefixes: prefixes('10.6.0.0/16', '2001:db8::/56'), place: '' },
  ],
  groups: [
    { ...group('sg-default'), name: 'default' },
    { ...group('sg-web', ['in all sg-peer', 'in all sg-web']), name: 'Web' },
    group('sg-peer'),
    group('sg-self', ['in all sg-self']),
    group('sg-far', ['in all sg-self'], { vpcId: 'vpc-2' }),
    group('sg-shared', [], { vpcId: 'vpc-2' }),
    group('sg-leaving', [], { vpcId: 'vpc-2' }),
    ...many.map((id) => group(id)),
  ],
  interfaces: [
    eni('eni-a', ['10.0.0.5'], ['sg-web'], { instanceId: 'i-1', deviceIndex: 1 }),
    eni('eni-b', ['10.0.0.6'], ['sg-web'], { instanceId: 'i-1', deviceIndex: 0 }),
    eni('eni-c', ['10.0.0.7'], ['sg-web'], { instanceId: 'i-2' }),
    eni('eni-d', ['10.0.0.8'], ['sg-web'], { instanceId: 'i-3' }),
    eni('eni-e', ['10.0.0.9'], ['sg-web'], { instanceId: 'i-3' }),
    eni('eni-f', ['10.0.0.10'], ['sg-web'], { instanceId: 'i-4', deviceIndex: 1 }),
  ],
  associations: [
    { groupId: 'sg-shared', vpcId: 'vpc-1', state: 'associated', place: '' },
    { groupId: 'sg-leaving', vpcId: 'vpc-1', state: 'disassociating', place: '' },
    { groupId: 'sg-shared', vpcId: 'vpc-7', state: 'associated', place: '' },
  ],
});

const deleteGroup = (groupId: string): Edit => ({ kind: 'delete-group', groupId });

test('SG-5: a new group lets everything out, by IPv6 too if the VPC has it, and nothing in', () => {
  const rules = (vpcId: string) => rulesOf(apply(WORLD, createGroup('n', vpcId)), 'sg-new');
  expect(rules('vpc-1')).toEqual(['sgr-1 all to 0.0.0.0/0']);
  expect(rules('vpc-6')).toEqual(['sgr-1 all to 0.0.0.0/0', 'sgr-2 all to ::/0']);
  // No document describes vpc-2, but sg-far is there.
  expect(rules('vpc-2')).toEqual(['sgr-1 all to 0.0.0.0/0']);
  expect(rules('vpc-7')).toEqual(['sgr-1 all to 0.0.0.0/0']);
});

test('PR-6: names are trimmed at their end and unique per VPC', () => {
  const after = apply(WORLD, createGroup('n  '));
  expect(after.groups.at(-1)).toMatchObject({ id: 'sg-new', name: 'n', vpcId: 'vpc-1' });
  expect(refusalOf(WORLD, createGroup('web', 'vpc-6'))).toBe('applied');
  expect(refusalOf(WORLD, createGroup('x'.repeat(255)))).toBe('applied');
  expect(refusalOf(WORLD, createGroup('a ._-:/()#,@[]+=&;{}!$*Z0'))).toBe('applied');
});

test.each<[string, Edit, RegExp]>([
  [
    'PR-6: taken, ignoring case',
    createGroup('wEB'),
    /^InvalidGroup\.Duplicate: The security group 'wEB' already exists for VPC 'vpc-1'$/,
  ],
  ['id taken', createGroup('n', 'vpc-1', 'sg-web'), /^InvalidGroup\.Duplicate: /],
  ['default', createGroup('default'), /^InvalidGroup\.Reserved: /],
  ['PR-6: begins with sg-', createGroup('sg-x'), /^InvalidParameterValue: .*groupName/],
  ['PR-6: characters', createGroup('w\u00fcrst'), /^InvalidParameterValue: /],
  [
    'PR-6: an underscore is fine, a percent sign is not',
    createGroup('a%'),
    /^InvalidParameterValue: /,
  ],
  ['PR-6: a line break', createGroup('a\nb'), /^InvalidParameterValue: /],
  ['PR-6: empty', createGroup('  '), /^InvalidParameterValue: /],
  ['PR-6: long', createGroup('x'.repeat(256)), /^InvalidParameterValue: /],
  [
    'unknown VPC',
    createGroup('n', 'vpc-9'),
    /^InvalidVpcID\.NotFound: The vpc ID 'vpc-9' does not exist$/,
  ],
  ['id form', createGroup('n', 'vpc-1', 'new'), /^InvalidGroupId\.Malformed: /],
  ['SG-6: the default group', deleteGroup('sg-default'), /^CannotDelete: /],
  [
    'carried',
    deleteGroup('sg-web'),
    /^DependencyViolation: resource sg-web has a dependent object$/,
  ],
  ['referenced', deleteGroup('sg-peer'), /^DependencyViolation: /],
  ['SG-15: associated', deleteGroup('sg-shared'), /^DependencyViolation: /],
  [
    'unknown',
    deleteGroup('sg-no'),
    /^InvalidGroup\.NotFound: The security group 'sg-no' does not exist$/,
  ],
  ['SG-7: no group', setGroups('eni-a'), /^InvalidParameterValue: /],
  ['PR-7: 17 groups', setGroups('eni-a', ...many), /^SecurityGroupsPerInterfaceLimitExceeded: /],
  [
    'other VPC',
    setGroups('eni-a', 'sg-web', 'sg-far'),
    /^InvalidParameter: Security group sg-far and network interface eni-a belong to different networks\.$/,
  ],
  ['SG-15: no longer associated', setGroups('eni-a', 'sg-leaving'), /^InvalidParameter: /],
  ['unknown group', setGroups('eni-a', 'sg-no'), /^InvalidGroup\.NotFound: /],
  [
    'unknown interface',
    setGroups('eni-no', 'sg-web'),
    /^InvalidNetworkInterfaceID\.NotFound: The networkInterface ID 'eni-no' does not exist$/,
  ],
  [
    'unknown instance',
    setGroups('i-no', 'sg-web'),
    /^InvalidInstanceID\.NotFound: The instance ID 'i-no' does not exist$/,
  ],
  ['NI-1: two interfaces, no index', setGroups('i-3', 'sg-web'), /^InvalidInstanceID: .*'i-3'/],
  ['NI-1: only a secondary interface', setGroups('i-4', 'sg-web'), /^InvalidInstanceID: .*'i-4'/],
])('refused: %s', (_, edit, refusal) => {
  expect(refusalOf(WORLD, edit)).toMatch(refusal);
});

test('SG-19: a rule of another VPC, or the group itself, does not keep a group', () => {
  const after = apply(WORLD, deleteGroup('sg-self'));
  expect(after.groups.map(({ id }) => id)).not.toContain('sg-self');
  expect(rulesOf(after, 'sg-far')).toEqual(['sg-far:1 all from sg-self']);
});

test('NI-1: an instance means its primary interface; SG-15: an associated group may be carried', () => {
  const groups = (target: string): readonly string[] =>
    apply(WORLD, setGroups(target, 'sg-shared', 'sg-web', 'sg-shared'))
      .interfaces.filter(({ groupIds }) => groupIds.join() === 'sg-shared,sg-web')
      .map(({ id }) => id);
  expect(groups('eni-a')).toEqual(['eni-a']);
  expect(groups('i-1')).toEqual(['eni-b']);
  expect(groups('i-2')).toEqual(['eni-c']);
});

test('PR-7: 16 groups are possible, beyond the default quota of 5', () => {
  expect(refusalOf(WORLD, setGroups('eni-a', ...many.slice(1)))).toBe('applied');
});
