import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { considerRules } from '../../src/explain/considered-rules.js';
import { matchingRules } from '../../src/explain/reference.js';
import { NEAREST_MAX } from '../../src/model/explanation.js';
import type { Packet } from '../../src/model/packet.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { describeVpc, eni, group, peering, prefixes } from '../policy/describe-vpc.js';
import { trace } from '../differential/trace.js';
import { world } from '../differential/world.js';
import { worldOf } from './kernel-evidence.js';
import { bare, icmp, ipOf, later, tcp, udp } from './packets.js';
import { host } from './story.js';

const WORLDS = 300;
const DIRECTIONS = ['ingress', 'egress'] as const;

it('a rule has three true fields exactly if it matches (SG-3), and each is counted once', () => {
  let near = 0;
  fc.assert(
    fc.property(world, trace, (description, packets) => {
      const timeline = resolveTimeline(description);
      const { policy } = timeline.phases[0]!;
      for (const { content } of packets.slice(0, 20)) {
        if (content.kind !== 'ip') continue;
        for (const { eni, set } of policy.interfaces) {
          for (const direction of DIRECTIONS) {
            const found = considerRules(worldOf(timeline), 0, eni.id, direction, content.ip);
            const rules = set === undefined ? [] : policy.sets[set]![direction];
            const matching =
              set === undefined ? [] : matchingRules(policy, set, direction, content.ip);
            const isTrue = ({ protocol, ports, peer }: (typeof found.matched)[number]) =>
              protocol && ports && peer;
            expect(found.matched.map(({ rule }) => rule.id)).toEqual(
              matching.map(({ rule }) => rule.id),
            );
            expect(found.matched.every((it) => isTrue(it) && it.miss === '')).toBe(true);
            expect(found.nearest.some(isTrue)).toBe(false);
            expect(found.nearest.every(({ miss }) => miss !== '')).toBe(true);
            expect(found.nearest.length).toBeLessThanOrEqual(NEAREST_MAX);
            expect(found.matched.length + found.nearest.length + found.others).toBe(rules.length);
            const failing = found.nearest.map(
              ({ protocol, ports, peer }) => [protocol, ports, peer].filter((one) => !one).length,
            );
            expect(failing).toEqual([...failing].sort());
            near += found.nearest.length;
          }
        }
      }
    }),
    { numRuns: WORLDS },
  );
  expect(near).toBeGreaterThan(WORLDS);
});

/** `protocol ports PEER sg-web:1: why`, a field that fails in capitals. */
function considered(
  description: VpcDescription,
  packet: Packet,
  direction: 'ingress' | 'egress' = 'ingress',
): string[] {
  const explained = worldOf(resolveTimeline(description));
  const { interfaces } = description;
  const eniId = interfaces.at(-1)!.id;
  const { nearest } = considerRules(explained, 0, eniId, direction, ipOf(packet));
  return nearest.map(({ rule, protocol, ports, peer, miss }) =>
    [
      protocol ? 'protocol' : 'PROTOCOL',
      ports ? 'ports' : 'PORTS',
      peer ? 'peer' : 'PEER',
      `${rule.id}:`,
      miss,
    ].join(' '),
  );
}

const HTTPS = tcp('203.0.113.7:51000 > 10.0.1.20:443', 'S');
const PING = '203.0.113.7 > 10.0.1.20';

