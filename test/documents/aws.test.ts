import { expect, test } from 'vitest';
import { formatAddress, formatPrefix } from '../../src/model/address.js';
import { checkAddresses } from '../../src/documents/addresses.js';
import { loadVpc } from '../../src/documents/load.js';
import { formatRule } from '../../src/model/rule-text.js';
import { renderDiagnostic } from '../../src/model/diagnostic.js';
import { awsGroup, awsInterface, describeVpc, errorsOf, json, permission } from './loading.js';

const texts = (...files: Parameters<typeof describeVpc>): readonly string[] =>
  describeVpc(...files).groups.flatMap((group) =>
    group.rules.map((rule) => `${rule.id} ${formatRule(rule)}`),
  );

test('SG-8: one rule a peer, in document order, positions by group and direction', () => {
  const group = {
    ...awsGroup('sg-b', {
      IpProtocol: 'TCP',
      FromPort: 80,
      ToPort: 81,
      UserIdGroupPairs: [{ GroupId: 'sg-b', UserId: '111122223333' }],
      PrefixListIds: [{ PrefixListId: 'pl-1' }],
      Ipv6Ranges: [{ CidrIpv6: '::/0' }],
      IpRanges: [{ CidrIp: '192.0.2.0/24' }, { CidrIp: '198.51.100.7/32' }],
    }),
    IpPermissionsEgress: [permission('-1', null, null, '0.0.0.0/0')],
  };
  const files = [
    json('b.json', { SecurityGroups: [group] }),
    json('a.json', { SecurityGroups: [awsGroup('sg-a', permission('17', 53, 53))] }),
  ];
  expect(texts(...files)).toEqual([
    'sg-b:ingress:1 tcp/80-81 from 192.0.2.0/24',
    'sg-b:ingress:2 tcp/80-81 from 198.51.100.7/32',
    'sg-b:ingress:3 tcp/80-81 from ::/0',
    'sg-b:ingress:4 tcp/80-81 from pl-1',
    'sg-b:ingress:5 tcp/80-81 from sg-b',
    'sg-b:egress:1 all to 0.0.0.0/0',
    'sg-a:ingress:1 udp/53 from 10.0.0.0/8',
  ]);
  expect(describeVpc(...files).groups[0]?.rules[4]).toMatchObject({
    peer: { kind: 'group', groupId: 'sg-b', ownerId: '111122223333' },
    place: 'b.json: SecurityGroups[0].IpPermissions[0].UserIdGroupPairs[0]',
  });
});

test('PR-1, PR-2: protocols normalise, ports of others are ignored, ICMP fields are no range', () => {
  const group = awsGroup(
    'sg-a',
    permission('-1', 80, 443),
    permission('ICMP', 0, 255),
    permission('1', 3, -1),
    permission('icmp', -1, -1),
    permission('58'),
    permission('IcmpV6', 128, 0),
    permission('50', 7, 3),
  );
  expect(texts(json('a.json', group)).map((text) => text.split(' ')[1])).toEqual([
    'all',
    'icmp/0/255',
    'icmp/3',
    'icmp',
    'icmpv6',
    'icmpv6/128/0',
    '50',
  ]);
});

const ruleOf = (id: string, more: Record<string, unknown>): Record<string, unknown> => ({
  SecurityGroupRuleId: id,
  GroupId: 'sg-a',
  GroupOwnerId: '111122223333',
  IsEgress: false,
  IpProtocol: 'tcp',
  FromPort: 22,
  ToPort: 22,
  ...more,
});

