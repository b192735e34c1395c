import { expect, test } from 'vitest';
import type { DocumentFile } from '../../src/documents/files.js';
import {
  awsGroup,
  awsInterface,
  describeVpc,
  errorsOf,
  json,
  warningsOf,
  yaml,
} from './loading.js';

const place = expect.any(String) as string;

const gateways = (...options: readonly unknown[]): unknown => ({
  TransitGateways: options.map((Options, at) => ({
    TransitGatewayId: `tgw-${at + 1}`,
    TransitGatewayArn: `arn:aws:ec2:eu-west-1:111111111111:transit-gateway/tgw-${at + 1}`,
    State: 'available',
    OwnerId: '111111111111',
    Options,
  })),
});

const attachment = (id: string, VpcId: string, Options?: unknown): Record<string, unknown> => ({
  TransitGatewayAttachmentId: `tgw-attach-${id}-${VpcId}`,
  TransitGatewayId: id,
  VpcId,
  VpcOwnerId: '111111111111',
  State: 'available',
  SubnetIds: ['subnet-1'],
  ...(Options === undefined ? {} : { Options }),
});

const attachments = (...all: unknown[]): unknown => ({ TransitGatewayVpcAttachments: all });
const support = (value: string): unknown => ({
  DnsSupport: 'enable',
  SecurityGroupReferencingSupport: value,
});

test('SG-14: attachments with what their gateways pass on; unset, gateways pass nothing on and attachments do', () => {
  const files = [
    json('attachments.json', [
      attachments(
        attachment('tgw-1', 'vpc-1'),
        attachment('tgw-1', 'vpc-2', support('disable')),
        attachment('tgw-2', 'vpc-1', support('enable')),
      ),
      attachment('tgw-3', 'vpc-1'),
    ]),
    json('gateways.json', gateways(support('enable'), {})),
  ];
  const available = { state: 'available', place };
  const gateway = { gatewayState: 'available' };
  expect(describeVpc(...files).transitAttachments).toEqual([
    {
      transitGatewayId: 'tgw-1',
      vpcId: 'vpc-1',
      groupReferences: true,
      gatewayGroupReferences: true,
      ...gateway,
      ...available,
    },
    {
      transitGatewayId: 'tgw-1',
      vpcId: 'vpc-2',
      groupReferences: false,
      gatewayGroupReferences: true,
      ...gateway,
      ...available,
    },
    {
      transitGatewayId: 'tgw-2',
      vpcId: 'vpc-1',
      groupReferences: true,
      gatewayGroupReferences: false,
      ...gateway,
      ...available,
    },
    { transitGatewayId: 'tgw-3', vpcId: 'vpc-1', groupReferences: true, ...available },
  ]);
});

test('SG-14: states are read, a bare gateway too', () => {
  const bare = { TransitGatewayId: 'tgw-1', TransitGatewayArn: 'arn', State: 'deleted' };
  const pending = { ...attachment('tgw-1', 'vpc-1'), State: 'pendingAcceptance' };
  expect(
    describeVpc(json('g.json', bare), json('a.json', pending)).transitAttachments,
  ).toMatchObject([
    { state: 'pendingAcceptance', gatewayState: 'deleted', gatewayGroupReferences: false },
  ]);
});

/** Without the places of its nouns. */
const placeless = (...files: DocumentFile[]): unknown =>
  JSON.parse(
    JSON.stringify(describeVpc(...files), (key, value: unknown) =>
      key === 'place' ? undefined : typeof value === 'bigint' ? String(value) : value,
    ),
  );

