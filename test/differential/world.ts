import fc from 'fast-check';
import { parseAddress, parsePrefix, type Address, type Prefix } from '../../src/model/address.js';
import type { Peer, Rule, SecurityGroup, Traffic } from '../../src/model/security-group.js';
import type { TrackingOptions } from '../../src/model/tracking.js';
import {
  type NetworkInterface,
  PATH_KINDS,
  type Path,
  type VpcDescription,
} from '../../src/model/vpc.js';

// Values come from small pools, or random data would never collide.

export const prefix = (text: string): Prefix => parsePrefix(text)!.prefix;
export const address = (text: string): Address => parseAddress(text)!;

/** Addresses of the interfaces, each its own; the first of each family is the usual one. */
export const LOCAL = [
  ['10.0.1.20', '10.0.1.21', '2001:db8:5::20'],
  ['10.0.2.30', '2001:db8:6::30', '2001:db8:6::31'],
  ['10.0.2.40', '2001:db8:6::40'],
] as const;
const DELEGATED = [['10.0.1.48/28', '2001:db8:5:0:1::/80'], [], ['10.0.2.48/28']] as const;
export const MACS = ['020000000101', '020000000102', '020000000103'] as const;

/** Hosts elsewhere, at the edges of the peers' prefixes. */
export const REMOTE = {
  4: ['203.0.113.7', '203.0.113.8', '198.51.100.127', '198.51.100.128', '10.0.3.5'],
  6: ['2001:db8:c::10', '2001:db8:c::1:0', '2001:db8:7::5'],
} as const;

const PEERS: readonly Peer[] = [
  ...['0.0.0.0/0', '0.0.0.0/0', '0.0.0.0/1', '203.0.113.0/24', '203.0.113.7/32', '198.51.100.0/25'],
  ...['10.0.0.0/8', '10.0.2.0/24', '10.0.1.20/32', '10.0.1.48/28'],
  ...['::/0', '::/0', '2001:db8::/32', '2001:db8:c::/112', '2001:db8:5::20/128'],
].map((text) => ({ kind: 'cidr', prefix: prefix(text) }));
const OTHER_PEERS: readonly Peer[] = [
  { kind: 'group', groupId: 'sg-0' },
  { kind: 'group', groupId: 'sg-1' },
  { kind: 'group', groupId: 'sg-2' },
  { kind: 'prefix-list', prefixListId: 'pl-4' },
  { kind: 'prefix-list', prefixListId: 'pl-6' },
  { kind: 'prefix-list', prefixListId: 'pl-unloaded' },
];

export const PORTS = [22, 79, 80, 81, 443, 1023, 1024, 40_000, 65_535, 0] as const;

const traffic: fc.Arbitrary<Traffic> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Traffic>({ kind: 'all' }) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom(6, 17),
        fc.constantFrom<[number, number]>(
          [80, 80],
          [22, 22],
          [443, 443],
          [80, 443],
          [79, 81],
          [0, 65_535],
          [1, 65_535],
          [0, 1023],
          [1024, 65_535],
        ),
      )
      .map(([protocol, [from, to]]): Traffic => ({
        kind: 'ports',
        protocol: protocol,
        from,
        to,
      })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom(1, 58),
        fc.constantFrom<[number, number]>(
          [-1, -1],
          [8, -1],
          [8, 0],
          [0, -1],
          [3, -1],
          [3, 4],
          [128, -1],
          [128, 0],
          [2, 0],
          [129, -1],
          [13, 0],
        ),
      )
      .map(([protocol, [type, code]]): Traffic => ({
        kind: 'icmp',
        protocol: protocol,
        type,
        code,
      })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(50, 47, 132, 2)
      .map((protocol): Traffic => ({ kind: 'protocol', protocol })),
  },
);

const peer: fc.Arbitrary<Peer> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...PEERS) },
  { weight: 1, arbitrary: fc.constantFrom(...OTHER_PEERS) },
);

const rules = (groupId: string, direction: 'ingress' | 'egress', maxLength: number) =>
  fc.array(fc.tuple(traffic, peer), { maxLength, size: 'max' }).map((list): Rule[] =>
    list.map(([what, from], i) => ({
      id: `${groupId}:${direction}:${i + 1}`,
      groupId,
      direction,
      traffic: what,
      peer: from,
      place: '',
    })),
  );

const ALL_OUT: Rule[] = ['0.0.0.0/0', '::/0'].map((text, i) => ({
  id: `default:${i}`,
  groupId: 'sg-0',
  direction: 'egress',
  traffic: { kind: 'all' },
  peer: { kind: 'cidr', prefix: prefix(text) },
  place: '',
}));

