import fc from 'fast-check';
import { type Address, type Prefix, addressWidth } from '../../src/model/address.js';
import type { Peer, Rule, SecurityGroup, Traffic } from '../../src/model/security-group.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { describeVpc, eni, prefixes } from '../policy/describe-vpc.js';
import { NO_PORT, type Probe } from './matcher.js';

// Values come from small pools, or random policies and packets would never meet.

/** Nested, of lengths at, before and behind the trie's strides, and around the middle of an IPv6 address. */
const PREFIXES = prefixes(
  '0.0.0.0/0',
  '0.0.0.0/1',
  '192.0.0.0/5',
  '192.0.0.0/6',
  '196.0.0.0/7',
  '198.51.0.0/16',
  '198.51.96.0/19',
  '198.51.100.0/24',
  '198.51.100.0/25',
  '198.51.100.128/25',
  '198.51.100.0/30',
  '198.51.100.2/31',
  '198.51.100.3/32',
  '203.0.113.255/32',
  '10.0.0.0/8',
  '255.255.255.255/32',
  '::/0',
  '2001:db8::/32',
  '2001:db8::/60',
  '2001:db8:0:1::/64',
  '2001:db8:0:1::/65',
  '2001:db8:0:1:8000::/66',
  '2001:db8:0:1:8000::1/128',
  '2001:db8:0:1:8000::/126',
  '2001:db8:0:1:8000::2/127',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128',
);

const GROUPS = ['sg-a', 'sg-b', 'sg-c', 'sg-d'] as const;
const LISTS = ['pl-mixed4', 'pl-mixed6', 'pl-empty', 'pl-unknown'] as const;

/** Interfaces that carry one, two and all groups; the sets of a policy are the distinct ones. */
const INTERFACES = [
  eni('eni-a', ['10.0.0.1', '2001:db8:0:1::a'], ['sg-a']),
  eni('eni-b', ['10.0.0.2', '10.0.1.2'], ['sg-b', 'sg-a'], { delegated: prefixes('10.0.2.16/28') }),
  eni('eni-c', ['10.0.0.3', '2001:db8:0:1::c'], ['sg-c', 'sg-d'], {
    delegated: prefixes('2001:db8:0:1:c::/80'),
  }),
  eni('eni-d', ['198.51.100.3'], [...GROUPS]),
];

const PORTS = [0, 1, 22, 79, 80, 81, 443, 1023, 1024, 65_534, 65_535];
const TYPES = [0, 3, 8, 128, 254, 255];
const CODES = [0, 1, 4, 255];
const OTHERS = [0, 2, 47, 50, 132, 255];

const traffic: fc.Arbitrary<Traffic> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(6, 17), fc.constantFrom(...PORTS), fc.constantFrom(...PORTS))
      .map(([protocol, one, other]): Traffic => {
        return { kind: 'ports', protocol, from: Math.min(one, other), to: Math.max(one, other) };
      }),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(1, 58), fc.constantFrom(-1, ...TYPES), fc.constantFrom(-1, ...CODES))
      .map(([protocol, type, code]): Traffic => {
        return { kind: 'icmp', protocol, type, code: type === -1 ? -1 : code };
      }),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...OTHERS)
      .map((protocol): Traffic => ({ kind: 'protocol', protocol })),
  },
  { weight: 1, arbitrary: fc.constant<Traffic>({ kind: 'all' }) },
);

const peer: fc.Arbitrary<Peer> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(...PREFIXES).map((prefix): Peer => ({ kind: 'cidr', prefix })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...GROUPS).map((groupId): Peer => ({ kind: 'group', groupId })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...LISTS)
      .map((prefixListId): Peer => ({ kind: 'prefix-list', prefixListId })),
  },
);

/** Few, so that many rules stand at one prefix: past some number they have an index. */
const crowdedPeer: fc.Arbitrary<Peer> = fc
  .constantFrom(...prefixes('198.51.100.0/24', '198.51.0.0/16', '2001:db8::/32'))
  .map((prefix): Peer => ({ kind: 'cidr', prefix }));

