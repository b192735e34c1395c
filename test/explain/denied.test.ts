import { describe, expect, test } from 'vitest';
import { createReference } from '../../src/explain/reference.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { describeVpc, eni, group } from '../policy/describe-vpc.js';
import { NS, bare, icmp, tcp, udp } from './packets.js';
import { check, host, interfaceTexts } from './story.js';
import type { Line } from './story.js';

const SSH_IN = '203.0.113.7:51000 > 10.0.1.20:22';
const SSH_OUT = '10.0.1.20:22 > 203.0.113.7:51000';
const DNS_IN = '203.0.113.7:5353 > 10.0.1.20:53';
const DNS_OUT = '10.0.1.20:53 > 203.0.113.7:5353';
const IN = '203.0.113.7 > 10.0.1.20';
const OUT = '10.0.1.20 > 203.0.113.7';
/** Nothing may come in, everything may go out: what most groups say. */
const VPC = host(['out all 0.0.0.0/0']);
const ALLOWED_OUT = 'allow rule sg-web:1';

describe('CT-25: TCP', () => {
  const denied: Line = [tcp(SSH_IN, 'S', 0), 'drop no-rule'];

  test('the captured answer does not open what was denied', () => {
    check(VPC, [
      denied,
      [tcp(SSH_OUT, 'SA', 1), 'drop not-opened'],
      [tcp(SSH_OUT, 'PA', 2), 'drop not-opened'],
      [tcp(SSH_OUT, 'RA', 3), 'drop not-opened'],
    ]);
  });

  test('nor do the packets that followed it in its own direction', () => {
    check(VPC, [
      denied,
      [tcp(SSH_IN, 'A', 1), 'drop not-opened'],
      [tcp(SSH_IN, 'PA', 2), 'drop not-opened'],
    ]);
  });

  test('denied=forget judges each packet alone', () => {
    check(
      VPC,
      [
        denied,
        [tcp(SSH_OUT, 'SA', 1), 'allow inferred sg-web:1'],
        [tcp(SSH_IN, 'A', 2), 'allow tracked sg-web:1'],
      ],
      { denied: 'forget' },
    );
  });

  test('remembered as long as its entry would have been: 120 s', () => {
    check(VPC, [denied, [tcp(SSH_OUT, 'SA', 120 - NS), 'drop not-opened']]);
    check(VPC, [denied, [tcp(SSH_OUT, 'SA', 120), 'allow inferred sg-web:1']]);
  });

  test('further denied openers refresh it, what is not opened does not', () => {
    check(VPC, [
      denied,
      [tcp(SSH_IN, 'S', 100), 'drop no-rule'],
      [tcp(SSH_OUT, 'SA', 220 - NS), 'drop not-opened'],
      [tcp(SSH_OUT, 'SA', 220), 'allow inferred sg-web:1'],
    ]);
  });

  test('a bare SYN of the other side is judged afresh and clears it', () => {
    check(VPC, [
      denied,
      [tcp(SSH_OUT, 'S', 1), ALLOWED_OUT],
      [tcp(SSH_IN, 'SA', 2), 'allow tracked sg-web:1'],
    ]);
  });

  test('cleared, it does not come back when the connection of the other side closes', () => {
    check(VPC, [
      denied,
      [tcp(SSH_OUT, 'S', 1), ALLOWED_OUT],
      [tcp(SSH_IN, 'RA', 2), 'allow tracked sg-web:1'],
      [tcp(SSH_IN, 'A', 12), 'allow inferred sg-web:1'],
    ]);
  });

  test('a bare SYN of the other side that is denied too is the one remembered', () => {
    check(host([]), [
      denied,
      [tcp(SSH_OUT, 'S', 100), 'drop no-rule'],
      [tcp(SSH_IN, 'SA', 219), 'drop not-opened'],
      [tcp(SSH_OUT, 'A', 219), 'drop not-opened'],
      [tcp(SSH_IN, 'SA', 220), 'drop no-rule'],
    ]);
  });

  test('other ports are other flows', () => {
    check(VPC, [
      denied,
      [tcp('10.0.1.20:22 > 203.0.113.7:51001', 'A', 1), 'allow inferred sg-web:1'],
    ]);
  });

  test('a mid-stream packet that is denied leaves no memory', () => {
    check(host(['out tcp/51000 203.0.113.0/24']), [
      [tcp('203.0.113.7:443 > 10.0.1.20:22', 'A', 0), 'drop no-rule'],
      [tcp('10.0.1.20:22 > 203.0.113.7:443', 'A', 1), 'drop no-rule'],
    ]);
  });

  test('CT-14: it takes the place of history', () => {
    const vpc = host(['out tcp/443 0.0.0.0/0'], { idleSeconds: { tcpEstablished: 60 } });
    const out = '10.0.1.20:51000 > 203.0.113.7:443';
    check(vpc, [
      [tcp(out, 'A', 0), 'allow inferred sg-web:1'],
      [tcp(out, 'A', 60), 'drop no-state'],
      [tcp('203.0.113.7:443 > 10.0.1.20:51000', 'S', 61), 'drop no-rule'],
      [tcp(out, 'A', 62), 'drop not-opened'],
      [tcp(out, 'A', 181), 'allow inferred sg-web:1'],
    ]);
  });
});