test('PR-5: rule ids and descriptions join whatever the spelling of the rule', () => {
  const group = awsGroup(
    'sg-a',
    permission('6', 22, 22, '100.68.0.18/18'),
    permission('tcp', 23, 23),
    { IpProtocol: 'icmpv6', Ipv6Ranges: [{ CidrIpv6: '2001:DB8:0::/32', Description: 'own' }] },
  );
  const rules = [
    ruleOf('sgr-icmp', {
      IpProtocol: '58',
      FromPort: -1,
      ToPort: -1,
      CidrIpv6: '2001:db8::/32',
      Description: 'of the rule',
    }),
    ruleOf('sgr-ssh', { CidrIpv4: '100.68.0.0/18', Description: 'ssh' }),
  ];
  const [a] = describeVpc(
    json('a.json', { SecurityGroups: [group] }),
    json('r.json', { SecurityGroupRules: rules }),
  ).groups;
  expect(a?.rules.map(({ id, description }) => [id, description])).toEqual([
    ['sgr-ssh', 'ssh'],
    ['sg-a:ingress:2', undefined],
    ['sgr-icmp', 'own'],
  ]);
});

test('a group known by its rules only is built from them, in the VPC of the interface with it', () => {
  const files = [
    json('r.json', {
      SecurityGroupRules: [
        ruleOf('sgr-1', { CidrIpv4: '10.0.0.0/8' }),
        ruleOf('sgr-2', {
          IsEgress: true,
          IpProtocol: '-1',
          ReferencedGroupInfo: { GroupId: 'sg-a', UserId: '111122223333' },
        }),
      ],
    }),
    json('eni.json', {
      NetworkInterfaces: [awsInterface('eni-a', '10.0.1.1', { Groups: [{ GroupId: 'sg-a' }] })],
    }),
  ];
  const [group] = describeVpc(...files).groups;
  expect(group).toMatchObject({ id: 'sg-a', vpcId: 'vpc-1', ownerId: '111122223333' });
  expect(texts(...files)).toEqual(['sgr-1 tcp/22 from 10.0.0.0/8', 'sgr-2 all to sg-a']);
});

test('identical content repeated in another file counts once', () => {
  const group = awsGroup('sg-a', permission('tcp', 22, 22));
  const { groups } = describeVpc(json('a.json', [group]), json('b.json', { data: group }));
  expect(groups).toHaveLength(1);
});

test('NI-2, CT-21: an interface with everything', () => {
  const eni = {
    NetworkInterfaceId: 'eni-a',
    VpcId: 'vpc-1',
    SubnetId: 'subnet-a',
    MacAddress: '02:AB:00:00:00:01',
    RequesterManaged: true,
    SourceDestCheck: false,
    Attachment: { InstanceId: 'i-1', DeviceIndex: 2 },
    Groups: [{ GroupId: 'sg-a' }, { GroupId: 'sg-a' }],
    PrivateIpAddress: '10.0.1.9',
    PrivateIpAddresses: [
      { PrivateIpAddress: '10.0.1.10', Primary: false },
      { PrivateIpAddress: '10.0.1.9', Primary: true },
    ],
    Ipv6Addresses: [{ Ipv6Address: '2001:DB8::9' }],
    Ipv4Prefixes: [{ Ipv4Prefix: '10.0.1.16/28' }],
    Ipv6Prefixes: [{ Ipv6Prefix: '2001:db8:1::/80' }],
    TagSet: [{ Key: 'Name', Value: 'web' }],
    ConnectionTrackingConfiguration: { UdpTimeout: 45, UdpStreamTimeout: null },
  };
  const { interfaces } = describeVpc(json('a.json', awsGroup('sg-a')), json('e.json', eni));
  const [found] = interfaces;
  expect({
    ...found,
    addresses: found?.addresses.map(formatAddress),
    delegated: found?.delegated.map(formatPrefix),
  }).toEqual({
    id: 'eni-a',
    vpcId: 'vpc-1',
    subnetId: 'subnet-a',
    type: 'interface',
    name: 'web',
    instanceId: 'i-1',
    deviceIndex: 2,
    mac: '02ab00000001',
    addresses: ['10.0.1.9', '10.0.1.10', '2001:db8::9'],
    delegated: ['10.0.1.16/28', '2001:db8:1::/80'],
    groupIds: ['sg-a'],
    sourceDestCheck: false,
    requesterManaged: true,
    idleSeconds: { udp: 45 },
    place: 'e.json',
  });
});

