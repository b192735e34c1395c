import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDocuments } from '../../src/documents/files.js';
import { loadVpc } from '../../src/documents/load.js';
import { parseAddress, parsePrefix, prefixContains } from '../../src/model/address.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { obstaclesIn } from './beside-groups.js';
import { type Answer, type Flow, type FlowTraffic, judgeFlows } from './judge-flow.js';
import { missing, type NpguardCase, readNpguard, titled, vpcPath } from './read-cases.js';

/** Pairs with flows that the groups let pass and np-guard's report does not, and what stops those. */
const LEFT_TO_OTHERS: Readonly<Record<string, string>> = {
  'mixed internet > p1': 'network ACL',
  'mixed internet > p3': 'network ACL',
  'mixed p1 > internet': 'network ACL',
  'mixed p3 > internet': 'network ACL',
  'mixed p3 > q1': 'network ACL',
  'mixed p3 > q2': 'network ACL',
  'mixed p3 > r1': 'network ACL',
  'mixed p2 > q1': 'network ACL',
  'mixed p2 > q2': 'network ACL',
  'mixed p2 > r1': 'network ACL',
  'mixed q1 > p3': 'network ACL',
  'mixed q1 > p2': 'network ACL',
  'mixed q1 > internet': 'no public address',
  'mixed internet > q1': 'no public address',
  'mixed q2 > p3': 'network ACL',
  'mixed q2 > p2': 'network ACL',
  'mixed r1 > p3': 'network ACL',
  'mixed r1 > p2': 'network ACL',
  'mixed r1 > internet': 'no public address',
  'mixed internet > r1': 'no public address',
};

const INTERNET = 'internet';
/** Some host, and both sides of every edge of 147.0.0.0/8, which groups name, and 147.235.0.0/16, which ACLs do. */
const INTERNET_HOSTS = [
  '8.8.8.8',
  '146.255.255.255',
  '147.0.0.0',
  '147.234.255.255',
  '147.235.0.0',
  '147.235.255.255',
  '147.236.0.0',
  '147.255.255.255',
  '148.0.0.0',
];

const rows = readNpguard();
const pairOf = (row: NpguardCase): string => `${row.vpc} ${row.src_name} > ${row.dst_name}`;
const pairs = [...new Set(rows.map(pairOf))].map(
  (pair) => [pair, rows.filter((row) => pairOf(row) === pair)] as const,
);

describe.skipIf(missing)(titled('np-guard'), () => {
  test.each(pairs)('%s', (pair, reported) => {
    const { config, vpc } = reported[0]!;
    const path = vpcPath(basename(config).replace('input_', 'npguard-'));
    const { description } = loadVpc(readDocuments([path]));
    const world = rows.filter((row) => row.vpc === vpc);
    const flows = flowsOf(reported[0]!, trafficIn(description, world));
    const answers = judgeFlows(description, flows);
    const obstacleTo = obstaclesIn(path);

    const allowed = answers.filter(({ flow }) => isReported(reported, flow));
    const ends = endsOf(reported[0]!, description);
    expect(allowed.filter((answer) => !passes(answer, ends)).slice(0, 5)).toEqual([]);
    expect(allowed.filter(({ flow }) => obstacleTo(flow) !== undefined)).toEqual([]);
    expect(
      reported.filter(isAllow).filter((row) => !flows.some((flow) => covers(row, flow))),
    ).toEqual([]);

    const others = answers.filter(({ flow }) => !isReported(reported, flow));
    const left = others.filter(({ opening }) => opening.code !== 'no-rule');
    const obstacles = new Set(left.map(({ flow }) => obstacleTo(flow) ?? JSON.stringify(flow)));
    expect([...obstacles].join(', ')).toBe(LEFT_TO_OTHERS[pair] ?? '');
    expect(left.filter((answer) => !passes(answer, ends)).slice(0, 5)).toEqual([]);
  });

  test('the pairs left to others are those that np-guard says so of, and some of the internet', () => {
    const inside = (pair: string): boolean => !pair.includes(INTERNET);
    const told = rows.filter((row) => row.decided_by.startsWith('security groups allow something'));
    expect(Object.keys(LEFT_TO_OTHERS).filter(inside)).toEqual(told.map(pairOf));
    const known = pairs.map(([pair]) => pair);
    expect(Object.keys(LEFT_TO_OTHERS).filter((pair) => !known.includes(pair))).toEqual([]);
  });
});

