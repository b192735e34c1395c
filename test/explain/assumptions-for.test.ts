import { expect, test } from 'vitest';
import { assumptionsFor } from '../../src/explain/assumptions-for.js';
import { findCause } from '../../src/explain/find-cause.js';
import type { Packet } from '../../src/model/packet.js';
import type { TrackingOptions } from '../../src/model/tracking.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { assumptionsOf } from '../../src/policy/assumptions.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { describeVpc, eni, group, prefixes } from '../policy/describe-vpc.js';
import { evidenceOf, worldOf } from './kernel-evidence.js';
import { first, icmp, later, tcp, udp } from './packets.js';
import { host, subnetWorld } from './story.js';

/** Rules of the assumptions behind the answer about the last packet. */
function rulesFor(
  vpc: VpcDescription,
  packets: readonly Packet[],
  { options, later: changed }: { options?: Partial<TrackingOptions>; later?: VpcDescription } = {},
): string[] {
  const moments =
    changed === undefined ? [] : [{ fromNs: 10_000_000_000n, text: 'event', description: changed }];
  const world = worldOf(resolveTimeline(vpc, moments), options);
  const evidence = evidenceOf(world, packets).at(-1)!;
  const found = assumptionsFor(world, evidence, findCause(world, evidence).cause);
  const all = assumptionsOf(world.timeline, world.tracking).map(({ rule }) => rule);
  expect(all).toEqual(expect.arrayContaining(found.map(({ rule }) => rule)));
  return found.map(({ rule }) => rule);
}

const SSH = host(['in tcp/22 203.0.113.0/24']);
const SSH_IN = '203.0.113.7:51000 > 10.0.1.20:22';
const SSH_OUT = '10.0.1.20:22 > 203.0.113.7:51000';
const DNS = '10.0.1.20:40000 > 203.0.113.7:53';
const HANDSHAKE = [tcp(SSH_IN, 'S', 0), tcp(SSH_OUT, 'SA', 0.1), tcp(SSH_IN, 'A', 0.2)];

test('a rule that allows or does not allow a new flow rests on none', () => {
  expect(rulesFor(SSH, [tcp(SSH_IN, 'S')])).toEqual([]);
  expect(rulesFor(SSH, [tcp('203.0.113.7:51000 > 10.0.1.20:23', 'S')])).toEqual([]);
});

test('CT-12: udp with a connection', () => {
  const vpc = host(['out udp/53 203.0.113.0/24']);
  expect(rulesFor(vpc, [udp(DNS, 0), udp('203.0.113.7:53 > 10.0.1.20:40000', 1)])).toEqual([
    'CT-12',
  ]);
});

test('CT-13: tcp that is not established; CT-22: tcp that is, without a limit of its own', () => {
  expect(rulesFor(SSH, HANDSHAKE.slice(0, 2))).toEqual(['CT-13']);
  expect(rulesFor(SSH, [...HANDSHAKE, tcp(SSH_IN, 'PA', 1)])).toEqual(['CT-22']);
  const limited = host(['in tcp/22 203.0.113.0/24'], { idleSeconds: { tcpEstablished: 350 } });
  expect(rulesFor(limited, [...HANDSHAKE, tcp(SSH_IN, 'PA', 1)])).toEqual([]);
});

test('CT-14: mid-stream, and how long what ended is remembered', () => {
  expect(rulesFor(SSH, [tcp(SSH_IN, 'PA')])).toEqual(['CT-14']);
  const reset = [...HANDSHAKE, tcp(SSH_IN, 'R', 1), tcp(SSH_IN, 'PA', 42)];
  expect(rulesFor(SSH, reset)).toEqual(['CT-13', 'CT-14', 'CT-14']);
});

test('CT-15, CT-16: icmp', () => {
  const vpc = host(['out icmp/8/-1 203.0.113.0/24', 'out udp/53 203.0.113.0/24']);
  const ping = icmp('10.0.1.20 > 203.0.113.7', [8, 0], 0, { id: 7 });
  const pong = icmp('203.0.113.7 > 10.0.1.20', [0, 0], 1, { id: 7 });
  expect(rulesFor(vpc, [ping, pong])).toEqual(['CT-15']);
  const error = icmp('203.0.113.7 > 10.0.1.20', [3, 3], 1, { quote: udp(DNS) });
  expect(rulesFor(vpc, [udp(DNS, 0), error])).toEqual(['CT-12', 'CT-16']);
});

test('CT-18: fragments', () => {
  const vpc = host(['out udp/53 203.0.113.0/24']);
  expect(rulesFor(vpc, [first(udp(DNS, 0), 7), later(udp(DNS, 1), 7)])).toEqual(['CT-18']);
});

test('CT-25: after a denied opening', () => {
  const vpc = host(['out all 0.0.0.0/0']);
  expect(rulesFor(vpc, [tcp(SSH_IN, 'S', 0), tcp(SSH_OUT, 'SA', 1)])).toEqual(['CT-25']);
});

test('CT-4, CT-7, CT-19: untracked, by way of something, full', () => {
  const open = host(['in tcp/80 0.0.0.0/0', 'out all 0.0.0.0/0']);
  expect(rulesFor(open, [tcp('203.0.113.7:51000 > 10.0.1.20:80', 'S')])).toEqual(['CT-4']);
  const paths = [{ prefix: prefixes('203.0.113.0/24')[0]!, via: 'lambda', place: '' }] as const;
  expect(rulesFor({ ...SSH, paths }, [tcp(SSH_IN, 'S')])).toEqual(['CT-7']);
  const other = tcp('203.0.113.7:51001 > 10.0.1.20:22', 'S', 1);
  const full = rulesFor(SSH, [tcp(SSH_IN, 'S'), other], { options: { maxTracked: 1 } });
  expect(full).toEqual(['CT-19']);
});

test('CT-1, SG-10: between two interfaces, by a rule that names a group', () => {
  const vpc = describeVpc({
    groups: [group('sg-a', ['out udp/53 sg-b']), group('sg-b', ['in udp/53 sg-a'])],
    interfaces: [eni('eni-a', ['10.0.1.5'], ['sg-a']), eni('eni-b', ['10.0.2.9'], ['sg-b'])],
  });
  const query = udp('10.0.1.5:4000 > 10.0.2.9:53', 0);
  const answer = udp('10.0.2.9:53 > 10.0.1.5:4000', 1);
  expect(rulesFor(vpc, [query])).toEqual(['SG-10']);
  expect(rulesFor(vpc, [query, answer])).toEqual(['CT-1', 'CT-12', 'SG-10']);
});

test('SG-21: an event in between', () => {
  expect(rulesFor(SSH, [tcp(SSH_IN, 'S', 20)], { later: host([]) })).toEqual(['SG-21']);
});

test('NF-1: what is exempt, and a router that is not known', () => {
  expect(rulesFor(subnetWorld(), [udp('10.0.1.20:40000 > 10.0.0.2:53')])).toEqual(['NF-1']);
  const router = udp('10.0.1.20:40000 > 10.0.1.1:53');
  expect(rulesFor(host(['out all 203.0.113.0/24']), [router])).toEqual(['NF-1']);
});