const instance = (id: string, ...interfaces: unknown[]): Record<string, unknown> => ({
  InstanceId: id,
  SecurityGroups: [{ GroupId: 'sg-primary-only' }],
  Tags: [{ Key: 'Name', Value: `name of ${id}` }],
  NetworkInterfaces: interfaces,
});

test('NI-1: instances bring interfaces that nothing else describes, names and device indexes', () => {
  const described = awsInterface('eni-a', '10.0.1.1', {
    RequesterManaged: true,
    Attachment: { InstanceId: 'i-1' },
  });
  const { interfaces } = describeVpc(
    json('sg.json', awsGroup('sg-web')),
    json('i.json', {
      Reservations: [
        {
          Instances: [
            instance('i-1', awsInterface('eni-a', '10.0.1.1', { Attachment: { DeviceIndex: 0 } })),
            instance('i-2', awsInterface('eni-b', '10.0.1.2')),
          ],
        },
      ],
    }),
    json('e.json', { NetworkInterfaces: [described] }),
  );
  expect(
    interfaces.map((eni) => [eni.id, eni.name, eni.instanceId, eni.requesterManaged, eni.groupIds]),
  ).toEqual([
    ['eni-a', 'name of i-1', 'i-1', true, ['sg-web']],
    ['eni-b', 'name of i-2', 'i-2', false, ['sg-web']],
  ]);
  expect(interfaces.map((eni) => eni.deviceIndex)).toEqual([0, undefined]);
});

test('an instance and its interface that disagree on groups are a contradiction', () => {
  const other = awsInterface('eni-a', '10.0.1.1', { Groups: [{ GroupId: 'sg-db' }] });
  expect(
    errorsOf([
      json('sg.json', [awsGroup('sg-web'), awsGroup('sg-db')]),
      json('e.json', [awsInterface('eni-a', '10.0.1.1')]),
      json('i.json', [instance('i-1', other)]),
    ]),
  ).toEqual([
    'error[duplicate-id] i.json: [0].NetworkInterfaces[0]: eni-a differs from the one at e.json: [0]; ' +
      'keep one of the two',
  ]);
});

test('VPC and subnet blocks: primary first, disassociated ones left out', () => {
  const { vpcs, subnets } = describeVpc(
    json('v.json', {
      Vpcs: [
        {
          VpcId: 'vpc-1',
          CidrBlock: '10.1.0.0/16',
          CidrBlockAssociationSet: [
            { CidrBlock: '10.9.0.0/16', CidrBlockState: { State: 'disassociated' } },
            { CidrBlock: '10.2.0.0/16', CidrBlockState: { State: 'associated' } },
            { CidrBlock: '10.1.0.0/16', CidrBlockState: { State: 'associated' } },
          ],
          Ipv6CidrBlockAssociationSet: [
            { Ipv6CidrBlock: '2001:db8::/56', Ipv6CidrBlockState: { State: 'associated' } },
          ],
        },
      ],
    }),
    json('s.json', [{ SubnetId: 'subnet-a', VpcId: 'vpc-1', CidrBlock: '10.1.1.0/24' }]),
  );
  expect(vpcs[0]?.prefixes.map(formatPrefix)).toEqual([
    '10.1.0.0/16',
    '10.2.0.0/16',
    '2001:db8::/56',
  ]);
  expect(subnets.map((subnet) => [subnet.id, ...subnet.prefixes.map(formatPrefix)])).toEqual([
    ['subnet-a', '10.1.1.0/24'],
  ]);
});