const isAllow = ({ expected }: NpguardCase): boolean => expected === 'allow';

const isReported = (reported: readonly NpguardCase[], flow: Flow): boolean =>
  reported.some((row) => isAllow(row) && covers(row, flow));

/** Both ends were asked and let it pass, and so they do with the reply. */
const passes = ({ opening, reply }: Answer, ends: readonly string[]): boolean =>
  opening.verdict === 'allow' &&
  (reply?.verdict ?? 'allow') === 'allow' &&
  opening.at.map(({ eni }) => eni).join() === ends.join();

/** The interfaces of a pair's instances, the sender first; the internet has none. */
function endsOf({ src_name, dst_name }: NpguardCase, { interfaces }: VpcDescription): string[] {
  return [src_name, dst_name].flatMap((end) =>
    interfaces.filter(({ name }) => name === end).map(({ id }) => id),
  );
}

function flowsOf(row: NpguardCase, traffics: readonly FlowTraffic[]): Flow[] {
  const sources = row.src_name === INTERNET ? INTERNET_HOSTS : [row.src];
  const destinations = row.dst_name === INTERNET ? INTERNET_HOSTS : [row.dst];
  return sources.flatMap((source) =>
    destinations.flatMap((destination) =>
      traffics.map((traffic) => ({ source, destination, traffic })),
    ),
  );
}

/**
 * Every kind of traffic, to and beside every port that a rule or a row of the world names, from every port at an edge
 * of a row's range.
 */
function trafficIn({ groups }: VpcDescription, world: readonly NpguardCase[]): FlowTraffic[] {
  const ofRules = groups
    .flatMap((group) => group.rules)
    .flatMap(({ traffic }) => (traffic.kind === 'ports' ? [traffic.from, traffic.to] : []));
  const sources = [...new Set(world.flatMap(({ sport }) => rangesIn(sport).flat()))];
  const destinations = portsAround([
    ...ofRules,
    ...world.flatMap(({ dport }) => rangesIn(dport).flat()),
  ]);
  const ports = sources.flatMap((from) => destinations.map((to) => [from, to] as const));
  return [
    ...ports.flatMap((pair): FlowTraffic[] => [
      { kind: 'tcp', ports: pair },
      { kind: 'udp', ports: pair },
    ]),
    ...MESSAGES.map((message): FlowTraffic => ({ kind: 'icmp', message })),
    ...PROTOCOLS.map((protocol): FlowTraffic => ({ kind: 'bare', protocol })),
  ];
}

const MESSAGES = [
  [8, 0],
  [0, 0],
  [3, 4],
  [13, 0],
] as const;
const PROTOCOLS = [2, 47, 50, 58, 132, 255];

/** np-guard's ports begin at 1. */
function portsAround(edges: readonly number[]): number[] {
  const ports = [
    1,
    22,
    443,
    40_000,
    65_535,
    ...edges.flatMap((port) => [port - 1, port, port + 1]),
  ];
  return [...new Set(ports)].filter((port) => port >= 1 && port <= 65_535);
}

const rangesIn = (text: string): number[][] =>
  text === 'any' ? [[1, 65_535]] : text.split(',').map((range) => rangeOf(range));

function rangeOf(text: string): number[] {
  const [first, last = first] = text.split('-').map(Number);
  return [first!, last!];
}

function covers(row: NpguardCase, { source, destination, traffic }: Flow): boolean {
  if (!holds(row.src, source) || !holds(row.dst, destination)) return false;
  if (row.proto === 'all') return true;
  if (traffic.kind !== 'tcp' && traffic.kind !== 'udp') return traffic.kind === row.proto;
  if (traffic.kind !== row.proto) return false;
  const [from, to] = traffic.ports;
  return isIn(rangesIn(row.sport), from) && isIn(rangesIn(row.dport), to);
}

/** `public (all non-private ranges)` is every host of the internet. */
const holds = (end: string, address: string): boolean =>
  end.startsWith('public') || prefixContains(parsePrefix(end)!.prefix, parseAddress(address)!);

const isIn = (ranges: readonly number[][], port: number): boolean =>
  ranges.some(([first, last]) => port >= first! && port <= last!);
