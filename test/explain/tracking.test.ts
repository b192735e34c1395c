import { describe, expect, test } from 'vitest';
import { createReference } from '../../src/explain/reference.js';
import type { Packet } from '../../src/model/packet.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { describeVpc, eni, group } from '../policy/describe-vpc.js';
import { NS, bare, icmp, tcp, udp } from './packets.js';
import { check, host, interfaceTexts } from './story.js';
import type { Line } from './story.js';

const FROM = '203.0.113.0/24';
const IN = '203.0.113.7 > 10.0.1.20';
const OUT = '10.0.1.20 > 203.0.113.7';
const HTTPS_IN = '203.0.113.7:51000 > 10.0.1.20:443';
const HTTPS_OUT = '10.0.1.20:443 > 203.0.113.7:51000';
const DNS_IN = '203.0.113.7:5353 > 10.0.1.20:53';
const DNS_OUT = '10.0.1.20:53 > 203.0.113.7:5353';

/** The connection answers until `seconds` after the last line, and no longer. */
function livesFor(
  seconds: number,
  rules: readonly string[],
  lines: readonly Line[],
  probe: (seconds: number) => Packet,
): void {
  const end = Number(lines.at(-1)![0].timeNs) / 1e9 + seconds;
  check(host(rules), [...lines, [probe(end - NS), 'allow tracked sg-web:1']]);
  check(host(rules), [...lines, [probe(end), 'drop no-rule']]);
}

describe('tracked connections', () => {
  test('CT-2, SG-4: a packet of a live entry passes either way without asking the rules', () => {
    check(host([`in tcp/443 ${FROM}`]), [
      [tcp(HTTPS_IN, 'S', 0), 'allow rule sg-web:1'],
      [tcp(HTTPS_OUT, 'SA', 1), 'allow tracked sg-web:1'],
      [tcp(HTTPS_IN, 'A', 2), 'allow tracked sg-web:1'],
      [tcp(HTTPS_OUT, 'A', 3), 'allow tracked sg-web:1'],
    ]);
  });

  test('CT-1: state and timeouts are per interface', () => {
    const vpc = describeVpc({
      groups: [group('sg-a', ['out udp/53 10.0.0.0/8']), group('sg-b', ['in udp/53 10.0.0.0/8'])],
      interfaces: [
        eni('eni-a', ['10.0.1.20'], ['sg-a'], { idleSeconds: { udp: 60 } }),
        eni('eni-b', ['10.0.1.30'], ['sg-b']),
      ],
    });
    const reference = createReference(resolvePolicy(vpc), DEFAULT_TRACKING);
    const query = (seconds: number) =>
      interfaceTexts(reference.judge(udp('10.0.1.20:4000 > 10.0.1.30:53', seconds)));
    expect(query(0)).toEqual(['eni-a egress allow rule sg-a:1', 'eni-b ingress allow rule sg-b:1']);
    expect(query(40)).toEqual([
      'eni-a egress allow tracked sg-a:1',
      'eni-b ingress allow rule sg-b:1', // 30 s are over there
    ]);
  });

  test('CT-3: another port is another connection', () => {
    check(host([`in udp/53 ${FROM}`]), [
      [udp(DNS_IN, 0), 'allow rule sg-web:1'],
      [udp('10.0.1.20:53 > 203.0.113.7:5354', 1), 'drop no-rule'],
      [udp('10.0.1.20:54 > 203.0.113.7:5353', 1), 'drop no-rule'],
      [udp('10.0.1.20:53 > 203.0.113.8:5353', 1), 'drop no-rule'],
      [udp(DNS_OUT, 1), 'allow tracked sg-web:1'],
    ]);
  });

  test('CT-3: tcp and udp of the same ports are two connections', () => {
    check(host([`in udp/443 ${FROM}`]), [
      [udp(HTTPS_IN, 0), 'allow rule sg-web:1'],
      [tcp(HTTPS_OUT, 'S', 1), 'drop no-rule'],
    ]);
  });

  test('SG-1: the rule named is the first in document order', () => {
    const vpc = describeVpc({
      groups: [
        group('sg-1', ['in all 203.0.113.0/24']),
        group('sg-2', ['in tcp/443 203.0.113.7/32']),
      ],
      interfaces: [eni('eni-web', ['10.0.1.20'], ['sg-2', 'sg-1'])],
    });
    check(vpc, [[tcp(HTTPS_IN, 'S'), 'allow rule sg-1:1']]);
  });
});

describe('CT-12: UDP', () => {
  const rules = [`in udp/53 ${FROM}`];
  const probe = (seconds: number) => udp(DNS_OUT, seconds);
  const O = (seconds: number, answer = 'allow tracked sg-web:1'): Line => [
    udp(DNS_IN, seconds),
    answer,
  ];
  const R = (seconds: number): Line => [udp(DNS_OUT, seconds), 'allow tracked sg-web:1'];
  const opened = 'allow rule sg-web:1';

  test('one request: 30 s', () => livesFor(30, rules, [O(0, opened)], probe));
  test('O R: one turn, 30 s', () => livesFor(30, rules, [O(0, opened), R(1)], probe));
  test('O R O: the second turn is not complete, 30 s', () =>
    livesFor(30, rules, [O(0, opened), R(1), O(2)], probe));
  test('O R O R: a stream, 180 s', () =>
    livesFor(180, rules, [O(0, opened), R(1), O(2), R(3)], probe));
  test('O O R R: one turn, 30 s', () =>
    livesFor(30, rules, [O(0, opened), O(1), R(2), R(3)], probe));
  test('O R R O R: a stream', () =>
    livesFor(180, rules, [O(0, opened), R(1), R(2), O(3), R(4)], probe));
  test('a stream stays one', () =>
    livesFor(180, rules, [O(0, opened), R(1), O(2), R(3), O(100)], probe));
  test('every packet refreshes', () =>
    livesFor(30, rules, [O(0, opened), O(29), R(58), R(87)], probe));

  test('CT-21: the interface sets both limits', () => {
    const vpc = host(rules, { idleSeconds: { udp: 60, udpStream: 90 } });
    check(vpc, [
      O(0, opened),
      R(60 - NS),
      O(61),
      R(62),
      [probe(152 - NS), 'allow tracked sg-web:1'],
    ]);
    check(vpc, [O(0, opened), [probe(60), 'drop no-rule']]);
    check(vpc, [O(0, opened), R(1), O(2), R(3), [probe(93), 'drop no-rule']]);
  });
});

