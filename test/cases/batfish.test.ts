import { describe, expect, test } from 'vitest';
import { formatAddress } from '../../src/model/address.js';
import { InputError } from '../../src/model/diagnostic.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { publicAddresses, UNDER_TEST, worldOf } from './batfish-worlds.js';
import { type Answer, type Flow, type FlowTraffic, judgeFlows } from './judge-flow.js';
import { type BatfishCase, missing, readBatfish, titled } from './read-cases.js';

/** What Batfish's dispositions mean to a security group; it has no word for the others. */
const MEANING = new Map([
  ['ALLOW', 'allow'],
  ['ACCEPTED', 'allow'],
  ['EXITS_NETWORK', 'allow'],
  ['ACCEPTED_OR_EXITS both ways', 'allow'],
  ['DENY', 'drop'],
  ['DENIED_IN', 'drop'],
]);

/** Tests whose answers are not the groups', and what sgsim says of their packets. */
const UNDECIDED: Readonly<Record<string, { readonly cause: string; readonly said: string }>> = {
  'AwsConfigurationPublicPrivateSubnetTest:86 testFromPrivateToPublicSubnet': {
    cause: 'the virtual private gateway has no route to the public address',
    said: 'allow',
  },
  'AwsConfigurationPublicPrivateSubnetTest:129 testFromInternet': {
    cause: 'the internet discards packets to a private address',
    said: 'drop',
  },
  'AwsConfigurationPublicPrivateSubnetTest:150 testToInternet': {
    cause: 'the virtual private gateway has no route to the internet',
    said: 'allow',
  },
  'AwsConfigurationPublicPrivateSubnetTest:188 testFromVgw': {
    cause: 'nothing behind the virtual private gateway translates the public address',
    said: 'not-judged',
  },
  'AwsConfigurationVpcEndpointGatewayTest:102 testFromSubnetPrivate_otherAwsServices': {
    cause: 'the private subnet has a route to one service only',
    said: 'allow',
  },
  'SecurityGroupsTest testInvalidStartInterval': {
    cause: 'AWS stores no tcp rule from port -1 (PR-1); Batfish reads it as 0',
    said: 'refused: port-value',
  },
  'SecurityGroupsTest testInvalidEndInterval': {
    cause: 'AWS stores no tcp rule to port -1 (PR-1); Batfish reads it as 65535',
    said: 'refused: port-value',
  },
  'SecurityGroupsTest testIcmpInvalidCodeOnly': {
    cause: 'AWS stores no icmp rule for one code of any type (PR-2); Batfish warns and ignores it',
    said: 'refused: icmp-type',
  },
};

const rows = readBatfish();
const nameOf = ({ where }: BatfishCase): string => where.replace(/^.*\/(\w+)\.java/, '$1');
const isListed = (row: BatfishCase): boolean => nameOf(row) in UNDECIDED;
const titleOf = (row: BatfishCase): string =>
  `${nameOf(row)}: ${row.proto} ${row.src} ${row.sport} > ${row.dst} ${row.dport}: ${row.expected}`;

describe.skipIf(missing)(titled('Batfish'), () => {
  test.each(rows.filter((row) => !isListed(row)).map((row) => [titleOf(row), row] as const))(
    '%s',
    (_, row) => {
      expect(verdictsOf(row)).toBe(MEANING.get(row.expected));
      checkPlace(row);
    },
  );

  test('the rows that groups do not decide are the listed ones', () => {
    const others = rows.filter((row) => verdictsOf(row) !== MEANING.get(row.expected));
    expect(others.map(titleOf)).toEqual(rows.filter(isListed).map(titleOf));
    const said = others.map((row) => [nameOf(row), verdictsOf(row)] as const);
    expect(new Map(said)).toEqual(
      new Map(Object.entries(UNDECIDED).map(([name, it]) => [name, it.said])),
    );
  });

  test.each(
    rows
      .filter((row) => /^egress SG of/.test(row.sg_verdict))
      .map((row) => [titleOf(row), row] as const),
  )('before routing drops it: %s', (_, row) => checkPlace(row));
});

/** The verdict of all packets that a row stands for, or the faults of its VPC. */
function verdictsOf(row: BatfishCase): string {
  try {
    const verdicts = answersOf(row).map(({ opening }) => opening.verdict);
    return [...new Set(verdicts)].join(' and ');
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return `refused: ${error.diagnostics.map(({ code }) => code).join(', ')}`;
  }
}

/** The instance and direction that Batfish names decide in sgsim too, and replies pass where it says so. */
function checkPlace(row: BatfishCase): void {
  const { interfaces } = worldOf(row.config);
  const instance = new Map(interfaces.map(({ id, instanceId }) => [id, instanceId]));
  const [, direction, id] =
    /(ingress|egress) (?:SG|security group) of (\S+)/.exec(row.sg_verdict) ?? [];
  for (const { opening, reply } of answersOf(row)) {
    const { eni, direction: last, verdict, code } = opening.at.at(-1)!;
    if (id !== undefined) expect([last, instance.get(eni)]).toEqual([direction, id]);
    if (verdict === 'drop') expect(code).toBe('no-rule');
    if (row.expected.endsWith('both ways')) expect(reply?.verdict).toBe('allow');
  }
}

function answersOf(row: BatfishCase): Answer[] {
  const vpc = worldOf(row.config);
  const flows = sourcesOf(row, vpc).flatMap((source) =>
    destinationsOf(row).flatMap((destination) =>
      trafficOf(row).map((traffic): Flow => ({ source, destination, traffic })),
    ),
  );
  return judgeFlows(vpc, flows);
}

/** Addresses that no VPC has; the second is the site behind Batfish's virtual private gateway. */
const OUTSIDE = ['8.8.8.8', '19.168.0.0'];

function sourcesOf({ src, hops }: BatfishCase, { interfaces }: VpcDescription): readonly string[] {
  if (src === 'any') return [UNDER_TEST];
  if (src.startsWith('any address of')) return OUTSIDE;
  if (src !== '') return [src];
  const first = interfaces.find(({ instanceId }) => instanceId === hops.split(' ')[0])!;
  return [formatAddress(first.addresses[0]!)];
}

function destinationsOf({ dst, hops, config }: BatfishCase): readonly string[] {
  if (dst === 'any') return [UNDER_TEST];
  if (dst === '') return OUTSIDE;
  // Only an internet gateway translates: elsewhere an interface sees the public address.
  return [(hops.includes('igw-') ? publicAddresses(config).get(dst) : undefined) ?? dst];
}

function trafficOf({ proto, sport, dport }: BatfishCase): FlowTraffic[] {
  switch (proto) {
    case 'tcp':
    case 'udp': {
      const ports = dport === '' ? ANY_PORTS : [[Number(sport), Number(dport)] as const];
      return ports.map((pair) => ({ kind: proto, ports: pair }));
    }
    case 'icmp': {
      const [type] = numbersIn(sport);
      const codes = numbersIn(dport);
      return (codes.length === 0 ? ANY_CODES : codes).map((code) => ({
        kind: 'icmp',
        message: [type ?? 8, code],
      }));
    }
    // 0 is what Batfish's flow has when nobody sets a protocol.
    default:
      return [{ kind: 'bare', protocol: Number(proto) }];
  }
}

const ANY_PORTS = [
  [40_000, 0],
  [40_000, 22],
  [1, 65_535],
] as const;
const ANY_CODES = [0, 1, 9, 255];

const numbersIn = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