test('SG-14 to SG-16, IN-1: the short form says the same as AWS JSON', () => {
  const short = yaml(
    'vpc.yaml',
    'vpc: vpc-1',
    'groups:',
    '  sg-web: { owner: "111111111111", egress: [], ingress: [tcp/443 from 222222222222/sg-app] }',
    '  sg-app: { owner: "222222222222", egress: [] }',
    'interfaces:',
    '  eni-web: { addresses: [10.0.1.1], groups: [sg-web], owner: "111111111111" }',
    'transit-gateways:',
    '  tgw-1: { groupReferences: true, vpcs: [vpc-1, { vpc: vpc-2, groupReferences: false }] }',
    '  tgw-2: { state: deleted, vpcs: [{ vpc: vpc-1, state: deleting }] }',
    'associations:',
    '  sg-web: [vpc-2, { vpc: vpc-3, state: disassociated }]',
  );
  const account = (OwnerId: string): unknown => ({ OwnerId });
  const aws = [
    json('groups.json', {
      SecurityGroups: [
        Object.assign(
          awsGroup('sg-web', {
            IpProtocol: 'tcp',
            FromPort: 443,
            ToPort: 443,
            UserIdGroupPairs: [{ GroupId: 'sg-app', UserId: '222222222222' }],
          }),
          account('111111111111'),
        ),
        Object.assign(awsGroup('sg-app'), account('222222222222')),
      ],
    }),
    json('eni.json', [awsInterface('eni-web', '10.0.1.1', { OwnerId: '111111111111' })]),
    json('gateways.json', [
      gateways(support('enable')),
      { TransitGateways: [{ TransitGatewayId: 'tgw-2', State: 'deleted' }] },
    ]),
    json(
      'attachments.json',
      attachments(attachment('tgw-1', 'vpc-1'), attachment('tgw-1', 'vpc-2', support('disable')), {
        ...attachment('tgw-2', 'vpc-1'),
        State: 'deleting',
      }),
    ),
    json('associations.json', {
      SecurityGroupVpcAssociations: [
        { GroupId: 'sg-web', VpcId: 'vpc-2', VpcOwnerId: '222222222222', State: 'associated' },
        { GroupId: 'sg-web', VpcId: 'vpc-3', VpcOwnerId: '222222222222', State: 'disassociated' },
      ],
    }),
  ];
  expect(placeless(short)).toEqual(placeless(...aws));
});

test.each<[string, DocumentFile, readonly string[]]>([
  [
    'SG-14: an option that AWS does not have',
    json('a.json', attachments(attachment('tgw-1', 'vpc-1', support('on')))),
    [
      'error[option] a.json: TransitGatewayVpcAttachments[0].Options.SecurityGroupReferencingSupport: ' +
        '"on" is neither enable nor disable; correct it',
    ],
  ],
  [
    'SG-14: a gateway of which two documents tell different things',
    json('g.json', [gateways(support('enable')), gateways(support('disable'))]),
    [
      'error[duplicate-id] g.json: [1].TransitGateways[0]: tgw-1 differs from the one at ' +
        'g.json: [0].TransitGateways[0]; keep one of the two',
    ],
  ],
  [
    'SG-15: an association without its state',
    json('a.json', { SecurityGroupVpcAssociations: [{ GroupId: 'sg-a', VpcId: 'vpc-2' }] }),
    ['error[missing-key] a.json: SecurityGroupVpcAssociations[0]: State is missing; add it'],
  ],
  [
    'SG-14, SG-15: the short form',
    yaml(
      'a.yaml',
      'transit-gateways: { tgw-1: { group-references: true, vpcs: [{ state: available }] }, pcx-1: {} }',
      'associations: { sg-a: [5] }',
    ),
    [
      'error[id-form] a.yaml:1:86: transit-gateways.pcx-1: "pcx-1" does not start with tgw-; name it tgw-pcx-1',
      'error[unknown-key] a.yaml:1:21: transit-gateways.tgw-1: "group-references" is no key of this form; ' +
        'correct or remove it',
      'error[wrong-type] a.yaml:2:24: associations.sg-a[0]: expected an object, found 5; write an object',
    ],
  ],
  [
    'SG-15: a default group, and a default VPC',
    json('a.json', [
      { Vpcs: [{ VpcId: 'vpc-2', CidrBlock: '172.31.0.0/16', IsDefault: true }] },
      { ...awsGroup('sg-a'), GroupName: 'default' },
      awsGroup('sg-b'),
      {
        SecurityGroupVpcAssociations: [
          { GroupId: 'sg-a', VpcId: 'vpc-3', State: 'associated' },
          { GroupId: 'sg-b', VpcId: 'vpc-2', State: 'associated' },
          { GroupId: 'sg-b', VpcId: 'vpc-2', State: 'association-failed' },
        ],
      },
    ]),
    [
      'error[association] a.json: [3].SecurityGroupVpcAssociations[0]: sg-a is a default group, which cannot be ' +
        'associated with another VPC; associate another group',
      'error[association] a.json: [3].SecurityGroupVpcAssociations[1]: vpc-2 is a default VPC, with which no group ' +
        'can be associated; make a group in that VPC',
    ],
  ],
])('%s', (_, file, errors) => {
  expect(errorsOf([file])).toEqual(errors);
});