const group = (id: string, peers: fc.Arbitrary<Peer>, most: number): fc.Arbitrary<SecurityGroup> =>
  fc
    .array(fc.tuple(fc.constantFrom('ingress', 'egress'), traffic, peers), {
      maxLength: most,
      size: 'max',
    })
    .map((list) => ({
      id,
      name: id,
      vpcId: 'vpc-1',
      place: id,
      rules: list.map(([direction, what, whom], i): Rule => ({
        id: `${id}:${i + 1}`,
        groupId: id,
        direction,
        traffic: what,
        peer: whom,
        place: id,
      })),
    }));

/** Four groups on four interfaces, and prefix lists that repeat what rules name. */
export const randomVpc = vpcOf(peer, 12);
export const crowdedVpc = vpcOf(crowdedPeer, 60);

function vpcOf(peers: fc.Arbitrary<Peer>, most: number): fc.Arbitrary<VpcDescription> {
  const [a, b, c, d] = GROUPS;
  const of = (id: string): fc.Arbitrary<SecurityGroup> => group(id, peers, most);
  return fc
    .record({
      groups: fc.tuple(of(a), of(b), of(c), of(d)),
      entries: fc.tuple(entriesOf(4), entriesOf(6)),
    })
    .map(({ groups, entries: [mixed4, mixed6] }) =>
      describeVpc({
        groups,
        interfaces: INTERFACES,
        prefixLists: [
          { id: 'pl-mixed4', name: 'mixed4', entries: mixed4, place: '' },
          { id: 'pl-mixed6', name: 'mixed6', entries: mixed6, place: '' },
          { id: 'pl-empty', name: 'empty', entries: [], place: '' },
        ],
      }),
    );
}

function entriesOf(family: 4 | 6): fc.Arbitrary<Prefix[]> {
  const own = PREFIXES.filter((prefix) => prefix.family === family);
  return fc.array(fc.constantFrom(...own), { maxLength: 4 });
}

/** First and last address of every prefix, their neighbours outside, and what the interfaces hold. */
export const ADDRESSES: readonly Address[] = [
  ...PREFIXES.flatMap(edges),
  ...INTERFACES.flatMap(({ addresses, delegated }) => [...addresses, ...delegated.flatMap(edges)]),
];

/** Protocol and port as rows tell them: protocols without ports have port 0. */
const packet: fc.Arbitrary<{ protocol: number; port: number }> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      protocol: fc.constantFrom(6, 17),
      port: fc.constantFrom(
        NO_PORT,
        ...PORTS.flatMap((port) => [port - 1, port, port + 1]).filter(
          (port) => port >= 0 && port <= 65_535,
        ),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(1, 58),
        fc.constantFrom(...TYPES, 4, 253),
        fc.constantFrom(...CODES, 2, 254),
        fc.constantFrom(false, false, false, true),
      )
      .map(([protocol, type, code, unknown]) => ({
        protocol,
        port: unknown ? NO_PORT : type * 256 + code,
      })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      protocol: fc.constantFrom(...OTHERS, 41, 254),
      port: fc.constantFrom(0, NO_PORT),
    }),
  },
);

export const randomProbe: fc.Arbitrary<Probe> = fc
  .tuple(fc.constantFrom('ingress', 'egress'), fc.constantFrom(...ADDRESSES), packet)
  .map(([direction, remote, what]) => ({ direction, remote, ...what }));

function edges({ family, value, length }: Prefix): Address[] {
  const space = 1n << BigInt(addressWidth(family));
  const last = value + (1n << BigInt(addressWidth(family) - length)) - 1n;
  return [value - 1n, value, last, last + 1n]
    .filter((edge) => edge >= 0n && edge < space)
    .map((edge) => ({ family, value: edge }));
}
