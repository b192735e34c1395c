import { expect, test } from 'vitest';
import { describeVpc, eni, group, peering, prefixes } from '../policy/describe-vpc.js';
import { apply, authorize, refusalOf, revoke, rulesOf } from './apply.js';

const WORLD = describeVpc({
  groups: [
    group('sg-web', ['in tcp/443 0.0.0.0/0', 'in icmp/8/-1 10.0.0.0/8', 'out tcp/443 0.0.0.0/0']),
    group('sg-db', []),
    group('sg-far', [], { vpcId: 'vpc-2' }),
    group('sg-other', [], { vpcId: 'vpc-3' }),
    group('sg-stale', [], { vpcId: 'vpc-4' }),
  ],
  interfaces: [eni('eni-a', ['10.0.0.5'], ['sg-carried'])],
  prefixLists: [{ id: 'pl-a', name: 'pl-a', place: '' }],
  peerings: [
    peering('pcx-2', 'active', ['vpc-1', 'vpc-2']),
    peering('pcx-4', 'deleted', ['vpc-1', 'vpc-4']),
  ],
});

const WEB = [
  'sg-web:1 tcp/443 from 0.0.0.0/0',
  'sg-web:2 icmp/8 from 10.0.0.0/8',
  'sg-web:3 tcp/443 to 0.0.0.0/0',
];

test('new rules come last, in their order, with new ids; descriptions are kept', () => {
  const edit = authorize('sg-web', 'tcp/22 sg-db', 'udp/53 pl-a');
  const described = edit.rules.map((rule) => ({ ...rule, description: 'why' }));
  const after = apply(WORLD, { ...edit, rules: described });
  expect(rulesOf(after, 'sg-web')).toEqual([
    ...WEB,
    'sgr-1 tcp/22 from sg-db',
    'sgr-2 udp/53 from pl-a',
  ]);
  expect(after.groups[0]?.rules.at(-1)).toMatchObject({ groupId: 'sg-web', description: 'why' });
  expect(rulesOf(WORLD, 'sg-web')).toEqual(WEB);
  expect(after.groups[1]).toBe(WORLD.groups[1]);
});

test('SG-13: peers may be carried groups, groups of peered VPCs, and lists without entries (SG-9)', () => {
  const edit = authorize('sg-web', 'all sg-far', 'all sg-carried', 'all sg-web', 'all pl-a');
  expect(refusalOf(WORLD, edit)).toBe('applied');
});

test('SG-14, SG-15: peers may be across a transit gateway in ingress rules, or in an associated VPC', () => {
  const onGateway = {
    transitGatewayId: 'tgw-1',
    state: 'available',
    groupReferences: true,
    gatewayGroupReferences: true,
    place: '',
  };
  const connected = {
    ...WORLD,
    transitAttachments: ['vpc-1', 'vpc-3'].map((vpcId) => ({ ...onGateway, vpcId })),
    associations: [{ groupId: 'sg-stale', vpcId: 'vpc-1', state: 'associated', place: '' }],
  };
  const edit = authorize('sg-web', 'all sg-other');
  expect(refusalOf(connected, edit)).toBe('applied');
  expect(refusalOf(connected, { ...edit, direction: 'egress' })).toBe(NETWORKS);
  expect(refusalOf(connected, authorize('sg-web', 'all sg-stale'))).toBe('applied');
});

test('SG-16: a group of another account is named with that account', () => {
  const [web, db, ...others] = WORLD.groups;
  const shared = { ...WORLD, groups: [web!, { ...db!, ownerId: '222222222222' }, ...others] };
  const naming = (ownerId: string) => {
    const edit = authorize('sg-web', 'all sg-db');
    const peer = { kind: 'group', groupId: 'sg-db', ownerId } as const;
    return refusalOf(shared, { ...edit, rules: edit.rules.map((rule) => ({ ...rule, peer })) });
  };
  expect(naming('222222222222')).toBe('applied');
  expect(naming('111111111111')).toBe(
    "InvalidGroup.NotFound: The security group 'sg-db' does not exist",
  );
});

const NETWORKS =
  'InvalidGroup.NotFound: You have specified two resources that belong to different networks.';
const TWICE = 'InvalidParameterValue: The same permission must not appear multiple times';

test.each([
  [
    'PR-5',
    authorize('sg-web', 'tcp/443 0.0.0.0/0'),
    'InvalidPermission.Duplicate: the specified rule "peer: 0.0.0.0/0, TCP, from port: 443, to port: 443, ALLOW" already exists',
  ],
  [
    'PR-4: in canonical form',
    authorize('sg-web', 'icmp/8/-1 10.1.2.3/8'),
    'InvalidPermission.Duplicate: the specified rule "peer: 10.0.0.0/8, ICMP, type: 8, code: ALL, ALLOW" already exists',
  ],
  ['twice in a call', authorize('sg-web', 'udp/1 sg-db', 'udp/1 sg-db'), TWICE],
  [
    'no rule',
    authorize('sg-web'),
    "MissingParameter: Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.",
  ],
  [
    'unknown group',
    authorize('sg-no', 'all sg-db'),
    "InvalidGroup.NotFound: The security group 'sg-no' does not exist",
  ],
  [
    'no group id',
    authorize('web', 'all sg-db'),
    'InvalidGroupId.Malformed: Invalid id: "web" (expecting "sg-...")',
  ],
  [
    'unknown peer',
    authorize('sg-web', 'all sg-no'),
    "InvalidGroup.NotFound: The security group 'sg-no' does not exist",
  ],
  ['SG-13: not peered', authorize('sg-web', 'all sg-other'), NETWORKS],
  ['SG-19: peering deleted', authorize('sg-web', 'all sg-stale'), NETWORKS],
  [
    'unknown prefix list',
    authorize('sg-web', 'all pl-no'),
    "InvalidPrefixListID.NotFound: The prefix list ID 'pl-no' does not exist",
  ],
  [
    'revoke: absent',
    revoke('sg-web', 'tcp/444 0.0.0.0/0'),
    'InvalidPermission.NotFound: The specified rule does not exist in this security group.',
  ],
  [
    'revoke: unknown group',
    revoke('sg-no', 'all sg-db'),
    "InvalidGroup.NotFound: The security group 'sg-no' does not exist",
  ],
  ['revoke: twice', revoke('sg-web', 'sgr-1', 'sgr-1'), TWICE],
  [
    'revoke: nothing',
    revoke('sg-web'),
    "MissingParameter: Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.",
  ],
  [
    'revoke: unknown id',
    revoke('sg-web', 'sgr-9'),
    "InvalidSecurityGroupRuleId.NotFound: The security group rule ID 'sgr-9' does not exist",
  ],
  [
    'revoke: no id',
    revoke('sg-web', 'office'),
    'InvalidSecurityGroupRuleId.Malformed: Invalid id: "office" (expecting "sgr-...")',
  ],
  [
    'revoke: an id of the other direction',
    revoke('sg-web', 'sg-web:3'),
    'InvalidSecurityGroupRuleId.Malformed: Invalid id: "sg-web:3" (expecting "sgr-...")',
  ],
])('refused: %s', (_, edit, refusal) => {
  expect(refusalOf(WORLD, edit)).toBe(refusal);
});