describe('CT-25: UDP and other protocols', () => {
  test('UDP: the mirrored ports are not opened, for 30 s', () => {
    const denied: Line = [udp(DNS_IN, 0), 'drop no-rule'];
    check(VPC, [denied, [udp(DNS_OUT, 30 - NS), 'drop not-opened']]);
    check(VPC, [denied, [udp(DNS_OUT, 30), ALLOWED_OUT]]);
  });

  test('UDP: the opener again is judged afresh, denied again and remembered anew', () => {
    check(VPC, [
      [udp(DNS_IN, 0), 'drop no-rule'],
      [udp(DNS_OUT, 20), 'drop not-opened'],
      [udp(DNS_IN, 25), 'drop no-rule'],
      [udp(DNS_OUT, 55 - NS), 'drop not-opened'],
      [udp(DNS_OUT, 55), ALLOWED_OUT],
      [udp(DNS_IN, 56), 'allow tracked sg-web:1'],
    ]);
  });

  test('UDP: the limit is the interface’s own', () => {
    const vpc = host(['out all 0.0.0.0/0'], { idleSeconds: { udp: 60 } });
    check(vpc, [
      [udp(DNS_IN, 0), 'drop no-rule'],
      [udp(DNS_OUT, 60 - NS), 'drop not-opened'],
      [udp(DNS_OUT, 60), ALLOWED_OUT],
    ]);
  });

  test('ESP: the answer is not opened, for 600 s', () => {
    const denied: Line = [bare(IN, 50, 0), 'drop no-rule'];
    check(VPC, [denied, [bare(OUT, 50, 600 - NS), 'drop not-opened']]);
    check(VPC, [denied, [bare(OUT, 50, 600), ALLOWED_OUT]]);
  });

  test('denied=forget: the answer opens the connection', () => {
    check(
      VPC,
      [
        [udp(DNS_IN, 0), 'drop no-rule'],
        [udp(DNS_OUT, 1), ALLOWED_OUT],
        [udp(DNS_IN, 2), 'allow tracked sg-web:1'],
      ],
      { denied: 'forget' },
    );
  });
});

describe('CT-25: ICMP', () => {
  const denied: Line = [icmp(IN, [8, 0], 0, { id: 7 }), 'drop no-rule'];

  test('the reply to a denied query is not opened, for 30 s', () => {
    check(VPC, [denied, [icmp(OUT, [0, 0], 30 - NS, { id: 7 }), 'drop not-opened']]);
    check(VPC, [denied, [icmp(OUT, [0, 0], 30, { id: 7 }), ALLOWED_OUT]]);
  });

  test('the reply to another query is judged by the rules', () => {
    check(VPC, [denied, [icmp(OUT, [0, 0], 1, { id: 8 }), ALLOWED_OUT]]);
  });

  test('a query of the other side is judged afresh, and its reply passes', () => {
    check(VPC, [
      denied,
      [icmp(OUT, [8, 0], 1, { id: 7 }), ALLOWED_OUT],
      [icmp(IN, [0, 0], 2, { id: 7 }), 'allow tracked sg-web:1'],
      [icmp(OUT, [0, 0], 2, { id: 7 }), 'drop not-opened'],
    ]);
  });

  test('a query that the rules allow clears it', () => {
    check(host(['in icmp/8/0 203.0.113.0/24']), [
      [icmp(IN, [8, 1], 0, { id: 7 }), 'drop no-rule'],
      [icmp(OUT, [0, 0], 1, { id: 7 }), 'drop not-opened'],
      [icmp(IN, [8, 0], 2, { id: 7 }), 'allow rule sg-web:1'],
      [icmp(OUT, [0, 0], 3, { id: 7 }), 'allow tracked sg-web:1'],
    ]);
  });

  test('a denied reply and a denied error leave no memory', () => {
    check(VPC, [
      [icmp(IN, [0, 0], 0, { id: 7 }), 'drop no-rule'],
      [icmp(OUT, [8, 0], 1, { id: 7 }), ALLOWED_OUT],
      [icmp(IN, [3, 1], 0), 'drop no-rule'],
      [icmp(OUT, [3, 1], 1), ALLOWED_OUT],
    ]);
  });
});

test('CT-25, CT-20: per interface: the receiver denies, its answer is not opened there', () => {
  const vpc = describeVpc({
    groups: [group('sg-a', ['out tcp/80 10.0.0.0/16']), group('sg-b', ['out all 0.0.0.0/0'])],
    interfaces: [eni('eni-a', ['10.0.1.20'], ['sg-a']), eni('eni-b', ['10.0.1.30'], ['sg-b'])],
  });
  const reference = createReference(resolvePolicy(vpc), DEFAULT_TRACKING);
  const told = (flags: string, seconds: number, ends = '10.0.1.20:4000 > 10.0.1.30:80') =>
    interfaceTexts(reference.judge(tcp(ends, flags, seconds)));
  expect(told('S', 0)).toEqual(['eni-a egress allow rule sg-a:1', 'eni-b ingress drop no-rule']);
  expect(told('S', 1)).toEqual(['eni-a egress allow tracked sg-a:1', 'eni-b ingress drop no-rule']);
  expect(told('SA', 2, '10.0.1.30:80 > 10.0.1.20:4000')).toEqual(['eni-b egress drop not-opened']);
});