test('SG-13: peerings with both sides', () => {
  const { peerings } = describeVpc(
    json('p.json', {
      VpcPeeringConnections: [
        {
          VpcPeeringConnectionId: 'pcx-1',
          Status: { Code: 'deleted', Message: 'Deleted by 111122223333' },
          RequesterVpcInfo: { VpcId: 'vpc-1', OwnerId: '111122223333', Region: 'eu-central-1' },
          AccepterVpcInfo: { VpcId: 'vpc-2' },
        },
      ],
    }),
  );
  expect(peerings).toEqual([
    {
      id: 'pcx-1',
      status: 'deleted',
      requester: { vpcId: 'vpc-1', ownerId: '111122223333', region: 'eu-central-1' },
      accepter: { vpcId: 'vpc-2' },
      place: 'p.json: VpcPeeringConnections[0]',
    },
  ]);
});

const list = (id: string): Record<string, unknown> => ({ PrefixListId: id, PrefixListName: id });
const entries = { Entries: [{ Cidr: '192.0.2.0/24' }] };

test.each([
  ['a PrefixListId beside them', 'x.json', { ...entries, PrefixListId: 'pl-b' }, ['pl-a', 'pl-b']],
  ['the file name', 'dir/entries-pl-b.json', entries, ['pl-a', 'pl-b']],
  ['being the only ones', 'x.json', entries, ['pl-b']],
])('SG-9: entries tied to their list by %s', (_name, file, document, ids) => {
  const { prefixLists } = describeVpc(json(file, document), json('l.json', ids.map(list)));
  expect(prefixLists.map(({ id, entries: found }) => [id, found?.map(formatPrefix)])).toEqual(
    ids.map((id) => [id, id === 'pl-b' ? ['192.0.2.0/24'] : undefined]),
  );
});

test('SG-9: a file name that only begins like a list names another', () => {
  const files = [json('pl-bc.json', entries), json('l.json', ['pl-a', 'pl-b'].map(list))];
  expect(errorsOf(files)).toEqual([
    'error[entries-list] pl-bc.json: Entries: entries do not say of which prefix list; ' +
      'name the file after it, like pl-0123456789abcdef0.json',
  ]);
});

test('SG-9: entries whose file names a list that nothing describes make the list', () => {
  const { prefixLists } = describeVpc(json('pl-0123456789abcdef0.json', entries));
  expect(prefixLists).toMatchObject([{ id: 'pl-0123456789abcdef0', name: 'pl-0123456789abcdef0' }]);
});

test('IN-1: a SecurityGroups key inside another kind of resource is left alone', () => {
  const { groups } = describeVpc(
    json('all.json', {
      things: [{ SecurityGroups: ['sg-x'], Subnets: [{ SubnetIdentifier: 'subnet-1' }] }],
      regions: [{ security_groups: [awsGroup('sg-a')] }],
    }),
  );
  expect(groups.map((group) => group.id)).toEqual(['sg-a']);
});

test('IN-1: AWS answers printed as YAML', () => {
  const text = 'SecurityGroups:\n- GroupId: sg-a\n  VpcId: vpc-1\n  GroupName: web\n';
  const { groups } = describeVpc({ name: 'sg.yaml', text });
  expect(groups).toMatchObject([{ id: 'sg-a', name: 'web' }]);
});

test('NI-5: an address in two VPCs is for the caller to narrow', () => {
  const { description } = loadVpc([
    json('sg.json', awsGroup('sg-web')),
    json('e.json', [
      awsInterface('eni-a', '10.0.1.1'),
      awsInterface('eni-b', '10.0.1.1', { VpcId: 'vpc-2' }),
    ]),
  ]);
  expect(checkAddresses(description).map(renderDiagnostic)).toEqual([
    'error[duplicate-address] e.json: [1]: 10.0.1.1 belongs to eni-b of vpc-2 and to eni-a of vpc-1; ' +
      'give --vpc-id',
  ]);
  const interfaces = description.interfaces.filter((eni) => eni.vpcId === 'vpc-2');
  expect(checkAddresses({ ...description, interfaces })).toEqual([]);
});
