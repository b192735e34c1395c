import { describe, expect, test } from 'vitest';
import { createReference } from '../../src/explain/reference.js';
import type { Packet } from '../../src/model/packet.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import type { NetworkInterface } from '../../src/model/vpc.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { describeVpc, eni, group, prefixes } from '../policy/describe-vpc.js';
import { bare, frame, icmp, tcp, udp, withMacs } from './packets.js';
import { answerText, check, host, interfaceTexts, judgeOne, subnetWorld } from './story.js';

const ROUTER_MAC = '020000000001';
const A_MAC = '02000000000a';

/** The code of a lone packet. */
function code(packet: Packet, vpc = subnetWorld()): string {
  return judgeOne(vpc, packet).code;
}

describe('frames', () => {
  test('are numbered from 1 and keep their own time', () => {
    const reference = createReference(resolvePolicy(host([])), DEFAULT_TRACKING);
    reference.judge(frame({ kind: 'non-ip' }, 5));
    expect(reference.judge(frame({ kind: 'non-ip' }, 3))).toEqual({
      frame: 2,
      timeNs: 3_000_000_000n,
      verdict: 'not-filtered',
      code: 'not-applicable',
      at: [],
    });
  });

  test.each(['cut', 'malformed', 'link-type', 'encapsulation'] as const)(
    'that cannot be read are not judged: %s',
    (reason) => {
      const verdict = judgeOne(host([]), frame({ kind: 'unread', code: reason }));
      expect(answerText(verdict)).toBe(`not-judged ${reason}`);
      expect(verdict.at).toEqual([]);
    },
  );

  test('between addresses of no interface are not judged', () => {
    const verdict = judgeOne(host([]), tcp('203.0.113.7:1 > 203.0.113.8:2', 'S'));
    expect(answerText(verdict)).toBe('not-judged no-interface');
    expect(verdict.at).toEqual([]);
  });

  test('CP-7: time that runs backwards stands still', () => {
    const inward = '203.0.113.7:5353 > 10.0.1.20:53';
    check(host(['in udp/53 203.0.113.0/24']), [
      [udp(inward, 100), 'allow rule sg-web:1'],
      [udp(inward, 0), 'allow tracked sg-web:1'], // judged at 100 s, and refreshed then
      [frame({ kind: 'unread', code: 'cut' }, 125), 'not-judged cut'],
      [udp(inward, 50), 'allow tracked sg-web:1'], // judged at 125 s
      [udp(inward, 154), 'allow tracked sg-web:1'],
      [udp(inward, 184), 'allow rule sg-web:1'],
    ]);
  });
});

describe('NF-3: not applicable', () => {
  test('non-IP', () => expect(code(frame({ kind: 'non-ip' }))).toBe('not-applicable'));

  test.each([130, 131, 132, 143, 133, 134, 135, 136, 137])('ICMPv6 type %i', (type) => {
    const verdict = judgeOne(subnetWorld(), icmp('2001:db8::20 > ff02::1', [type, 0]));
    expect(answerText(verdict)).toBe('not-filtered not-applicable');
    expect(verdict.at).toEqual([]);
  });

  test('no other ICMPv6 type, and no such number in IPv4', () => {
    expect(code(icmp('2001:db8::20 > 2001:db8:1::7', [138, 0]))).toBe('rule');
    expect(code(icmp('10.0.1.20 > 203.0.113.7', [133, 0]))).toBe('rule');
  });
});

