import { expect, test } from 'vitest';
import { askPacket } from '../../src/explain/ask.js';
import { effectOf, weighFixes } from '../../src/explain/effect.js';
import type { Docket } from '../../src/model/docket.js';
import type { Evidence } from '../../src/model/evidence.js';
import type { FixEdit } from '../../src/model/explanation.js';
import type { Packet } from '../../src/model/packet.js';
import type { Remembered } from '../../src/model/remembered.js';
import { describeVpc, eni, group } from '../policy/describe-vpc.js';
import { remember, worldOf } from './evidence.js';
import { tcp, udp } from './packets.js';
import { proposedFor } from './proposed.js';
import { host } from './story.js';

const SHOP = worldOf(
  describeVpc({
    groups: [group('sg-app', ['out all 0.0.0.0/1']), group('sg-db')],
    interfaces: [
      eni('eni-app', ['10.0.1.5', '10.0.1.6'], ['sg-app']),
      eni('eni-db', ['10.0.2.9'], ['sg-db']),
      eni('eni-copy', ['10.0.2.10'], ['sg-db']),
    ],
  }),
);

/** Packets of 100 bytes, as if each were the first of its flow. */
function docketOf(world: typeof SHOP, packets: readonly Packet[], complete = true): Docket {
  return {
    complete,
    packets: packets.map((packet, i): Evidence => {
      const { verdict, ...evidence } = askPacket(world, { ...packet, length: 100 });
      return { ...evidence, verdict: { ...verdict, frame: i + 1 } };
    }),
  };
}

const BY_GROUP: FixEdit = {
  ...{ kind: 'authorize', groupId: 'sg-db', direction: 'ingress' },
  rules: [
    {
      traffic: { kind: 'ports', protocol: 6, from: 5432, to: 5432 },
      peer: { kind: 'group', groupId: 'sg-app' },
    },
  ],
};

test('packets that would pass, their flows, and those of other causes', () => {
  const docket = docketOf(SHOP, [
    tcp('10.0.1.5:4000 > 10.0.2.9:5432', 'S', 1),
    tcp('10.0.1.5:4000 > 10.0.2.9:5432', 'S', 2),
    tcp('10.0.1.6:4001 > 10.0.2.9:5432', 'S', 2),
    tcp('10.0.1.5:4002 > 10.0.2.10:5432', 'S', 3),
    tcp('10.0.1.5:4003 > 10.0.2.9:5433', 'S', 3),
    udp('10.0.1.5:4000 > 10.0.2.9:5432', 4),
  ]);
  expect(docket.packets.every(({ verdict: { code } }) => code === 'no-rule')).toBe(true);
  expect(effectOf(SHOP, [BY_GROUP], docket, docket.packets[0]!)).toEqual({
    admits: { packets: 4, bytes: 400 },
    flows: 3,
    // At the other interface with the group.
    otherFlows: 1,
    otherExample: '10.0.1.5:4002 > 10.0.2.10:5432 tcp',
    complete: true,
  });
});

test('a docket that is not whole, and allowances, leave more to be found', () => {
  const packets = [tcp('10.0.1.5:4000 > 10.0.2.9:5432', 'S', 1)];
  const [whole, cut] = [docketOf(SHOP, packets), docketOf(SHOP, packets, false)];
  const [packet] = whole.packets;
  expect(effectOf(SHOP, [BY_GROUP], cut, packet!).complete).toBe(false);
  const limited = { ...SHOP, tracking: { ...SHOP.tracking, maxTracked: 9 } };
  expect(effectOf(limited, [BY_GROUP], whole, packet!).complete).toBe(false);
});

test('packets that only answered a drop pass with it (CT-25)', () => {
  const world = worldOf(host(['out all 0.0.0.0/0']));
  const syn = tcp('203.0.113.7:51000 > 10.0.1.20:443', 'S', 1);
  const reply = tcp('10.0.1.20:443 > 203.0.113.7:51000', 'SA', 2);
  const { packets } = docketOf(world, [syn, reply]);
  const denied = remember('denied', syn, 'ingress', { idleSeconds: 120 });
  const opening = packets[0]!;
  const answer = notOpened(packets[1]!, denied);
  const docket = { packets: [opening, answer], complete: true };
  const fixes = weighFixes(world, proposedFor(world, answer), docket, answer);
  expect(fixes.map(({ effect }) => effect)).toEqual([
    { admits: { packets: 2, bytes: 200 }, flows: 1, otherFlows: 0, complete: true },
  ]);
});

test('a fix that would not let the packet pass after all is left out', () => {
  const world = worldOf(host(['out all 0.0.0.0/0']));
  const syn = tcp('203.0.113.7:51000 > 10.0.1.20:443', 'S', 1);
  const [IN, OUT] = ['203.0.113.7:51000 > 10.0.1.20:443', '10.0.1.20:443 > 203.0.113.7:51000'];
  const reset = [tcp(OUT, 'SA', 2), tcp(IN, 'A', 3), tcp(IN, 'R', 4)];
  const { packets } = docketOf(world, [syn, ...reset, tcp(IN, 'A', 60)]);
  const denied = remember('denied', syn, 'ingress', { idleSeconds: 120 });
  const opening = packets[0]!;
  const followers = packets.slice(1).map((evidence) => notOpened(evidence, denied));
  const docket = { packets: [opening, ...followers], complete: true };
  const weighed = followers.map((evidence) =>
    weighFixes(world, proposedFor(world, evidence), docket, evidence),
  );
  // Let in, the reset closes the connection: what comes 56 s later is dropped all the same (CT-13, CT-14).
  expect(weighed.map(({ length }) => length)).toEqual([1, 1, 1, 0]);
});

/** The packet as it is judged after a denial. */
function notOpened(evidence: Evidence, denied: Remembered): Evidence {
  const { verdict } = evidence;
  const dropped = { verdict: 'drop', code: 'not-opened' } as const;
  const at = [{ ...verdict.at[0]!, ...dropped }];
  return { ...evidence, verdict: { ...verdict, ...dropped, at }, memories: [denied] };
}
