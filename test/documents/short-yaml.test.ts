import { expect, test } from 'vitest';
import { formatRule } from '../../src/model/rule-text.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { describeVpc, errorsOf, json, yaml } from './loading.js';

const SHORT = `
vpc: vpc-1
cidrs: [10.0.0.0/16, 2001:db8::/56]
subnets: { subnet-a: [10.0.1.0/24] }
groups:
  sg-web:
    ingress:
      - tcp/443 from any
      - tcp/8000-8100 from sg-peer
      - { id: sgr-office, rule: tcp/22 from pl-office, description: office }
      - icmp/8 from 10.0.0.0/8
    egress: []
  sg-peer: { vpc: vpc-2, name: peer, ingress: [all from sg-web] }
  sg-default:
interfaces:
  eni-web:
    addresses: [2001:db8:0:5::20, 10.0.1.20, 10.0.1.21]
    groups: [sg-web, sg-default]
    subnet: subnet-a
    mac: 02:00:00:00:00:0A
    instance: i-1
    deviceIndex: 0
    name: web
    prefixes: [10.0.1.32/28]
    sourceDestCheck: false
    idleSeconds: { tcpEstablished: 350 }
  eni-nat: { type: natGateway, vpc: vpc-2, addresses: [10.9.0.1] }
prefix-lists:
  pl-office: [198.51.100.0/24]
  pl-later: null
peerings:
  pcx-1: { between: [vpc-1, vpc-2] }
`;

