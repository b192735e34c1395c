import type { Prefix } from '../../src/model/address.js';
import type { Peer, Rule, Traffic } from '../../src/model/security-group.js';
import type { NetworkInterface, PrefixList, VpcDescription } from '../../src/model/vpc.js';
import { mulberry32 } from '../workload.js';

/** Shapes in which AWS accounts have many rules. */
export type AwsShape = 'cidrs' | 'groups' | 'members' | 'lists';

export const AWS_SHAPES: readonly AwsShape[] = ['cidrs', 'groups', 'members', 'lists'];

/**
 * A VPC with `count` ingress rules, groups x peers x ports, the same for the same numbers:
 *
 * - `cidrs`: one group on one interface, every rule another block and port;
 * - `groups`: groups of 100 rules, three of ten of which name other groups and one a prefix list; interfaces carry up to three;
 * - `members`: groups of ten rules, each on its own interface together with one group that lets its members in: as many
 *   group sets as interfaces, and all of them name all interfaces;
 * - `lists`: groups of 50 rules that name 20 prefix lists of 200 entries.
 */
export function awsSet(shape: AwsShape, count: number, seed = 1): VpcDescription {
  return SHAPES[shape](count, createDraw(seed));
}

const SHAPES: Readonly<Record<AwsShape, (count: number, draw: Draw) => VpcDescription>> = {
  cidrs: (count, draw) => {
    const rules = Array.from({ length: count }, () => [ports(draw), block(draw)] as const);
    return vpc([rules], [[0]]);
  },
  groups: (count, draw) => {
    const groupCount = Math.ceil(count / 100);
    const lists = prefixLists(20, 50, draw);
    const groups = chunks(count, 100).map((size) =>
      Array.from({ length: size }, () => {
        const kind = draw(10);
        const peer =
          kind < 6 ? block(draw) : kind < 9 ? groupPeer(draw(groupCount)) : listPeer(draw(20));
        return [ports(draw), peer] as const;
      }),
    );
    const carried = Array.from({ length: groupCount * 4 }, (_, i) =>
      Array.from({ length: 1 + draw(3) }, (_, n) => (n === 0 ? i : draw(groupCount)) % groupCount),
    );
    return vpc(groups, carried, lists);
  },
  members: (count, draw) => {
    const groups = chunks(count, 10).map((size) =>
      Array.from({ length: size }, () => [ports(draw), block(draw)] as const),
    );
    const carried = groups.map((_, i) => [i, groups.length]);
    return vpc([...groups, [[{ kind: 'all' } as const, groupPeer(groups.length)]]], carried);
  },
  lists: (count, draw) => {
    const groups = chunks(count, 50).map((size) =>
      Array.from({ length: size }, () => [ports(draw), listPeer(draw(20))] as const),
    );
    return vpc(
      groups,
      groups.map((_, i) => [i]),
      prefixLists(20, 200, draw),
    );
  },
};

/** A number below the argument. */
type Draw = (below: number) => number;

function createDraw(seed: number): Draw {
  const random = mulberry32(seed);
  return (below) => Math.floor(random() * below);
}

const SERVICES = [22, 53, 80, 443, 1433, 3306, 5432, 6379, 8080, 8443, 9092, 9200];

/** Mostly one service's port, some ranges, some of another protocol. */
function ports(draw: Draw): Traffic {
  const kind = draw(20);
  if (kind === 0) return { kind: 'all' };
  if (kind === 1) return { kind: 'icmp', protocol: 1, type: 8, code: -1 };
  const from = kind < 14 ? SERVICES[draw(SERVICES.length)]! : 1024 + draw(60_000);
  const to = kind < 18 ? from : Math.min(65_535, from + draw(4096));
  return { kind: 'ports', protocol: kind % 5 === 0 ? 17 : 6, from, to };
}

/** A block of a private network or, half as often, of anywhere. */
function block(draw: Draw): Peer {
  const length = [8, 12, 16, 20, 24, 24, 28, 32, 32, 32][draw(10)]!;
  const anywhere = draw(3) === 0;
  const top = anywhere ? 11 + draw(200) : 10;
  return {
    kind: 'cidr',
    prefix: ipv4(top * 2 ** 24 + draw(2 ** 24), anywhere ? Math.max(length, 16) : length),
  };
}

const groupPeer = (group: number): Peer => ({ kind: 'group', groupId: `sg-${group}` });
const listPeer = (list: number): Peer => ({ kind: 'prefix-list', prefixListId: `pl-${list}` });

function ipv4(value: number, length: number): Prefix {
  const size = 2 ** (32 - length);
  return { family: 4, value: BigInt(Math.floor(value / size) * size), length };
}

function prefixLists(count: number, entries: number, draw: Draw): PrefixList[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `pl-${i}`,
    name: `list ${i}`,
    entries: Array.from({ length: entries }, () =>
      ipv4((11 + draw(200)) * 2 ** 24 + draw(2 ** 24), 16 + draw(17)),
    ),
    place: '',
  }));
}

/** Sizes of `count` rules in groups of `each`. */
function chunks(count: number, each: number): number[] {
  return Array.from({ length: Math.ceil(count / each) }, (_, i) =>
    Math.min(each, count - i * each),
  );
}

function vpc(
  groups: readonly (readonly (readonly [Traffic, Peer])[])[],
  carried: readonly (readonly number[])[],
  lists: readonly PrefixList[] = [],
): VpcDescription {
  const rules = groups.map((each, i) =>
    each.map(([traffic, peer], at): Rule => {
      const groupId = `sg-${i}`;
      const id = `${groupId}:${at + 1}`;
      return { id, groupId, direction: 'ingress', traffic, peer, place: '' };
    }),
  );
  return vpcOf(rules, carried, lists);
}

/** `carried`: positions of the groups of each interface; interfaces have addresses from 10.0.0.10 up. */
export function vpcOf(
  groups: readonly (readonly Rule[])[],
  carried: readonly (readonly number[])[],
  lists: readonly PrefixList[] = [],
): VpcDescription {
  return {
    vpcs: [],
    subnets: [],
    prefixLists: lists,
    peerings: [],
    associations: [],
    transitAttachments: [],
    paths: [],
    groups: groups.map((rules, i) => ({
      id: `sg-${i}`,
      name: `sg-${i}`,
      vpcId: 'vpc-1',
      place: '',
      rules,
    })),
    interfaces: carried.map((positions, i): NetworkInterface => ({
      id: `eni-${i}`,
      vpcId: 'vpc-1',
      type: 'interface',
      addresses: [{ family: 4, value: 0x0a00_000an + BigInt(i) }],
      delegated: [],
      groupIds: positions.map((group) => `sg-${group}`),
      sourceDestCheck: true,
      requesterManaged: false,
      idleSeconds: {},
      place: '',
    })),
  };
}