describe('SG-20 and CT-20: which interfaces are asked', () => {
  test('SG-20: both addresses on one interface: local', () => {
    const vpc = describeVpc({
      groups: [group('sg-a')],
      interfaces: [eni('eni-a', ['10.0.1.20', '10.0.1.21'], ['sg-a'])],
    });
    const verdict = judgeOne(vpc, tcp('10.0.1.20:1 > 10.0.1.21:2', 'S'));
    expect(answerText(verdict)).toBe('not-filtered local');
    expect(verdict.at).toEqual([]);
  });

  const pair = (ingress: string[], more: Partial<NetworkInterface> = {}) =>
    describeVpc({
      groups: [group('sg-a', ['out tcp/80 10.0.0.0/16']), group('sg-b', ingress)],
      interfaces: [
        eni('eni-a', ['10.0.1.20'], ['sg-a']),
        eni('eni-b', ['10.0.1.30'], ['sg-b'], more),
      ],
    });
  const request = tcp('10.0.1.20:4000 > 10.0.1.30:80', 'S');

  test('CT-20: a packet passes where the sender and then the receiver permit it', () => {
    const verdict = judgeOne(pair(['in tcp/80 10.0.1.0/24']), request);
    expect(interfaceTexts(verdict)).toEqual([
      'eni-a egress allow rule sg-a:1',
      'eni-b ingress allow rule sg-b:1',
    ]);
    expect(answerText(verdict)).toBe('allow rule sg-b:1');
  });

  test('CT-20: the receiver denies: the frame is dropped, the sender has its entry', () => {
    const reference = createReference(resolvePolicy(pair([])), DEFAULT_TRACKING);
    expect(answerText(reference.judge(request))).toBe('drop no-rule');
    expect(interfaceTexts(reference.judge(request))).toEqual([
      'eni-a egress allow tracked sg-a:1',
      'eni-b ingress drop no-rule',
    ]);
  });

  test('CT-20: the sender denies: the receiver is not asked and learns nothing', () => {
    const reference = createReference(
      resolvePolicy(pair(['in tcp/0-65535 10.0.1.0/24'])),
      DEFAULT_TRACKING,
    );
    const denied = tcp('10.0.1.20:4000 > 10.0.1.30:81', 'S');
    expect(interfaceTexts(reference.judge(denied))).toEqual(['eni-a egress drop no-rule']);
    const answer = reference.judge(tcp('10.0.1.30:81 > 10.0.1.20:4000', 'SA'));
    expect(interfaceTexts(answer)).toEqual([
      'eni-b egress allow inferred sg-b:1', // nothing was denied here
      'eni-a ingress drop not-opened',
    ]);
  });

  test('SG-7: an interface without groups filters nothing; the other one decides', () => {
    const vpc = describeVpc({
      groups: [group('sg-a', ['out tcp/80 0.0.0.0/0'])],
      interfaces: [
        eni('eni-a', ['10.0.1.20'], ['sg-a']),
        eni('eni-nat', ['10.0.0.9'], [], { type: 'natGateway' }),
      ],
    });
    const allowed = judgeOne(vpc, tcp('10.0.1.20:4000 > 10.0.0.9:80', 'S'));
    expect(interfaceTexts(allowed)).toEqual([
      'eni-a egress allow rule sg-a:1',
      'eni-nat ingress not-filtered no-groups',
    ]);
    expect([allowed.verdict, allowed.code]).toEqual(['allow', 'rule']);
    expect(answerText(judgeOne(vpc, tcp('10.0.0.9:1 > 203.0.113.7:80', 'S')))).toBe(
      'not-filtered no-groups',
    );
    expect(answerText(judgeOne(vpc, tcp('10.0.0.9:1 > 10.0.1.20:80', 'S')))).toBe('drop no-rule');
  });

  test('NI-2: secondary, IPv6 and delegated addresses are the interface’s; an exact one wins', () => {
    const vpc = describeVpc({
      groups: [group('sg-a')],
      interfaces: [
        eni('eni-a', ['10.0.1.20', '10.0.1.21', '2001:db8::20'], ['sg-a'], {
          delegated: prefixes('10.0.2.16/28', '2001:db8:0:1::/80'),
        }),
        eni('eni-b', ['10.0.2.20'], ['sg-a']),
      ],
    });
    const receiver = (address: string) =>
      judgeOne(
        vpc,
        bare(`${address.includes(':') ? '2001:db8:f::1' : '203.0.113.7'} > ${address}`, 50),
      ).at[0]?.eni;
    expect(
      ['10.0.1.21', '2001:db8::20', '10.0.2.31', '2001:db8:0:1::9', '10.0.2.20', '10.0.2.32'].map(
        receiver,
      ),
    ).toEqual(['eni-a', 'eni-a', 'eni-a', 'eni-a', 'eni-b', undefined]);
  });

  test('a MAC names the interface before the address does, unless two interfaces have it', () => {
    const spoofed = withMacs(tcp('10.0.1.30:1 > 203.0.113.7:2', 'S'), A_MAC, ROUTER_MAC);
    expect(judgeOne(subnetWorld(), spoofed).at[0]).toEqual({
      eni: 'eni-a',
      direction: 'egress',
      verdict: 'drop',
      code: 'source-dest-check',
    });
    const twins = subnetWorld({ mac: '02000000000b' });
    const twin = withMacs(tcp('10.0.1.20:1 > 203.0.113.7:2', 'S'), '02000000000b', ROUTER_MAC);
    expect(interfaceTexts(judgeOne(twins, twin))).toEqual(['eni-a egress allow rule sg-a:4']);
  });
});