const all4 = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
const AWS = [
  json('vpc.json', {
    Vpcs: [
      {
        VpcId: 'vpc-1',
        CidrBlock: '10.0.0.0/16',
        Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2001:db8::/56' }],
      },
    ],
    Subnets: [{ SubnetId: 'subnet-a', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24' }],
    SecurityGroups: [
      {
        GroupId: 'sg-web',
        VpcId: 'vpc-1',
        IpPermissions: [
          {
            IpProtocol: 'tcp',
            FromPort: 443,
            ToPort: 443,
            IpRanges: [{ CidrIp: '0.0.0.0/0' }],
            Ipv6Ranges: [{ CidrIpv6: '::/0' }],
          },
          {
            IpProtocol: 'tcp',
            FromPort: 8000,
            ToPort: 8100,
            UserIdGroupPairs: [{ GroupId: 'sg-peer' }],
          },
          {
            IpProtocol: 'tcp',
            FromPort: 22,
            ToPort: 22,
            PrefixListIds: [{ PrefixListId: 'pl-office', Description: 'office' }],
          },
          { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
        ],
        IpPermissionsEgress: [],
      },
      {
        GroupId: 'sg-peer',
        GroupName: 'peer',
        VpcId: 'vpc-2',
        IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-web' }] }],
        IpPermissionsEgress: [all4],
      },
      {
        GroupId: 'sg-default',
        VpcId: 'vpc-1',
        IpPermissions: [],
        IpPermissionsEgress: [{ ...all4, Ipv6Ranges: [{ CidrIpv6: '::/0' }] }],
      },
    ],
  }),
  json('rules.json', {
    SecurityGroupRules: [
      {
        SecurityGroupRuleId: 'sgr-office',
        GroupId: 'sg-web',
        IsEgress: false,
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 22,
        PrefixListId: 'pl-office',
      },
    ],
  }),
  json('eni.json', {
    NetworkInterfaces: [
      {
        NetworkInterfaceId: 'eni-web',
        VpcId: 'vpc-1',
        SubnetId: 'subnet-a',
        MacAddress: '02:00:00:00:00:0a',
        SourceDestCheck: false,
        Attachment: { InstanceId: 'i-1', DeviceIndex: 0 },
        PrivateIpAddresses: [
          { PrivateIpAddress: '10.0.1.20', Primary: true },
          { PrivateIpAddress: '10.0.1.21', Primary: false },
        ],
        Ipv6Addresses: [{ Ipv6Address: '2001:db8:0:5::20' }],
        Ipv4Prefixes: [{ Ipv4Prefix: '10.0.1.32/28' }],
        Groups: [{ GroupId: 'sg-web' }, { GroupId: 'sg-default' }],
        TagSet: [{ Key: 'Name', Value: 'web' }],
        ConnectionTrackingConfiguration: { TcpEstablishedTimeout: 350 },
      },
      {
        NetworkInterfaceId: 'eni-nat',
        VpcId: 'vpc-2',
        InterfaceType: 'natGateway',
        PrivateIpAddress: '10.9.0.1',
        Groups: [],
      },
    ],
  }),
  json('lists.json', {
    PrefixLists: [
      { PrefixListId: 'pl-office', Cidrs: ['198.51.100.0/24'] },
      { PrefixListId: 'pl-later' },
    ],
    VpcPeeringConnections: [
      {
        VpcPeeringConnectionId: 'pcx-1',
        Status: { Code: 'active' },
        RequesterVpcInfo: { VpcId: 'vpc-1' },
        AccepterVpcInfo: { VpcId: 'vpc-2' },
      },
    ],
  }),
];

/** The description without the places of its nouns. */
const placeless = (description: VpcDescription): unknown =>
  JSON.parse(
    JSON.stringify(description, (key, value: unknown) => {
      if (key === 'place') return undefined;
      return typeof value === 'bigint' ? String(value) : value;
    }),
  );

test('SG-5, IN-1: the short form and AWS JSON of one VPC give the same description', () => {
  const short = placeless(describeVpc({ name: 'vpc.yaml', text: SHORT }));
  expect(short).toEqual(placeless(describeVpc(...AWS)));
});

test('places of the short form carry line and column', () => {
  const { groups, interfaces } = describeVpc({ name: 'vpc.yaml', text: SHORT });
  expect(groups[0]?.rules[2]?.place).toBe('vpc.yaml:9:9: groups.sg-web.ingress[1]');
  expect(interfaces[0]?.place).toBe('vpc.yaml:16:3: interfaces.eni-web');
});

test('SG-5: default egress is IPv4 only unless the VPC has an IPv6 block, wherever it is described', () => {
  const group = yaml('a.yaml', 'groups: { sg-a: { ingress: [] } }', 'vpc: vpc-9');
  const egress = (...files: Parameters<typeof describeVpc>): readonly string[] =>
    describeVpc(...files).groups.flatMap((found) => found.rules.map(formatRule));
  expect(egress(group)).toEqual(['all to 0.0.0.0/0']);
  const ipv6 = { Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2001:db8::/56' }] };
  const vpc = json('v.json', { Vpcs: [{ VpcId: 'vpc-9', CidrBlock: '10.0.0.0/16', ...ipv6 }] });
  expect(egress(group, vpc)).toEqual(['all to 0.0.0.0/0', 'all to ::/0']);
});

test('the form is known by its content when the name tells nothing', () => {
  expect(describeVpc({ name: '-', text: SHORT }).groups).toHaveLength(3);
  expect(describeVpc({ name: '-', text: '{"Vpcs": []}' }).vpcs).toEqual([]);
});

test.each<[string, readonly string[], readonly string[]]>([
  [
    'keys of no meaning',
    ['vpc: vpc-1', 'grups: {}', 'groups: { sg-a: { ingres: [] } }'],
    [
      'error[unknown-key] a.yaml: "grups" is no key of this form; correct or remove it',
      'error[unknown-key] a.yaml:3:11: groups.sg-a: "ingres" is no key of this form; correct or remove it',
    ],
  ],
  [
    'ids of the wrong kind',
    ['groups: { web: {} }', 'interfaces: { eth0: {} }', 'prefix-lists: { sg-a: [] }'],
    [
      'error[id-form] a.yaml:1:11: groups.web: "web" does not start with sg-; name it sg-web',
      'error[id-form] a.yaml:2:15: interfaces.eth0: "eth0" does not start with eni-; name it eni-eth0',
      'error[id-form] a.yaml:3:17: prefix-lists.sg-a: "sg-a" does not start with pl-; name it pl-sg-a',
    ],
  ],
  [
    'a key that stands twice',
    ['groups:', '  sg-a: { egress: [] }', '  sg-a: { egress: [] }'],
    ['error[duplicate-key] a.yaml:3:3: groups.sg-a: key "sg-a" stands twice; remove one'],
  ],
  [
    'broken YAML',
    ['groups: [sg-a'],
    [
      'error[yaml-syntax] a.yaml:1:14: flow sequence in block collection must be sufficiently indented and end ' +
        'with a ]; mend the YAML here',
    ],
  ],
  [
    'two documents',
    ['groups: {}', '---', 'groups: {}'],
    ['error[yaml-syntax] a.yaml:2:1: a second document starts here; make it a file of its own'],
  ],
  [
    'a document of something else',
    ['pets: [Rex]'],
    [
      'error[not-vpc] a.yaml: holds neither a VPC in the short form nor AWS resources; ' +
        'write at least one of vpc, cidrs, subnets, groups, interfaces, prefix-lists, peerings, transit-gateways, associations, paths',
    ],
  ],
  [
    'faults of values, all at once',
    [
      'groups:',
      '  sg-a:',
      '    ingress:',
      '      - tcp/9-1 from sg-a',
      '      - 5',
      '      - { id: sgr-1, rule: all from any }',
      'interfaces:',
      '  eni-a: { addresses: [10.0.0.0/8, 7], groups: [sg-a], mac: 020000000001, idleSeconds: { udp: 61 } }',
      'peerings: { pcx-1: { between: [vpc-1] } }',
    ],
    [
      'error[port-range] a.yaml:4:9: groups.sg-a.ingress[0]: first port 9 is above last port 1; swap them',
      'error[wrong-type] a.yaml:5:9: groups.sg-a.ingress[1]: expected an object, found 5; write an object',
      'error[duplicate-id] a.yaml:6:9: groups.sg-a.ingress[2]: one id for the two rules that any stands for; ' +
        'write two rules, one for 0.0.0.0/0 and one for ::/0',
      'error[wrong-type] a.yaml:8:56: interfaces.eni-a.mac: expected a string, found 20000000001; write a string',
      'error[address] a.yaml:8:24: interfaces.eni-a.addresses[0]: "10.0.0.0/8" is not an IP address; ' +
        'write the address alone',
      'error[wrong-type] a.yaml:8:36: interfaces.eni-a.addresses[1]: expected a string, found 7; write a string',
      'error[peering] a.yaml:9:22: peerings.pcx-1.between: a peering is between two VPCs; ' +
        'write it like [vpc-1, vpc-2]',
      'error[duplicate-id] a.yaml:6:9: groups.sg-a.ingress[2]: sgr-1 is also the rule at ' +
        'a.yaml:6:9: groups.sg-a.ingress[2]; give each rule its own id',
    ],
  ],
  [
    'an alias without an anchor',
    ['groups: *nowhere'],
    [
      'error[yaml-alias] a.yaml:1:1: groups: alias "nowhere" has no anchor before it; write the value out',
    ],
  ],
])('short form: %s', (_name, lines, errors) => {
  expect(errorsOf([yaml('a.yaml', ...lines)])).toEqual(errors);
});

test('anchors and aliases spare repeating', () => {
  const { groups } = describeVpc(
    yaml(
      'a.yaml',
      'groups:',
      '  sg-a: { ingress: &web [tcp/443 from any] }',
      '  sg-b: { ingress: *web }',
    ),
  );
  expect(groups.map((group) => group.rules.length)).toEqual([3, 3]);
});
