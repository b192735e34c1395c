import { describe, test } from 'vitest';
import { NS, bare, first, icmp, later, tcp, udp, withMacs } from './packets.js';
import { check, host } from './story.js';
import type { Line } from './story.js';

const IN = '203.0.113.7:5353 > 10.0.1.20:53';
const OUT = '10.0.1.20:53 > 203.0.113.7:5353';
const VPC = host(['in udp/53 203.0.113.0/24']);
const OPENED = 'allow rule sg-web:1';

describe('CT-18: a later fragment follows its first one', () => {
  const opening: Line = [first(udp(IN, 0), 7), OPENED];

  test('allowed, with the same code and rule', () => {
    check(VPC, [
      opening,
      [later(udp(IN, 1), 7), OPENED],
      [later(udp(IN, 2), 7), OPENED],
      [first(udp(OUT, 3), 9), 'allow tracked sg-web:1'],
      [later(udp(OUT, 3), 9), 'allow tracked sg-web:1'],
    ]);
  });

  test('dropped, with the same code', () => {
    const rules = ['in udp/0-65535 198.51.100.0/24', 'in udp/54 203.0.113.0/24'];
    check(host(rules), [
      [first(udp(IN, 0), 7), 'drop no-rule'],
      [later(udp(IN, 1), 7), 'drop no-rule'],
      [first(udp(OUT, 2), 7), 'drop not-opened'],
      [later(udp(OUT, 3), 7), 'drop not-opened'],
    ]);
  });

  test('dropped with its first one although a rule without ports would allow it', () => {
    // The reply of a denied request is `not-opened`, while a later fragment alone would match rule 1.
    check(host(['out udp/0-65535 0.0.0.0/0']), [
      [udp(IN, 0), 'drop no-rule'],
      [first(udp(OUT, 1), 7), 'drop not-opened'],
      [later(udp(OUT, 2), 7), 'drop not-opened'],
      [later(udp(OUT, 2), 8), OPENED],
    ]);
  });

  test('IPv4: for 30 s', () => {
    check(VPC, [opening, [later(udp(IN, 30 - NS), 7), OPENED]]);
    check(VPC, [opening, [later(udp(IN, 30), 7), 'drop no-rule']]);
  });

  test('IPv6: for 60 s', () => {
    const six = '[2001:db8:1::7]:5353 > [2001:db8::20]:53';
    const vpc = host(['in udp/53 2001:db8:1::/64']);
    check(vpc, [
      [first(udp(six, 0), 7), OPENED],
      [later(udp(six, 60 - NS), 7), OPENED],
      [later(udp(six, 60), 7), 'drop no-rule'],
    ]);
  });

  test('only of the same datagram: id, addresses, protocol and direction', () => {
    check(VPC, [
      opening,
      [later(udp(IN, 1), 8), 'drop no-rule'],
      [later(udp('203.0.113.8:5353 > 10.0.1.20:53', 1), 7), 'drop no-rule'],
      [later(tcp(IN, 'A', 1), 7), 'drop no-rule'],
      [later(udp(OUT, 1), 7), 'drop no-rule'],
    ]);
  });

  test('only in its direction: what an appliance forwards leaves by its egress rules', () => {
    const mac = '02000000000a';
    const vpc = host(['in udp/53 203.0.113.0/24'], { mac, sourceDestCheck: false });
    const through = '203.0.113.7:5353 > 198.51.100.9:53';
    const router = '020000000001';
    check(vpc, [
      [withMacs(first(udp(through, 0), 7), router, mac), OPENED],
      [withMacs(later(udp(through, 1), 7), router, mac), OPENED],
      [withMacs(later(udp(through, 1), 7), mac, router), 'drop no-rule'],
    ]);
  });

  test('a newer first fragment replaces the older one', () => {
    check(VPC, [
      opening,
      [first(udp(IN, 20), 7), 'allow tracked sg-web:1'],
      [later(udp(IN, 45), 7), 'allow tracked sg-web:1'],
      [first(udp('203.0.113.7:5353 > 10.0.1.20:54', 46), 7), 'drop no-rule'],
      [later(udp(IN, 47), 7), 'drop no-rule'],
    ]);
  });

  test('it refreshes nothing: neither the connection nor the memory of the first', () => {
    check(VPC, [
      opening,
      [later(udp(IN, 20), 7), OPENED],
      [later(udp(IN, 30), 7), 'drop no-rule'],
      [udp(IN, 30), OPENED],
    ]);
  });

  test('CT-15: a large ping', () => {
    check(host(['in icmp/8/-1 203.0.113.0/24']), [
      [first(icmp('203.0.113.7 > 10.0.1.20', [8, 0], 0, { id: 5 }), 7), OPENED],
      [later(icmp('203.0.113.7 > 10.0.1.20', [8, 0], 0), 7), OPENED],
      [first(icmp('10.0.1.20 > 203.0.113.7', [0, 0], 1, { id: 5 }), 8), 'allow tracked sg-web:1'],
      [later(icmp('10.0.1.20 > 203.0.113.7', [0, 0], 1), 8), 'allow tracked sg-web:1'],
    ]);
  });
});

describe('CT-18: a later fragment without its first one', () => {
  test.each([
    ['all', 'allow rule sg-web:1'],
    ['udp/0-65535', 'allow rule sg-web:1'],
    ['udp/1-65535', 'drop no-rule'],
    ['udp/53', 'drop no-rule'],
    ['tcp/0-65535', 'drop no-rule'],
  ])('UDP against %s: %s', (traffic, answer) => {
    check(host([`in ${traffic} 203.0.113.0/24`]), [[later(udp(IN, 0), 7), answer]]);
  });

  test('allowed, it leaves no entry', () => {
    check(host(['in all 203.0.113.0/24']), [
      [later(udp(IN, 0), 7), OPENED],
      [later(udp(OUT, 0), 7), 'drop no-rule'],
      [udp(OUT, 0), 'drop no-rule'],
    ]);
  });

  test('denied, nothing is remembered', () => {
    check(host(['out all 203.0.113.0/24']), [
      [later(udp(IN, 0), 7), 'drop no-rule'],
      [udp(OUT, 1), OPENED],
    ]);
  });

  test('a live connection does not help: its ports are unknown', () => {
    check(VPC, [
      [udp(IN, 0), OPENED],
      [later(udp(IN, 1), 7), 'drop no-rule'],
    ]);
  });

  test('no untracked flow: it has no ports to tell', () => {
    check(host(['in all 0.0.0.0/0', 'out all 0.0.0.0/0']), [[later(udp(IN, 0), 7), OPENED]]);
  });

  test('strict mid-stream does not concern it', () => {
    const vpc = host(['in tcp/0-65535 203.0.113.0/24']);
    check(vpc, [[later(tcp(IN, 'A', 0), 7), OPENED]], { midstream: 'strict' });
  });

  test('CT-17: ESP has no ports, so it is judged like any ESP packet', () => {
    check(host(['in 50 203.0.113.0/24']), [
      [later(bare('203.0.113.7 > 10.0.1.20', 50, 0), 7), OPENED],
      [bare('10.0.1.20 > 203.0.113.7', 50, 1), 'allow tracked sg-web:1'],
    ]);
  });
});
