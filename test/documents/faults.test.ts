import { expect, test } from 'vitest';
import type { DocumentFile } from '../../src/documents/files.js';
import { awsGroup, awsInterface, errorsOf, json, permission, warningsOf, yaml } from './loading.js';

const groupsWith = (...permissions: unknown[]): DocumentFile =>
  json('web.json', { SecurityGroups: [awsGroup('sg-web', ...permissions)] });

const at = 'web.json: SecurityGroups[0].IpPermissions[0]';

test.each<[string, readonly DocumentFile[], readonly string[]]>([
  [
    'PR-1: reversed port range',
    [groupsWith(permission('tcp', 443, 80))],
    [`error[port-range] ${at}: FromPort 443 is above ToPort 80; swap them`],
  ],
  [
    'PR-1: tcp without ports',
    [groupsWith(permission('tcp'))],
    [`error[port-missing] ${at}: tcp without FromPort and ToPort; write 0 and 65535 for all ports`],
  ],
  [
    'PR-1: udp with one port',
    [groupsWith(permission('udp', 53, null))],
    [`error[port-missing] ${at}: udp without ToPort; write 0 and 65535 for all ports`],
  ],
  [
    'PR-1: ports outside 0 to 65535, both reported',
    [groupsWith(permission('6', -1, 65_536))],
    [
      `error[port-value] ${at}: FromPort -1 is outside 0 to 65535; correct it`,
      `error[port-value] ${at}: ToPort 65536 is outside 0 to 65535; correct it`,
    ],
  ],
  [
    'PR-1: a port that is no whole number',
    [groupsWith(permission('tcp', 80.5, 81))],
    [`error[port-value] ${at}: FromPort 80.5 is outside 0 to 65535; correct it`],
  ],
  [
    'PR-1: unknown protocol names and numbers',
    [groupsWith(permission('tpc', 1, 1), permission('256'), permission('06', 1, 1))],
    ['tpc', '256', '06'].map(
      (name, index) =>
        `error[protocol] web.json: SecurityGroups[0].IpPermissions[${index}]: "${name}" is not a protocol; ` +
        'write tcp, udp, icmp, icmpv6, a number from 0 to 255, or -1 for all',
    ),
  ],
  [
    'PR-1: icmp without type and code',
    [groupsWith(permission('icmp'))],
    [
      `error[port-missing] ${at}: icmp without FromPort (ICMP type) and ToPort (ICMP code); ` +
        'write -1 and -1 for all types',
    ],
  ],
  [
    'PR-2: any type with one code',
    [groupsWith(permission('icmp', -1, 4))],
    [
      `error[icmp-type] ${at}: FromPort (ICMP type) is -1, any type, but ToPort (ICMP code) is 4; ` +
        'write -1 for both or name the type',
    ],
  ],
  [
    'PR-2: type and code outside a byte',
    [groupsWith(permission('icmpv6', 256, -2))],
    [
      `error[icmp-type] ${at}: FromPort (ICMP type) 256 is outside -1 to 255; correct it`,
      `error[icmp-type] ${at}: ToPort (ICMP code) -2 is outside -1 to 255; correct it`,
    ],
  ],
  [
    'SG-8: bad CIDR blocks, and one of the other family',
    [
      groupsWith({
        IpProtocol: '-1',
        IpRanges: [{ CidrIp: '10.0.0.0/33' }, { CidrIp: '::/0' }],
        Ipv6Ranges: [{ CidrIpv6: 'hello' }],
      }),
    ],
    [
      `error[cidr] ${at}.IpRanges[0].CidrIp: "10.0.0.0/33" is not an IPv4 CIDR block; write it like 10.0.0.0/16`,
      `error[cidr] ${at}.IpRanges[1].CidrIp: "::/0" is not an IPv4 CIDR block; write it like 10.0.0.0/16`,
      `error[cidr] ${at}.Ipv6Ranges[0].CidrIpv6: "hello" is not an IPv6 CIDR block; write it like 2001:db8::/56`,
    ],
  ],
  [
    'IN-1: wrong types and missing keys, each at its place',
    [
      json('a.json', {
        SecurityGroups: [
          { GroupId: 5, VpcId: 'vpc-1', IpPermissions: 'none' },
          { GroupId: 'sg-a', IpPermissions: [{ FromPort: '80', IpRanges: [{}] }, 7] },
        ],
        NetworkInterfaces: { eni: 1 },
      }),
    ],
    [
      'error[wrong-type] a.json: SecurityGroups[0].GroupId: expected a string, found 5; write a string',
      'error[wrong-type] a.json: SecurityGroups[0].IpPermissions: expected a list, found "none"; write a list',
      'error[missing-key] a.json: SecurityGroups[1]: VpcId is missing; add it',
      'error[missing-key] a.json: SecurityGroups[1].IpPermissions[0].IpRanges[0]: CidrIp is missing; add it',
      'error[missing-key] a.json: SecurityGroups[1].IpPermissions[0]: IpProtocol is missing; add it',
      'error[wrong-type] a.json: SecurityGroups[1].IpPermissions[0].FromPort: expected a number, found "80"; ' +
        'write a number',
      'error[wrong-type] a.json: SecurityGroups[1].IpPermissions[1]: expected an object, found 7; write an object',
      'error[wrong-type] a.json: NetworkInterfaces: expected a list, found an object; write a list',
    ],
  ],
  [
    'IN-1: a document of something else',
    [json('pets.json', { pets: [{ name: 'Rex' }] })],
    [
      'error[not-aws] pets.json: holds no security groups, interfaces or other known AWS resources; ' +
        'give the output of `aws ec2 describe-security-groups` and the like',
    ],
  ],
  [
    'IN-1: terraform state, terraform plan, CloudFormation',
    [
      json('a.json', { version: 4, terraform_version: '1.9.0', serial: 1, resources: [] }),
      json('b.json', { format_version: '1.2', planned_values: {} }),
      json('c.json', { Resources: { Web: { Type: 'AWS::EC2::SecurityGroup' } } }),
      yaml('d.yaml', "AWSTemplateFormatVersion: '2010-09-09'", 'Resources: { A: !Ref B }'),
    ],
    [
      'error[format] a.json: terraform state is not read',
      'error[format] b.json: a terraform plan is not read',
      'error[format] c.json: a CloudFormation template is not read',
      'error[format] d.yaml: a CloudFormation template is not read',
    ].map(
      (line) =>
        `${line}; give the output of \`aws ec2 describe-security-groups\` and the like instead`,
    ),
  ],
  [
    'empty document',
    [{ name: 'a.json', text: ' \n' }],
    ['error[empty] a.json: is empty; fetch it again'],
  ],
  [
    'SG-7: interface without groups, and with a group that no document describes',
    [
      json('a.json', {
        NetworkInterfaces: [
          awsInterface('eni-a', '10.0.1.1', { Groups: [] }),
          awsInterface('eni-b', '10.0.1.2', { Groups: [{ GroupId: 'sg-gone' }] }),
          awsInterface('eni-nat', '10.0.1.3', { Groups: [], InterfaceType: 'natGateway' }),
        ],
      }),
    ],
    [
      'error[no-groups] a.json: NetworkInterfaces[0]: eni-a has no security group; name its groups (SG-7)',
      'error[unknown-group] a.json: NetworkInterfaces[1]: eni-b carries sg-gone, which no document describes; ' +
        'add the describe-security-groups output that holds it',
    ],
  ],
  [
    'one id, two contents, over two files',
    [
      groupsWith(permission('tcp', 443, 443)),
      json('old.json', { SecurityGroups: [awsGroup('sg-web', permission('tcp', 80, 80))] }),
    ],
    [
      'error[duplicate-id] old.json: SecurityGroups[0]: sg-web differs from the one at ' +
        'web.json: SecurityGroups[0]; keep one of the two',
    ],
  ],
  [
    'NI-2: one address on two interfaces of a VPC',
    [
      groupsWith(),
      json('eni.json', {
        NetworkInterfaces: [awsInterface('eni-a', '10.0.1.1'), awsInterface('eni-b', '10.0.1.1')],
      }),
    ],
    [
      'error[duplicate-address] eni.json: NetworkInterfaces[1]: 10.0.1.1 belongs to eni-b and to eni-a at ' +
        'eni.json: NetworkInterfaces[0]; correct one of them',
    ],
  ],
  [
    'CT-21: idle limits out of range',
    [
      groupsWith(),
      json('eni.json', [
        awsInterface('eni-a', '10.0.1.1', {
          ConnectionTrackingConfiguration: {
            TcpEstablishedTimeout: 59,
            UdpTimeout: 61,
            UdpStreamTimeout: 180.5,
          },
        }),
      ]),
    ],
    [
      'error[idle-timeout] eni.json: [0].ConnectionTrackingConfiguration.TcpEstablishedTimeout: ' +
        '59 seconds is outside 60 to 432000; correct it',
      'error[idle-timeout] eni.json: [0].ConnectionTrackingConfiguration.UdpTimeout: ' +
        '61 seconds is outside 30 to 60; correct it',
      'error[idle-timeout] eni.json: [0].ConnectionTrackingConfiguration.UdpStreamTimeout: ' +
        '180.5 seconds is outside 60 to 180; correct it',
    ],
  ],
  [
    'NI-2: bad addresses and MAC',
    [
      groupsWith(),
      json('eni.json', [awsInterface('eni-a', '2001:db8::1', { MacAddress: '02:00' })]),
    ],
    [
      'error[address] eni.json: [0].PrivateIpAddresses[0].PrivateIpAddress: "2001:db8::1" is not an IPv4 address; ' +
        'write the address alone',
      'error[mac] eni.json: [0].MacAddress: "02:00" is not a MAC address; write it like 02:00:00:00:00:01',
    ],
  ],
  [
    'SG-8: a rule with no peer and one with two',
    [
      json('r.json', {
        SecurityGroupRules: [{}, { CidrIpv4: '10.0.0.0/8', PrefixListId: 'pl-1' }].map(
          (peer, index) => ({
            SecurityGroupRuleId: `sgr-${index}`,
            GroupId: 'sg-web',
            IsEgress: false,
            IpProtocol: '-1',
            FromPort: -1,
            ToPort: -1,
            ...peer,
          }),
        ),
      }),
    ],
    [
      'error[peer] r.json: SecurityGroupRules[0]: rule names no peer',
      'error[peer] r.json: SecurityGroupRules[1]: rule names CidrIpv4 and PrefixListId',
    ].map(
      (line) =>
        `${line}; write exactly one of CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo`,
    ),
  ],
  [
    'SG-9: entries that no list can claim',
    [json('entries.json', { Entries: [{ Cidr: '10.0.0.0/8' }] })],
    [
      'error[entries-list] entries.json: Entries: entries do not say of which prefix list; ' +
        'name the file after it, like pl-0123456789abcdef0.json',
    ],
  ],
])('%s', (_name, files, lines) => {
  expect(errorsOf(files)).toEqual(lines);
});