const abroad = (...associations: string[]): readonly DocumentFile[] => [
  yaml(
    'a.yaml',
    'groups: { sg-a: { egress: [] } }',
    'interfaces: { eni-b: { vpc: vpc-2, addresses: [10.2.0.1], groups: [sg-a] } }',
    ...associations,
  ),
];

test.each<[string, readonly string[], string]>([
  ['none', [], ', and no document associates the group with that VPC'],
  [
    'another',
    ['associations: { sg-a: [vpc-3] }'],
    ', and no document associates the group with that VPC',
  ],
  [
    'a removed one',
    ['associations: { sg-a: [{ vpc: vpc-2, state: disassociating }] }'],
    ', whose association with that VPC is disassociating',
  ],
])('SG-15: an interface carries a group of another VPC by way of %s', (_, associations, rest) => {
  expect(warningsOf(abroad(...associations))).toEqual([
    `warning[group-vpc] a.yaml:2:15: interfaces.eni-b: eni-b of vpc-2 carries sg-a of vpc-main${rest}; ` +
      'add the output of `aws ec2 describe-security-group-vpc-associations`',
  ]);
});

test('SG-15: an interface may carry a group that is associated with its VPC', () => {
  expect(warningsOf(abroad('associations: { sg-a: [vpc-2] }'))).toEqual([]);
  const again = 'associations: { sg-a: [vpc-2, { vpc: vpc-2, state: disassociated }] }';
  expect(warningsOf(abroad(again))).toEqual([]);
});

test("SG-16: an interface carries another account's group, which has to be shared with it", () => {
  const eni = (id: string, address: string, more: Record<string, unknown>): unknown =>
    awsInterface(id, address, { OwnerId: '222222222222', ...more });
  const files = [
    json('sg.json', { ...awsGroup('sg-web'), OwnerId: '111111111111' }),
    json('eni.json', [
      eni('eni-a', '10.0.1.1', {}),
      eni('eni-b', '10.0.1.2', { OwnerId: '111111111111' }),
      eni('eni-c', '10.0.1.3', { RequesterManaged: true }),
    ]),
  ];
  expect(warningsOf(files)).toEqual([
    'warning[group-owner] eni.json: [0]: eni-a of account 222222222222 carries sg-web of account 111111111111; ' +
      'check that the group is shared with that account: others cannot be used',
  ]);
});

test('SG-16: a rule names a group by another account than its own', () => {
  const file = yaml(
    'a.yaml',
    'groups:',
    '  sg-a: { egress: [], ingress: [all from 222222222222/sg-b, all from 111111111111/sg-b] }',
    '  sg-b: { egress: [], owner: "111111111111" }',
  );
  expect(warningsOf([file])).toEqual([
    'warning[group-owner] a.yaml:2:33: groups.sg-a.ingress[0]: rule names sg-b of account 222222222222, ' +
      'but it belongs to 111111111111; name it 111111111111/sg-b',
  ]);
});

test.each(['12345678901/sg-a', '1234567890123/sg-a', 'account/sg-a', '123456789012/sg-'])(
  'SG-16: %s is no peer',
  (peer) => {
    const [line] = errorsOf([yaml('a.yaml', `groups: { sg-a: { ingress: [all from ${peer}] } }`)]);
    expect(line).toBe(
      `error[peer] a.yaml:1:29: groups.sg-a.ingress[0]: "${peer}" is not a peer; ` +
        "write a group of another account with the account's twelve digits, like 123456789012/sg-0abc",
    );
  },
);
