import { expect, test } from 'vitest';
import { resolvePolicy } from '../../src/policy/resolve.js';
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

interface Eni {
  readonly type: string;
  readonly own?: Record<string, number>;
}

/** An instance of its type and its interface for each, described as AWS does. */
const instances = (...enis: readonly Eni[]): readonly DocumentFile[] => [
  json('sg.json', awsGroup('sg-web')),
  json('eni.json', {
    NetworkInterfaces: enis.map(({ own }, at) =>
      awsInterface(`eni-${at + 1}`, `10.0.1.${at + 1}`, {
        Attachment: { InstanceId: `i-${at + 1}`, DeviceIndex: 0 },
        ...(own === undefined ? {} : { ConnectionTrackingConfiguration: own }),
      }),
    ),
  }),
  json('instances.json', {
    Reservations: [
      {
        Instances: enis.map(({ type }, at) => ({ InstanceId: `i-${at + 1}`, InstanceType: type })),
      },
    ],
  }),
];

const types = (...all: unknown[]): DocumentFile => json('types.json', { InstanceTypes: all });
const typeOf = (
  InstanceType: string,
  ConnectionTrackingConfiguration?: Record<string, number>,
): unknown => ({
  InstanceType,
  Hypervisor: 'nitro',
  NetworkInfo: {
    MaximumNetworkInterfaces: 4,
    ...(ConnectionTrackingConfiguration && { ConnectionTrackingConfiguration }),
  },
});

const limits = (...files: DocumentFile[]): readonly (readonly number[])[] =>
  resolvePolicy(describeVpc(...files)).interfaces.map(({ idleSeconds }) => [
    idleSeconds.tcpEstablished,
    idleSeconds.udp,
    idleSeconds.udpStream,
  ]);

const V6 = {
  DefaultTcpEstablishedTimeout: 350,
  DefaultUdpTimeout: 40,
  DefaultUdpStreamTimeout: 120,
};

test("CT-22: an interface's own limit, else its instance type's, else AWS's", () => {
  const files = instances(
    { type: 'm8g.large' },
    { type: 'm8g.large', own: { TcpEstablishedTimeout: 7200, UdpStreamTimeout: 60 } },
    { type: 'm7g.large' },
    { type: 'c7i.large' },
  );
  const found = limits(...files, types(typeOf('m8g.large', V6), typeOf('c7i.large')));
  expect(found).toEqual([
    [350, 40, 120],
    [7200, 40, 60],
    [432_000, 30, 180],
    [432_000, 30, 180],
  ]);
});

test('CT-22: a type may set some of the limits, and be a bare document', () => {
  const some = typeOf('m8g.large', { DefaultTcpEstablishedTimeout: 350 });
  const found = limits(...instances({ type: 'm8g.large' }), json('m8g.json', some));
  expect(found).toEqual([[350, 30, 180]]);
});

test('CT-22: of an 8th-generation type that no document tells of, one warning', () => {
  const own = { TcpEstablishedTimeout: 400 };
  const files = instances(
    { type: 'm8g.large' },
    { type: 'm7g.large' },
    { type: 'm8g.large' },
    { type: 'r8gd.4xlarge', own },
    { type: 'c8i.large' },
    { type: 'm8g.large', own },
  );
  const line = (eni: string, count: string, type: string): string =>
    `warning[idle-default] eni.json: NetworkInterfaces[${eni}]: ${count} on ${type} may idle out TCP after 350 s: ` +
    `432000 s is used; add the output of \`aws ec2 describe-instance-types --instance-types ${type}\``;
  const both = [line('0', '2 interfaces', 'm8g.large'), line('4', '1 interface', 'c8i.large')];
  expect(warningsOf(files)).toEqual(both);
  expect(warningsOf([...files, types(typeOf('m8g.large', V6))])).toEqual([both[1]]);
  // An older answer knows the type, but not its limits.
  expect(warningsOf([...files, types(typeOf('m8g.large'))])).toEqual(both);
});

test.each([
  ['m8g.large', true],
  ['c8i.metal-48xl', true],
  ['r8gd.medium', true],
  ['hpc8a.96xlarge', true],
  ['m10x.large', true],
  ['t4g.micro', false],
  ['p6e-gb200.36xlarge', false],
  ['u-18tb1.112xlarge', false],
  ['mac2-m2.metal', false],
])('CT-22: the generation of %s', (type, warned) => {
  expect(warningsOf(instances({ type }))).toHaveLength(warned ? 1 : 0);
});

test('CT-22, CT-21: limits of a type out of range', () => {
  const files = [
    ...instances({ type: 'm8g.large' }),
    types(typeOf('m8g.large', { DefaultUdpTimeout: 29 })),
  ];
  expect(errorsOf(files)).toEqual([
    'error[idle-timeout] types.json: InstanceTypes[0].NetworkInfo.ConnectionTrackingConfiguration.DefaultUdpTimeout: ' +
      '29 seconds is outside 30 to 60; correct it',
  ]);
});

test('CT-22: the short form names the type at the interface', () => {
  const short = yaml(
    'a.yaml',
    'groups: { sg-a: { egress: [] } }',
    'interfaces: { eni-a: { addresses: [10.0.1.1], groups: [sg-a], instanceType: m8g.large } }',
  );
  expect(limits(short, types(typeOf('m8g.large', V6)))).toEqual([[350, 40, 120]]);
  expect(warningsOf([short])).toHaveLength(1);
});