describe('rules that nearly match', () => {
  test('the nearest first: fields that fail, then peer before port before another kind of protocol', () => {
    const rules = [
      'in icmp/-1/-1 203.0.113.0/24',
      'in tcp/22 203.0.113.0/24',
      'in tcp/80 10.0.0.0/8',
      'in tcp/444 203.0.113.0/24',
      'in tcp/443 10.0.0.0/8',
      'in tcp/443 203.0.112.0/24',
    ];
    expect(considered(host(rules), HTTPS)).toEqual([
      'protocol ports PEER sg-web:6: 203.0.113.7 is outside 203.0.112.0/24',
      'protocol ports PEER sg-web:5: 203.0.113.7 is outside 10.0.0.0/8',
      'protocol PORTS peer sg-web:4: port 443 is not 444',
      'protocol PORTS peer sg-web:2: port 443 is not 22',
      'PROTOCOL ports peer sg-web:1: tcp is not icmp',
    ]);
  });

  test('at most five are told, and what has nothing in common is counted only', () => {
    const rules = [...Array(7).keys()].map((i) => `in tcp/${500 + i} 203.0.113.0/24`);
    const world = worldOf(resolveTimeline(host([...rules, 'in udp/53 10.0.0.0/8'])));
    const found = considerRules(world, 0, 'eni-web', 'ingress', ipOf(HTTPS));
    expect(found.nearest.map(({ rule }) => rule.id)).toEqual(
      [1, 2, 3, 4, 5].map((n) => `sg-web:${n}`),
    );
    expect(found.others).toBe(3);
  });

  test('that both ask for no port is nothing in common', () => {
    const dns = udp('203.0.113.7:5353 > 10.0.1.20:53');
    expect(considered(host(['in tcp/0-65535 10.0.0.0/8', 'in 50 10.0.0.0/8']), dns)).toEqual([]);
  });

  test('PR-1, PR-3: protocols', () => {
    const rules = ['in udp/443 0.0.0.0/0', 'in 50 0.0.0.0/0'];
    expect(considered(host(rules), HTTPS)).toEqual([
      'PROTOCOL ports peer sg-web:1: tcp is not udp',
      'PROTOCOL ports peer sg-web:2: tcp is not esp',
    ]);
    const six = bare('2001:db8:1::7 > 2001:db8::20', 1);
    expect(considered(host(['in icmp/-1/-1 ::/0']), six)).toEqual([
      'PROTOCOL ports peer sg-web:1: icmp rules are for IPv4 only, not IPv6',
    ]);
  });

  test('PR-2: types and codes', () => {
    const rules = ['in icmp/0/-1 0.0.0.0/0', 'in icmp/3/4 0.0.0.0/0', 'in tcp/443 0.0.0.0/0'];
    expect(considered(host(rules), icmp(PING, [3, 1]))).toEqual([
      'protocol PORTS peer sg-web:2: icmp code 1 is not 4',
      'protocol PORTS peer sg-web:1: icmp type 3 is not 0',
      'PROTOCOL PORTS peer sg-web:3: icmp is not tcp',
    ]);
  });

  test('CT-18: a later fragment tells no port', () => {
    const rules = ['in udp/53 0.0.0.0/0', 'in udp/0-65535 10.0.0.0/8'];
    expect(considered(host(rules), later(udp('203.0.113.7:5353 > 10.0.1.20:53'), 7))).toEqual([
      'protocol ports PEER sg-web:2: 203.0.113.7 is outside 10.0.0.0/8',
      'protocol PORTS peer sg-web:1: a later fragment tells no port',
    ]);
  });

  test('SG-8, SG-9: blocks and lists', () => {
    const rules = [
      'in tcp/443 ::/0',
      'in tcp/443 203.0.113.8/32',
      'in tcp/443 pl-1',
      'in tcp/443 pl-2',
      'in tcp/443 pl-6',
    ];
    const lists = [
      { id: 'pl-1', name: 'pl-1', place: '' },
      { id: 'pl-2', name: 'pl-2', entries: prefixes('10.0.0.0/8', '203.0.112.0/24'), place: '' },
      { id: 'pl-6', name: 'pl-6', entries: prefixes('::/1'), place: '' },
    ];
    expect(considered({ ...host(rules), prefixLists: lists }, HTTPS)).toEqual([
      'protocol ports PEER sg-web:1: ::/0 is IPv6 only',
      'protocol ports PEER sg-web:2: 203.0.113.7 is not 203.0.113.8',
      'protocol ports PEER sg-web:4: peer 203.0.113.7 is in no entry of pl-2',
      'protocol ports PEER sg-web:3: peer pl-1: its entries are not loaded',
      'protocol ports PEER sg-web:5: peer pl-6 is IPv6 only',
    ]);
  });

  test('SG-10, SG-13, SG-19: groups', () => {
    const description = describeVpc({
      groups: [
        group('sg-db', ['in tcp/5432 sg-far', 'in tcp/5432 sg-gone', 'in tcp/5432 sg-web']),
        group('sg-web'),
        group('sg-app'),
        group('sg-far', [], { vpcId: 'vpc-2' }),
      ],
      peerings: [peering('pcx-1', 'deleted', ['vpc-1', 'vpc-2'])],
      interfaces: [
        eni('eni-app', ['10.40.1.25'], ['sg-app']),
        eni('eni-db', ['10.40.7.9'], ['sg-db']),
      ],
    });
    expect(considered(description, tcp('10.40.1.25:51000 > 10.40.7.9:5432', 'S'))).toEqual([
      'protocol ports PEER sg-db:3: peer 10.40.1.25 is not in sg-web, of which no member is loaded: it is eni-app in sg-app',
      'protocol ports PEER sg-db:1: peering pcx-1 to sg-far is not active',
      'protocol ports PEER sg-db:2: peer sg-gone: group sg-gone is in no document',
    ]);
  });

  test('SG-14: over a transit gateway, at an endpoint of PrivateLink', () => {
    const attachment = (vpcId: string) => ({
      ...{ transitGatewayId: 'tgw-1', vpcId, state: 'available', place: '' },
      ...{ groupReferences: true, gatewayGroupReferences: true },
    });
    const description = describeVpc({
      groups: [group('sg-a', ['in tcp/443 sg-far']), group('sg-far', [], { vpcId: 'vpc-2' })],
      transitAttachments: [attachment('vpc-1'), attachment('vpc-2')],
      interfaces: [
        eni('eni-far', ['10.9.0.5'], ['sg-far'], { vpcId: 'vpc-2' }),
        eni('eni-a', ['10.0.1.20'], ['sg-a'], { type: 'vpc_endpoint' }),
      ],
    });
    expect(considered(description, tcp('10.9.0.5:51000 > 10.0.1.20:443', 'S'))).toEqual([
      'protocol ports PEER sg-a:1: peer sg-far: references over a transit gateway do not hold at an endpoint of PrivateLink',
    ]);
  });

  test('SG-7: none at an interface without groups', () => {
    const description = describeVpc({
      interfaces: [eni('eni-nat', ['10.0.1.20'], [], { type: 'natGateway' })],
    });
    const world = worldOf(resolveTimeline(description));
    expect(considerRules(world, 0, 'eni-nat', 'ingress', ipOf(HTTPS))).toEqual({
      direction: 'ingress',
      groupIds: [],
      matched: [],
      nearest: [],
      others: 0,
    });
  });
});