const group = (id: string): fc.Arbitrary<SecurityGroup> =>
  fc
    .tuple(rules(id, 'ingress', 5), rules(id, 'egress', 3), fc.boolean())
    .map(([ingress, egress, open]) => ({
      id,
      name: id,
      vpcId: 'vpc-1',
      // The default egress, as often as not: most worlds should let something out.
      rules: [
        ...ingress,
        ...(open
          ? ALL_OUT.map((rule) => ({ ...rule, id: `${id}:${rule.id}`, groupId: id }))
          : egress),
      ],
      place: '',
    }));

const eni = (n: number): fc.Arbitrary<NetworkInterface> =>
  fc
    .record({
      groupIds: fc.uniqueArray(fc.constantFrom('sg-0', 'sg-1', 'sg-2'), {
        minLength: 1,
        maxLength: 3,
      }),
      bare: fc.constantFrom(false, false, false, false, false, false, false, true),
      sourceDestCheck: fc.constantFrom(true, true, true, false),
      mac: fc.boolean(),
      delegated: fc.boolean(),
      idle: fc.constantFrom(
        {},
        { tcpEstablished: 350 },
        { udp: 60, udpStream: 60 },
        { udpStream: 120 },
      ),
    })
    .map(({ groupIds, bare, sourceDestCheck, mac, delegated, idle }) => ({
      id: `eni-${n}`,
      vpcId: 'vpc-1',
      subnetId: n === 0 ? 'subnet-a' : 'subnet-b',
      type: bare ? 'natGateway' : 'interface',
      ...(mac ? { mac: MACS[n]! } : {}),
      addresses: LOCAL[n]!.map(address),
      delegated: delegated ? DELEGATED[n]!.map(prefix) : [],
      groupIds: bare ? [] : groupIds,
      sourceDestCheck,
      requesterManaged: false,
      idleSeconds: idle,
      // The first two are one instance's.
      ...(n < 2 ? { instanceId: 'i-0' } : {}),
      place: '',
    }));

/** Mostly direct; else by way of something, towards nested remote prefixes. */
const paths: fc.Arbitrary<readonly Path[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.record({
        prefix: fc.constantFrom(
          ...['203.0.113.0/24', '203.0.113.10/32', '0.0.0.0/0', '::/0', '2001:db8:c::/48'].map(
            prefix,
          ),
        ),
        via: fc.constantFrom(...PATH_KINDS),
        place: fc.constant(''),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  },
);

/** One VPC with three groups and one to three interfaces. */
export const world: fc.Arbitrary<VpcDescription> = fc
  .tuple(
    fc.tuple(group('sg-0'), group('sg-1'), group('sg-2')),
    fc.tuple(eni(0), eni(1), eni(2)),
    fc.constantFrom(1, 2, 3, 3, 3, 3),
    fc.boolean(),
    paths,
  )
  .map(([groups, interfaces, count, subnets, via]) => ({
    vpcs: [{ id: 'vpc-1', prefixes: [prefix('10.0.0.0/16'), prefix('2001:db8::/48')], place: '' }],
    subnets: subnets
      ? [
          {
            id: 'subnet-a',
            vpcId: 'vpc-1',
            prefixes: [prefix('10.0.1.0/24'), prefix('2001:db8:5::/64')],
            place: '',
          },
          {
            id: 'subnet-b',
            vpcId: 'vpc-1',
            prefixes: [prefix('10.0.2.0/24'), prefix('2001:db8:6::/64')],
            place: '',
          },
        ]
      : [],
    groups,
    interfaces: interfaces.slice(0, count),
    prefixLists: [
      {
        id: 'pl-4',
        name: 'four',
        entries: [prefix('203.0.113.0/25'), prefix('0.0.0.0/0')],
        place: '',
      },
      { id: 'pl-6', name: 'six', entries: [prefix('2001:db8:c::10/128')], place: '' },
      { id: 'pl-unloaded', name: 'unloaded', place: '' },
    ],
    peerings: [],
    associations: [],
    transitAttachments: [],
    paths: via,
  }));

export const tracking: fc.Arbitrary<TrackingOptions> = fc.record(
  {
    midstream: fc.constantFrom('history', 'history', 'history', 'strict', 'pickup'),
    denied: fc.constantFrom('remember', 'remember', 'remember', 'forget'),
    historySeconds: fc.constantFrom(86_400, 100, 0),
    related: fc.constantFrom('all', 'all', 'all', 'pmtud', 'none'),
    exempt: fc.constantFrom('addresses', 'addresses', 'services'),
    autoTracked: fc.constantFrom('2026', '2023'),
    maxTracked: fc.constantFrom(1, 2, 3),
  },
  { requiredKeys: ['midstream', 'denied', 'historySeconds', 'related', 'exempt', 'autoTracked'] },
);
