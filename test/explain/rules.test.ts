import { describe, expect, test } from 'vitest';
import { matchingRules } from '../../src/explain/reference.js';
import type { Packet } from '../../src/model/packet.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { describeVpc, eni, group } from '../policy/describe-vpc.js';
import { bare, icmp, ipOf, tcp, udp } from './packets.js';
import { host } from './story.js';

/** Positions of the rules that match, from 1, in the order that they are reported. */
function matches(rules: readonly string[], packet: Packet, direction = 'ingress'): number[] {
  const policy = resolvePolicy(host(rules));
  const found = matchingRules(policy, 0, direction as 'ingress' | 'egress', ipOf(packet));
  return found.map(({ index }) => index + 1);
}

const HTTPS = '203.0.113.7:51000 > 10.0.1.20:443';
const PING = '203.0.113.7 > 10.0.1.20';
const PING6 = '2001:db8:1::7 > 2001:db8::20';

describe('which rules match', () => {
  test('SG-1: all that match, in document order', () => {
    const rules = ['in tcp/443 203.0.113.0/24', 'in tcp/80 0.0.0.0/0', 'in all 0.0.0.0/0'];
    expect(matches(rules, tcp(HTTPS, 'S'))).toEqual([1, 3]);
  });

  test('SG-3: ingress tests the source, egress the destination', () => {
    const rules = ['in tcp/443 203.0.113.0/24', 'in tcp/443 10.0.1.0/24'];
    expect(matches(rules, tcp(HTTPS, 'S'))).toEqual([1]);
    const egress = ['out tcp/443 203.0.113.0/24', 'out tcp/443 10.0.1.0/24'];
    const out = tcp('10.0.1.20:51000 > 203.0.113.7:443', 'S');
    expect(matches(egress, out, 'egress')).toEqual([1]);
  });

  test('SG-3: source ports are never tested', () => {
    expect(matches(['in tcp/51000 0.0.0.0/0'], tcp(HTTPS, 'S'))).toEqual([]);
  });

  test('SG-2: rules of the other direction do not match', () => {
    expect(matches(['out all 0.0.0.0/0'], tcp(HTTPS, 'S'))).toEqual([]);
  });

  test('SG-8: a CIDR matches its own family only', () => {
    expect(matches(['in all ::/0', 'in all 0.0.0.0/0'], tcp(HTTPS, 'S'))).toEqual([2]);
    const six = tcp('[2001:db8:1::7]:51000 > [2001:db8::20]:443', 'S');
    expect(matches(['in all ::/0', 'in all 0.0.0.0/0'], six)).toEqual([1]);
  });

  test('SG-8: a single address is a /32', () => {
    expect(matches(['in all 203.0.113.7/32', 'in all 203.0.113.6/32'], tcp(HTTPS, 'S'))).toEqual([
      1,
    ]);
  });

  test('PR-1: port ranges include both ends', () => {
    const rules = [
      'in tcp/440-443 0.0.0.0/0',
      'in tcp/443-450 0.0.0.0/0',
      'in tcp/444-450 0.0.0.0/0',
    ];
    expect(matches(rules, tcp(HTTPS, 'S'))).toEqual([1, 2]);
  });

  test('PR-1: tcp, udp and numbered protocols match themselves only', () => {
    const rules = [
      'in tcp/443 0.0.0.0/0',
      'in udp/443 0.0.0.0/0',
      'in 50 0.0.0.0/0',
      'in all 0.0.0.0/0',
    ];
    expect(matches(rules, tcp(HTTPS, 'S'))).toEqual([1, 4]);
    expect(matches(rules, udp(HTTPS))).toEqual([2, 4]);
    expect(matches(rules, bare(PING, 50))).toEqual([3, 4]);
    expect(matches(rules, bare(PING, 47))).toEqual([4]);
  });

  test('PR-1: icmp -1/-1 matches all, t/-1 all codes, t/c exactly', () => {
    const rules = ['in icmp/-1/-1 0.0.0.0/0', 'in icmp/3/-1 0.0.0.0/0', 'in icmp/3/4 0.0.0.0/0'];
    expect(matches(rules, icmp(PING, [3, 4]))).toEqual([1, 2, 3]);
    expect(matches(rules, icmp(PING, [3, 1]))).toEqual([1, 2]);
    expect(matches(rules, icmp(PING, [4, 4]))).toEqual([1]);
  });

  test('PR-2: icmp 0/255 is type 0 with code 255, no range', () => {
    const rules = ['in icmp/0/255 0.0.0.0/0'];
    expect(matches(rules, icmp(PING, [8, 0]))).toEqual([]);
    expect(matches(rules, icmp(PING, [0, 0]))).toEqual([]);
    expect(matches(rules, icmp(PING, [0, 255]))).toEqual([1]);
  });

  test('PR-3: icmp never matches ICMPv6, nor icmpv6 ICMP', () => {
    const rules = ['in icmp/-1/-1 sg-web', 'in icmpv6/-1/-1 sg-web', 'in tcp/443 sg-web'];
    const policy = resolvePolicy(
      describeVpc({
        groups: [group('sg-web', rules)],
        interfaces: [
          eni('eni-web', ['10.0.1.20', '2001:db8::20'], ['sg-web']),
          eni('eni-peer', ['10.0.1.21', '2001:db8::21'], ['sg-web']),
        ],
      }),
    );
    const ids = (packet: Packet) =>
      matchingRules(policy, 0, 'ingress', ipOf(packet)).map(({ rule }) => rule.id);
    expect(ids(icmp('10.0.1.21 > 10.0.1.20', [8, 0]))).toEqual(['sg-web:1']);
    expect(ids(icmp('2001:db8::21 > 2001:db8::20', [128, 0]))).toEqual(['sg-web:2']);
    // PR-3: with a group as the peer, tcp matches both families.
    expect(ids(tcp('10.0.1.21:5000 > 10.0.1.20:443', 'S'))).toEqual(['sg-web:3']);
    expect(ids(tcp('[2001:db8::21]:5000 > [2001:db8::20]:443', 'S'))).toEqual(['sg-web:3']);
  });

  test('PR-3: protocol 1 over IPv6 and 58 over IPv4 match rules for all traffic only', () => {
    const rules = [
      'in icmp/-1/-1 ::/0',
      'in icmpv6/-1/-1 0.0.0.0/0',
      'in all ::/0',
      'in all 0.0.0.0/0',
    ];
    expect(matches(rules, bare(PING6, 1))).toEqual([3]);
    expect(matches(rules, bare(PING, 58))).toEqual([4]);
  });
});

describe('CT-18: without ports only rules that ask for none match', () => {
  const rules = [
    'in all 0.0.0.0/0',
    'in tcp/0-65535 0.0.0.0/0',
    'in tcp/1-65535 0.0.0.0/0',
    'in tcp/0-65534 0.0.0.0/0',
    'in udp/0-65535 0.0.0.0/0',
    'in udp/53 0.0.0.0/0',
    'in icmp/-1/-1 0.0.0.0/0',
    'in icmp/8/-1 0.0.0.0/0',
    'in 50 0.0.0.0/0',
  ];
  test.each([
    ['tcp', 6, [1, 2]],
    ['udp', 17, [1, 5]],
    ['icmp', 1, [1, 7]],
    ['esp', 50, [1, 9]],
  ])('%s', (_name, protocol, expected) => {
    expect(matches(rules, bare(PING, protocol))).toEqual(expected);
  });

  test('icmpv6', () => {
    const six = ['in icmpv6/-1/-1 ::/0', 'in icmpv6/128/-1 ::/0', 'in icmp/-1/-1 ::/0'];
    expect(matches(six, bare(PING6, 58))).toEqual([1]);
  });
});
