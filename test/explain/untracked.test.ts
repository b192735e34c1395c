import { describe, test } from 'vitest';
import { bare, icmp, tcp, udp } from './packets.js';
import { check, host } from './story.js';

const FROM = '203.0.113.0/24';
const IN = '203.0.113.7 > 10.0.1.20';
const OUT = '10.0.1.20 > 203.0.113.7';
const HTTPS_IN = '203.0.113.7:51000 > 10.0.1.20:443';
const HTTPS_OUT = '10.0.1.20:443 > 203.0.113.7:51000';
const DNS_IN = '203.0.113.7:5353 > 10.0.1.20:53';
const DNS_OUT = '10.0.1.20:53 > 203.0.113.7:5353';

describe('untracked flows', () => {
  const VECTOR = [
    'in tcp/22 203.0.113.1/32',
    'in tcp/80 0.0.0.0/0',
    'in tcp/80 ::/0',
    'in icmp/-1/-1 0.0.0.0/0',
    'out all ::/0',
    'out all 0.0.0.0/0',
  ];
  const SSH_IN = '203.0.113.1:51000 > 10.0.1.20:22';
  const SSH_OUT = '10.0.1.20:22 > 203.0.113.1:51000';
  const WEB_IN = '203.0.113.7:51000 > 10.0.1.20:80';
  const WEB_OUT = '10.0.1.20:80 > 203.0.113.7:51000';
  const WEB6_IN = '[2001:db8:1::7]:51000 > [2001:db8::20]:80';
  const WEB6_OUT = '[2001:db8::20]:80 > [2001:db8:1::7]:51000';

  test('CT-5: the documented vector', () => {
    check(host(VECTOR), [
      [tcp(SSH_IN, 'S'), 'allow rule sg-web:1'],
      [tcp(SSH_OUT, 'SA'), 'allow tracked sg-web:1'],
      [tcp(WEB_IN, 'S'), 'allow untracked sg-web:2'],
      [tcp(WEB_OUT, 'SA'), 'allow untracked sg-web:6'],
      [tcp(WEB_IN, 'A'), 'allow untracked sg-web:2'],
      [tcp(WEB6_IN, 'S'), 'allow untracked sg-web:3'],
      [tcp(WEB6_OUT, 'SA'), 'allow untracked sg-web:5'],
      [icmp(IN, [8, 0], 0, { id: 1 }), 'allow rule sg-web:4'],
      [icmp(OUT, [0, 0], 0, { id: 1 }), 'allow tracked sg-web:4'],
      [tcp('10.0.1.20:40000 > 198.51.100.9:443', 'S'), 'allow rule sg-web:6'],
      [tcp('198.51.100.9:443 > 10.0.1.20:40000', 'SA'), 'allow tracked sg-web:6'],
    ]);
  });

  test('CT-5: without the IPv4 egress rule all IPv4 is tracked and IPv6 unchanged', () => {
    check(host(VECTOR.slice(0, 5)), [
      [tcp(WEB_IN, 'S'), 'allow rule sg-web:2'],
      [tcp(WEB_OUT, 'SA'), 'allow tracked sg-web:2'],
      [tcp(WEB6_IN, 'S'), 'allow untracked sg-web:3'],
      [tcp(WEB6_OUT, 'SA'), 'allow untracked sg-web:5'],
    ]);
  });

  test('CT-4: a flow is untracked by UDP rules as by TCP rules', () => {
    check(host(['in udp/53 0.0.0.0/0', 'out all 0.0.0.0/0']), [
      [udp(DNS_IN), 'allow untracked sg-web:1'],
      [udp(DNS_OUT), 'allow untracked sg-web:2'],
    ]);
  });

  test('CT-4: all TCP ports to any peer are enough on the other side', () => {
    const rules = ['in tcp/443 0.0.0.0/0', 'in udp/53 0.0.0.0/0', 'out tcp/0-65535 0.0.0.0/0'];
    check(host(rules), [
      [tcp(HTTPS_IN, 'S'), 'allow untracked sg-web:1'],
      [udp(DNS_IN), 'allow rule sg-web:2'],
    ]);
  });

  test.each([
    ['two halves of the address space', ['out all 0.0.0.0/1', 'out all 128.0.0.0/1']],
    ['two halves of the ports', ['out tcp/0-1023 0.0.0.0/0', 'out tcp/1024-65535 0.0.0.0/0']],
    ['port 0 missing', ['out tcp/1-65535 0.0.0.0/0']],
    ['the other family', ['out all ::/0']],
    ['the other protocol', ['out udp/0-65535 0.0.0.0/0']],
  ])('CT-4: no one rule covers the other side: %s', (_name, egress) => {
    check(host(['in tcp/443 0.0.0.0/0', ...egress]), [
      [tcp(HTTPS_IN, 'S'), 'allow rule sg-web:1'],
      [tcp(HTTPS_OUT, 'SA'), 'allow tracked sg-web:1'],
    ]);
  });

  test('CT-4: a prefix list that holds 0.0.0.0/0 does not qualify', () => {
    const rules = ['in tcp/443 pl-any', 'out all 0.0.0.0/0'];
    const vpc = {
      ...host(rules),
      prefixLists: [
        {
          id: 'pl-any',
          name: 'any',
          entries: [{ family: 4, value: 0n, length: 0 } as const],
          place: '',
        },
      ],
    };
    check(vpc, [[tcp(HTTPS_IN, 'S'), 'allow rule sg-web:1']]);
  });

  test('CT-4: any matching any-peer rule counts; the one named is the first that matches', () => {
    const rules = [`in tcp/443 ${FROM}`, 'in tcp/443 0.0.0.0/0', 'out all 0.0.0.0/0'];
    check(host(rules), [[tcp(HTTPS_IN, 'S'), 'allow untracked sg-web:1']]);
  });

  test('CT-6: a reply is untracked as an answer, though nothing went before it', () => {
    check(host(VECTOR), [
      [tcp(WEB_OUT, 'SA'), 'allow untracked sg-web:6'],
      [tcp(WEB_OUT, 'A'), 'allow untracked sg-web:6'],
    ]);
  });

  test('CT-6: a bare SYN is no answer: from port 80 it opens a tracked connection', () => {
    check(host(VECTOR), [
      [tcp(WEB_OUT, 'S', 0), 'allow rule sg-web:6'],
      [tcp(WEB_IN, 'SA', 1), 'allow tracked sg-web:6'],
    ]);
  });

  test('CT-7: ICMP and other protocols are tracked even when everything is open', () => {
    check(host(['in all 0.0.0.0/0', 'out all 0.0.0.0/0']), [
      [icmp(IN, [8, 0], 0, { id: 1 }), 'allow rule sg-web:1'],
      [icmp(OUT, [0, 0], 0, { id: 1 }), 'allow tracked sg-web:1'],
      [bare(IN, 47), 'allow rule sg-web:1'],
      [bare(OUT, 47), 'allow tracked sg-web:1'],
      [tcp(HTTPS_IN, 'S'), 'allow untracked sg-web:1'],
      [tcp(HTTPS_OUT, 'SA'), 'allow untracked sg-web:2'],
    ]);
  });
});