test.each<[string, readonly DocumentFile[], readonly string[]]>([
  [
    'PR-4: host bits are cleared',
    [groupsWith(permission('tcp', 22, 22, '100.68.0.18/18'))],
    [
      `warning[host-bits] ${at}.IpRanges[0].CidrIp: "100.68.0.18/18" has host bits; it is read as 100.68.0.0/18`,
    ],
  ],
  [
    'SG-19: a rule that names an unknown group',
    [groupsWith({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-far', UserId: '1' }] })],
    [
      `warning[unknown-group] ${at}.UserIdGroupPairs[0]: rule names sg-far, which no document describes: ` +
        'it matches nothing; add the group and its interfaces',
    ],
  ],
  [
    'SG-9: a rule that names an unknown list, and one without entries',
    [
      groupsWith({
        IpProtocol: '-1',
        PrefixListIds: [{ PrefixListId: 'pl-far' }, { PrefixListId: 'pl-1' }],
      }),
      json('pl.json', { PrefixLists: [{ PrefixListId: 'pl-1', PrefixListName: 'office' }] }),
    ],
    [
      `warning[unknown-prefix-list] ${at}.PrefixListIds[0]: rule names pl-far, which no document describes: ` +
        'it matches nothing; add the prefix list and its entries',
      `warning[no-entries] ${at}.PrefixListIds[1]: rule names pl-1, whose entries no document holds: ` +
        'it matches nothing; add the output of `aws ec2 get-managed-prefix-list-entries`',
    ],
  ],
  [
    'IN-1: NextToken',
    [json('web.json', { SecurityGroups: [awsGroup('sg-web')], NextToken: 'abc' })],
    [
      'warning[truncated] web.json: NextToken: the answer was cut off: more pages exist; ' +
        'fetch it without --max-items and --no-paginate',
    ],
  ],
  [
    'IN-1: AWS resources without a part in the simulation',
    [json('acl.json', { NetworkAcls: [] })],
    [
      'warning[not-simulated] acl.json: NetworkAcls have no part in the simulation; ' +
        'leave the file out, or ignore this',
    ],
  ],
  [
    'duplicate MAC and no address',
    [
      groupsWith(),
      json('eni.json', [
        awsInterface('eni-a', '10.0.1.1', { MacAddress: '02:00:00:00:00:0A' }),
        awsInterface('eni-b', '', { MacAddress: '02-00-00-00-00-0a', PrivateIpAddresses: [] }),
      ]),
    ],
    [
      'warning[no-address] eni.json: [1]: eni-b has no address; no packet can be judged at it',
      'warning[duplicate-mac] eni.json: [1]: eni-b has the MAC address of eni-a at eni.json: [0]; ' +
        'correct one of them',
    ],
  ],
  [
    'PR-7, PR-9: above the quotas, group references in both families',
    [
      groupsWith(
        { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-web' }] },
        ...Array.from({ length: 60 }, (_, index) => permission('tcp', index, index)),
      ),
      json(
        'more.json',
        ['sg-1', 'sg-2', 'sg-3', 'sg-4', 'sg-5'].map((id) => awsGroup(id)),
      ),
      json('eni.json', [
        awsInterface('eni-a', '10.0.1.1', {
          Groups: ['web', '1', '2', '3', '4', '5'].map((id) => ({ GroupId: `sg-${id}` })),
        }),
      ]),
    ],
    [
      'warning[quota] web.json: SecurityGroups[0]: sg-web has 61 IPv4 ingress rules, above the default quota of 60',
      'warning[quota] eni.json: [0]: eni-a has 6 security groups, above the default quota of 5',
    ],
  ],
  [
    'PR-8: a customer list weighs its MaxEntries, CloudFront 55',
    [
      groupsWith(
        { IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-cf' }, { PrefixListId: 'pl-1' }] },
        permission('tcp', 1, 1),
      ),
      json('pl.json', {
        PrefixLists: [
          {
            PrefixListId: 'pl-cf',
            PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing',
            Cidrs: ['198.51.100.0/24'],
          },
          {
            PrefixListId: 'pl-1',
            PrefixListName: 'office',
            MaxEntries: 5,
            Entries: [{ Cidr: '203.0.113.0/24' }],
          },
        ],
      }),
    ],
    [
      'warning[quota] web.json: SecurityGroups[0]: sg-web has 61 IPv4 ingress rules, above the default quota of 60',
    ],
  ],
  [
    'a rule document that does not fit the group',
    [
      groupsWith(permission('tcp', 1, 1)),
      json('r.json', [
        {
          SecurityGroupRuleId: 'sgr-1',
          GroupId: 'sg-web',
          IsEgress: true,
          IpProtocol: 'tcp',
          FromPort: 1,
          ToPort: 1,
          CidrIpv4: '10.0.0.0/8',
        },
      ]),
    ],
    [
      'warning[rule-mismatch] r.json: [0]: sgr-1 is no rule of sg-web at web.json: SecurityGroups[0]; ' +
        'fetch both documents again; until then it is ignored',
    ],
  ],
])('%s (warning)', (_name, files, lines) => {
  expect(warningsOf(files)).toEqual(lines);
});

test('faults of all files come together, and the 101st is counted', () => {
  const bad = Array.from({ length: 103 }, () => permission('tcp', 2, 1));
  const lines = errorsOf([groupsWith(...bad), { name: 'b.json', text: '{' }]);
  expect(lines).toHaveLength(101);
  expect(lines.at(-1)).toBe(
    'error[more-errors] 4 more errors are not listed; mend the listed ones first',
  );
});

test('a value of a document is cut to 60 characters and cannot steer the terminal', () => {
  const lines = errorsOf([groupsWith(permission(`\u001b[31m${'x'.repeat(99)}`))]);
  expect(lines).toEqual([
    `error[protocol] ${at}: "\\u001b[31m${'x'.repeat(55)}..." is not a protocol; ` +
      'write tcp, udp, icmp, icmpv6, a number from 0 to 255, or -1 for all',
  ]);
});
