// Whose flow it is that an interface remembers, and what else is read of its record.
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../src/model/address.js';
import type { Packet } from '../../src/model/packet.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { createTracingJudge } from '../differential/judge-with-kernel.js';
import { icmp, tcp, udp } from '../explain/packets.js';
import { describeVpc, eni, group, prefixes } from '../policy/describe-vpc.js';

const judge = createTracingJudge();

/** `eni-web` with 10.0.1.20 and 2001:db8::20, whose group `sg-web` has the rules. */
const host = (...rules: readonly string[]): VpcDescription =>
  describeVpc({
    groups: [group('sg-web', rules)],
    interfaces: [eni('eni-web', ['10.0.1.20', '2001:db8::20'], ['sg-web'])],
  });

const IN = '203.0.113.7:40000 > 10.0.1.20:443';
const OUT = '10.0.1.20:443 > 203.0.113.7:40000';

it('CT-12: UDP turns', () => {
  const memories = (packets: readonly Packet[]) =>
    judge(
      resolveTimeline(host('in udp/443 203.0.113.0/24')),
      DEFAULT_TRACKING,
      packets,
    ).memories.map(([memory]) => memory && [memory.state, memory.turns, memory.lastWasOriginal]);
  const [ask, answer] = [udp(IN), udp(OUT)];
  expect(memories([ask, ask, answer, answer, ask, answer, ask])).toEqual([
    undefined,
    ['UDP', 0, true],
    ['UDP', 0, true],
    ['UDP', 1, false],
    ['UDP', 1, false],
    ['UDP', 1, true],
    ['UDP_STREAM', 2, false],
  ]);
});

it('CT-23: idle limits by way of a load balancer', () => {
  const [prefix] = prefixes('203.0.113.0/24');
  const paths = [{ prefix: prefix!, via: 'network-load-balancer', place: '' } as const];
  const vpc = { ...host('in udp/443 203.0.113.0/24', 'in tcp/443 203.0.113.0/24'), paths };
  const idle = judge(resolveTimeline(vpc), DEFAULT_TRACKING, [
    udp(IN),
    udp('203.0.113.7:40000 > 10.0.1.20:53'),
    tcp(IN, 'A'),
  ]).records.map(({ kind, idleSeconds }) => [kind, idleSeconds]);
  expect(idle).toEqual([
    ['connection', 120],
    ['denied', 120],
    ['connection', 350],
  ]);
});

describe('whose memory it is', () => {
  const both = describeVpc({
    groups: [group('sg-a', ['out udp/53 10.0.0.0/8']), group('sg-b', [])],
    interfaces: [eni('eni-a', ['10.0.1.20'], ['sg-a']), eni('eni-b', ['10.0.1.30'], ['sg-b'])],
  });

  it('the sender first, then the receiver, each with its own end as the local one', () => {
    const told = judge(resolveTimeline(both), DEFAULT_TRACKING, [
      udp('10.0.1.20:4000 > 10.0.1.30:53', 1),
      udp('10.0.1.20:4000 > 10.0.1.30:53', 2),
    ]);
    expect(told.verdicts.map(({ at }) => at.map(({ code }) => code))).toEqual([
      ['rule', 'no-rule'],
      ['tracked', 'no-rule'],
    ]);
    expect(told.memories[0]).toEqual([undefined, undefined]);
    const ends = told.memories[1]!.map((memory) => {
      const { flow, eni: at, kind, original } = memory!;
      const local = `${formatAddress(flow.local)}:${flow.localPort}`;
      return `${at} ${kind} ${original} ${local} ${formatAddress(flow.remote)}:${flow.remotePort}`;
    });
    expect(ends).toEqual([
      'eni-a connection egress 10.0.1.20:4000 10.0.1.30:53',
      'eni-b denied ingress 10.0.1.30:53 10.0.1.20:4000',
    ]);
    // A packet that the receiver denied began no flow at the sender the second time.
    expect(told.begins).toEqual([true, false]);
  });

  it.each([
    ['10.0.1.20 > 203.0.113.7', [8, 0], { request: 8, id: 7, byLocal: true }],
    ['203.0.113.7 > 10.0.1.20', [8, 0], { request: 8, id: 7, byLocal: false }],
    ['203.0.113.7 > 10.0.1.20', [13, 0], { request: 13, id: 7, byLocal: false }],
    ['203.0.113.7 > 10.0.1.20', [15, 0], { request: 15, id: 7, byLocal: false }],
    ['203.0.113.7 > 10.0.1.20', [17, 0], { request: 17, id: 7, byLocal: false }],
    ['2001:db8::20 > 2001:db8::7', [128, 0], { request: 128, id: 7, byLocal: true }],
  ] as const)('CT-15: %s %j', (ends, type, query) => {
    const open = host(
      ...['in icmp/-1/-1 0.0.0.0/0', 'out icmp/-1/-1 0.0.0.0/0', 'out icmpv6/-1/-1 ::/0'],
    );
    const [record] = judge(resolveTimeline(open), DEFAULT_TRACKING, [
      icmp(ends, type, 1, { id: 7 }),
    ]).records;
    expect(record).toMatchObject({ kind: 'connection', state: 'ICMP', flow: { query } });
  });
});