test('PR-5: what is no id of a prefix list is refused as such', () => {
  const edit = authorize('sg-web', 'all pl-a');
  const peer = { kind: 'prefix-list', prefixListId: 'office' } as const;
  const rules = edit.rules.map((rule) => ({ ...rule, peer }));
  expect(refusalOf(WORLD, { ...edit, rules })).toBe(
    'InvalidPrefixListId.Malformed: Invalid id: "office" (expecting "pl-...")',
  );
});

test('PR-5: direction is part of a rule, description is not', () => {
  const egress = { ...authorize('sg-web', 'icmp/8/-1 10.0.0.0/8'), direction: 'egress' } as const;
  expect(refusalOf(WORLD, egress)).toBe('applied');
  const edit = authorize('sg-web', 'tcp/443 0.0.0.0/0');
  const described = edit.rules.map((rule) => ({ ...rule, description: 'another' }));
  expect(refusalOf(WORLD, { ...edit, rules: described })).toContain('InvalidPermission.Duplicate');
});

test('revoke takes rules by content, by id, and in either direction when told so', () => {
  const first = apply(WORLD, revoke('sg-web', 'tcp/443 0.0.0.0/0', 'sg-web:2'));
  expect(rulesOf(first, 'sg-web')).toEqual([WEB[2]]);
  const either = { ...revoke('sg-web', 'sg-web:3', 'sg-web:1'), direction: 'either' } as const;
  expect(rulesOf(apply(WORLD, either), 'sg-web')).toEqual([WEB[1]]);
});

test('all or nothing: one bad rule among good ones changes nothing', () => {
  expect(refusalOf(WORLD, authorize('sg-web', 'udp/1 sg-db', 'tcp/443 0.0.0.0/0'))).toContain(
    'InvalidPermission.Duplicate',
  );
  expect(refusalOf(WORLD, revoke('sg-web', 'tcp/443 0.0.0.0/0', 'sgr-9'))).toContain(
    'InvalidSecurityGroupRuleId.NotFound',
  );
  expect(rulesOf(WORLD, 'sg-web')).toEqual(WEB);
});

const LIMIT =
  'RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached.';
const ports = (count: number, peer: string): string[] =>
  Array.from({ length: count }, (_, port) => `in tcp/${port} ${peer}`);

test('PR-7: 60 rules per direction and family, PR-8: group references count in both', () => {
  const world = describeVpc({ groups: [group('sg-a', ports(59, '10.0.0.0/8'))] });
  expect(refusalOf(world, authorize('sg-a', 'udp/1 10.0.0.0/8'))).toBe('applied');
  expect(refusalOf(world, authorize('sg-a', 'udp/1 10.0.0.0/8', 'udp/1 sg-a'))).toBe(LIMIT);
  expect(refusalOf(world, authorize('sg-a', 'udp/1 10.0.0.0/8', 'udp/1 ::/0'))).toBe('applied');
  const full = apply(world, authorize('sg-a', 'udp/1 10.0.0.0/8'));
  const out = { ...authorize('sg-a', 'udp/1 10.0.0.0/8'), direction: 'egress' } as const;
  expect(refusalOf(full, out)).toBe('applied');
});

test('PR-8: a prefix list weighs its MaxEntries, in its family', () => {
  const list = { id: 'pl-a', name: 'a', entries: prefixes('10.0.0.0/8'), place: '' };
  const world = (maxEntries: number) =>
    describeVpc({ groups: [group('sg-a')], prefixLists: [{ ...list, maxEntries }] });
  expect(refusalOf(world(60), authorize('sg-a', 'all pl-a'))).toBe('applied');
  expect(refusalOf(world(61), authorize('sg-a', 'all pl-a'))).toBe(LIMIT);
  expect(refusalOf(world(60), authorize('sg-a', 'all pl-a', 'all ::/0'))).toBe('applied');
});

test('PR-9: a group loaded over its quota still takes rules of the other family', () => {
  const world = describeVpc({ groups: [group('sg-a', ports(61, '10.0.0.0/8'))] });
  expect(refusalOf(world, authorize('sg-a', 'udp/1 ::/0'))).toBe('applied');
  expect(refusalOf(world, authorize('sg-a', 'udp/1 10.0.0.0/8'))).toBe(LIMIT);
});
