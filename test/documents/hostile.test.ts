import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/model/diagnostic.js';
import { loadVpc } from '../../src/documents/load.js';
import { errorsOf, json } from './loading.js';

const DEEP = 100_000;
const JSON_LEVELS = 'nested deeper than 32 levels; give the output of the AWS CLI itself';
const YAML_LEVELS = 'nested deeper than 64 levels; flatten it';

test.each([
  ['lists', 'a.json', '['.repeat(DEEP) + ']'.repeat(DEEP), `a.json: ${JSON_LEVELS}`],
  ['objects', 'a.json', `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`, `a.json: ${JSON_LEVELS}`],
  ['flow lists', 'a.yaml', `groups: ${'['.repeat(DEEP)}`, `a.yaml: ${YAML_LEVELS}`],
  ['flow maps', 'a.yaml', `groups: ${'{a: '.repeat(DEEP)}`, `a.yaml: ${YAML_LEVELS}`],
  ['block lists', 'a.yaml', `groups:\n ${'- '.repeat(DEEP)}x`, `a.yaml: ${YAML_LEVELS}`],
  ['block keys', 'a.yaml', '? '.repeat(DEEP), `a.yaml: ${YAML_LEVELS}`],
  ['an anchor inside itself', 'a.yaml', 'groups: &a [*a, *a]', `a.yaml: ${YAML_LEVELS}`],
])('deep nesting is one line, not a crash: %s', (_name, name, text, line) => {
  expect(errorsOf([{ name, text }])).toEqual([`error[nesting] ${line}`]);
});

test('JSON that is cut off deep inside', () => {
  expect(errorsOf([{ name: 'a.json', text: '['.repeat(DEEP) }])).toEqual([
    `error[json-syntax] a.json:1:${DEEP + 1}: expected a value, found the end; fetch it again, it is cut short`,
  ]);
});

test('aliases that multiply a document are refused', () => {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `k${level}: &a${level + 1} [${Array(10).fill(`*a${level}`).join(',')}]`,
  );
  expect(errorsOf([{ name: 'a.yaml', text: ['groups: &a0 [x]', ...levels].join('\n') }])).toEqual([
    'error[yaml-alias] a.yaml: aliases add more than 100000 values; write the values out',
  ]);
});

test('YAML beyond 8 MB is refused before it is parsed', () => {
  expect(errorsOf([{ name: 'a.yaml', text: '#'.repeat(9 * 1024 * 1024) }])).toEqual([
    'error[yaml-size] a.yaml: 9437184 characters are more than the 8388608 read of YAML; ' +
      'split it or give the AWS JSON',
  ]);
});

/** Loads or refuses; anything else escapes and fails the test. */
function survives(name: string, text: string): void {
  try {
    const { description } = loadVpc([{ name, text }]);
    expect(description.groups).toBeInstanceOf(Array);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.diagnostics.length).toBeGreaterThan(0);
    expect(error.diagnostics.length).toBeLessThanOrEqual(101);
    for (const line of error.message.split('\n')) expect(line).toMatch(/^(error|warning)\[/);
  }
}

const KEYS = [
  'SecurityGroups GroupId GroupName VpcId IpPermissions IpPermissionsEgress IpProtocol FromPort ToPort',
  'IpRanges CidrIp Ipv6Ranges CidrIpv6 PrefixListIds PrefixListId UserIdGroupPairs SecurityGroupRules',
  'SecurityGroupRuleId IsEgress CidrIpv4 ReferencedGroupInfo NetworkInterfaces NetworkInterfaceId Groups',
  'PrivateIpAddress PrivateIpAddresses Ipv6Addresses TagSet Key Value Reservations Instances InstanceId',
  'Vpcs CidrBlock Subnets SubnetId PrefixLists Cidrs Entries Cidr VpcPeeringConnections Status Code',
  'RequesterVpcInfo NextToken data Resources Type __proto__ constructor toString',
  'vpc cidrs subnets groups interfaces prefix-lists peerings sg-a eni-a pl-a pcx-a ingress egress rule id',
  'addresses prefixes mac idleSeconds udp between status transit-gateways tgw-a associations vpcs state owner',
  'TransitGateways TransitGatewayId TransitGatewayArn TransitGatewayVpcAttachments TransitGatewayAttachmentId State',
  'Options SecurityGroupReferencingSupport SecurityGroupVpcAssociations VpcOwnerId StaleSecurityGroupSet',
  'StaleIpPermissions InstanceTypes InstanceType NetworkInfo ConnectionTrackingConfiguration DefaultUdpTimeout',
].flatMap((line) => line.split(' '));
const leaf = fc.oneof(
  fc.constantFrom('tcp', '-1', 'icmp', '10.0.0.0/8', '::/0', 'sg-a', 'pl-a', 'vpc-1', 'Name', ''),
  fc.constantFrom('tcp/443 from any', 'all to 10.0.0.1', '10.0.0.1', '2001:db8::1'),
  fc.constantFrom(0, -1, 80, 65_536, 1.5, true, false, null),
  fc.string(),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 7, withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom(...KEYS), tie('tree')), { maxLength: 5 })
      .map((entries) => Object.fromEntries(entries) as unknown),
  ),
}));

test('arbitrary JSON built of our own keys loads or is refused', () => {
  fc.assert(
    fc.property(tree, (value) => {
      const text = JSON.stringify(value);
      survives('a.json', text);
      survives('a.yaml', text);
    }),
    { numRuns: 400 },
  );
});

test('arbitrary JSON and arbitrary text load or are refused', () => {
  fc.assert(
    fc.property(fc.json(), fc.string({ unit: 'binary' }), (document, text) => {
      for (const name of ['a.json', 'a.yaml', '-']) {
        survives(name, document);
        survives(name, text);
      }
    }),
    { numRuns: 100 },
  );
});

test('a damaged short form loads or is refused', () => {
  const form =
    'groups: { sg-a: { ingress: [tcp/1 from any] } }\ninterfaces: { eni-a: { addresses: [10.0.0.1] } }';
  const marks = [
    '[',
    ']',
    '{',
    '}',
    ':',
    '-',
    '?',
    '&',
    '*',
    '!',
    '|',
    '>',
    "'",
    '"',
    '%',
    '#',
    ',',
  ];
  const blanks = ['\n', '\t', ' ', ''];
  const change = fc.tuple(fc.nat(form.length), fc.constantFrom(...marks, ...blanks));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const damaged = changes.reduce(
        (text, [at, char]) => text.slice(0, at) + char + text.slice(at + 1),
        form,
      );
      survives('a.yaml', damaged);
    }),
    { numRuns: 400 },
  );
});

test('keys that objects inherit are only keys', () => {
  expect(errorsOf([json('a.json', { constructor: { toString: 1 } })])[0]).toMatch(
    /^error\[not-aws\]/,
  );
  const text = '{"__proto__": {"SecurityGroups": [{"GroupId": "sg-a", "VpcId": "vpc-1"}]}}';
  expect(loadVpc([{ name: 'a.json', text }]).description.groups).toHaveLength(1);
});