describe('CT-15: ICMP queries', () => {
  const PAIRS: readonly [number, number][] = [
    [8, 0],
    [13, 14],
    [15, 16],
    [17, 18],
  ];
  test.each(PAIRS)('type %i is answered by type %i, for 30 s', (request, reply) => {
    livesFor(
      30,
      [`in icmp/${request}/-1 ${FROM}`],
      [
        [icmp(IN, [request, 0], 0, { id: 7 }), 'allow rule sg-web:1'],
        [icmp(OUT, [reply, 0], 1, { id: 7 }), 'allow tracked sg-web:1'],
      ],
      (seconds) => icmp(OUT, [reply, 0], seconds, { id: 7 }),
    );
  });

  test('IPv6: 128 is answered by 129', () => {
    livesFor(
      30,
      ['in icmpv6/128/-1 2001:db8:1::/64'],
      [[icmp('2001:db8:1::7 > 2001:db8::20', [128, 0], 0, { id: 7 }), 'allow rule sg-web:1']],
      (seconds) => icmp('2001:db8::20 > 2001:db8:1::7', [129, 0], seconds, { id: 7 }),
    );
  });

  test('a running ping keeps its entry alive', () => {
    check(host([`in icmp/8/-1 ${FROM}`]), [
      [icmp(IN, [8, 0], 0, { id: 7 }), 'allow rule sg-web:1'],
      [icmp(IN, [8, 0], 29, { id: 7 }), 'allow tracked sg-web:1'],
      [icmp(OUT, [0, 0], 58, { id: 7 }), 'allow tracked sg-web:1'],
    ]);
  });

  test('another id, another pair and the other requester are other connections', () => {
    check(host([`in icmp/8/-1 ${FROM}`]), [
      [icmp(IN, [8, 0], 0, { id: 7 }), 'allow rule sg-web:1'],
      [icmp(OUT, [0, 0], 0, { id: 8 }), 'drop no-rule'],
      [icmp(OUT, [14, 0], 0, { id: 7 }), 'drop no-rule'],
      [icmp(OUT, [8, 0], 0, { id: 7 }), 'drop no-rule'],
    ]);
  });

  test('an unsolicited reply asks the rules and leaves no entry', () => {
    check(host([`in icmp/0/-1 ${FROM}`]), [
      [icmp(IN, [0, 0], 0, { id: 7 }), 'allow rule sg-web:1'],
      [icmp(IN, [0, 0], 0, { id: 7 }), 'allow rule sg-web:1'],
      [icmp(OUT, [8, 0], 0, { id: 7 }), 'drop no-rule'],
    ]);
  });

  test('other types ask the rules and leave no entry', () => {
    check(host([`in icmp/5/-1 ${FROM}`]), [
      [icmp(IN, [5, 1], 0), 'allow rule sg-web:1'],
      [icmp(IN, [5, 1], 0), 'allow rule sg-web:1'],
      [icmp(OUT, [5, 1], 0), 'drop no-rule'],
    ]);
  });

  test('IPv4 types do not pair in ICMPv6', () => {
    check(host(['in icmpv6/-1/-1 ::/0']), [
      [icmp('2001:db8:1::7 > 2001:db8::20', [8, 0]), 'allow rule sg-web:1'],
      [icmp('2001:db8:1::7 > 2001:db8::20', [8, 0]), 'allow rule sg-web:1'],
      [icmp('2001:db8::20 > 2001:db8:1::7', [0, 0]), 'drop no-rule'],
    ]);
  });
});

describe('CT-17: other protocols', () => {
  test('one permitted ESP packet opens all ESP between two hosts, for 600 s', () => {
    livesFor(
      600,
      [`in 50 ${FROM}`],
      [
        [bare(IN, 50, 0), 'allow rule sg-web:1'],
        [bare(OUT, 50, 500), 'allow tracked sg-web:1'],
        [bare(OUT, 50, 1000), 'allow tracked sg-web:1'],
      ],
      (seconds) => bare(OUT, 50, seconds),
    );
  });

  test('another protocol or another host is another connection', () => {
    check(host([`in 50 ${FROM}`]), [
      [bare(IN, 50), 'allow rule sg-web:1'],
      [bare(OUT, 51), 'drop no-rule'],
      [bare('10.0.1.20 > 203.0.113.8', 50), 'drop no-rule'],
    ]);
  });

  test('protocol 58 over IPv4 is a protocol like any other', () => {
    livesFor(600, [`in all ${FROM}`], [[bare(IN, 58, 0), 'allow rule sg-web:1']], (seconds) =>
      bare(OUT, 58, seconds),
    );
  });
});
