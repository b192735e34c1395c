import { describe, expect, it } from 'vitest';
import type { ExplainedWorld } from '../../src/explain/world.js';
import { parseAddress } from '../../src/model/address.js';
import type { NetworkInterface, VpcDescription } from '../../src/model/vpc.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { describeVpc, eni, group, peering } from '../policy/describe-vpc.js';
import { evidenceOf, remember, worldOf } from './evidence.js';
import { bare, icmp, later, tcp, udp } from './packets.js';
import { fixText, proposedFor, proposedTexts } from './proposed.js';
import { host } from './story.js';

/** `eni-app` 10.0.1.5 in sg-app and sg-all, `eni-db` 10.0.2.9 in sg-db and sg-all, `eni-old` in sg-all; all may send anything. */
function shop(db: readonly string[] = [], more: Partial<VpcDescription> = {}): VpcDescription {
  return describeVpc({
    groups: [group('sg-all', ['out all 0.0.0.0/0']), group('sg-app'), group('sg-db', db)],
    interfaces: [
      eni('eni-app', ['10.0.1.5'], ['sg-all', 'sg-app']),
      eni('eni-db', ['10.0.2.9'], ['sg-all', 'sg-db']),
      eni('eni-old', ['10.0.3.3'], ['sg-all']),
    ],
    ...more,
  });
}

const DB = '10.0.1.5:51000 > 10.0.2.9:5432';

describe('the smallest rule', () => {
  it('names the group of the other end that has the fewest members, then its address', () => {
    expect(proposedTexts(worldOf(shop(['in tcp/22 sg-app'])), tcp(DB, 'S'))).toEqual([
      'likely: add tcp/5432 from sg-app to the ingress rules of sg-db',
      'possible: add tcp/5432 from 10.0.1.5/32 to the ingress rules of sg-db',
    ]);
  });

  it('goes to the group of the nearest miss, else to that on the fewest interfaces', () => {
    const near = shop([], {
      groups: [
        group('sg-all', ['out all 0.0.0.0/0', 'in tcp/5433 sg-app']),
        ...[group('sg-app'), group('sg-db')],
      ],
    });
    expect(proposedTexts(worldOf(near), tcp(DB, 'S'))[0]).toBe(
      'likely: add tcp/5432 from sg-app to the ingress rules of sg-all',
    );
    expect(proposedTexts(worldOf(shop()), tcp(DB, 'S'))[0]).toBe(
      'possible: add tcp/5432 from sg-app to the ingress rules of sg-db',
    );
  });

  it('is one at both ends when both drop it (CT-20)', () => {
    const closed = shop([], { groups: [group('sg-all'), group('sg-app'), group('sg-db')] });
    expect(proposedTexts(worldOf(closed), tcp(DB, 'S'))).toEqual([
      'possible: add tcp/5432 to sg-db to the egress rules of sg-app, and add tcp/5432 from sg-app to the ingress rules of sg-db',
      'possible: add tcp/5432 to 10.0.2.9/32 to the egress rules of sg-app, and add tcp/5432 from sg-app to the ingress rules of sg-db',
    ]);
  });

  it.each([
    [udp('203.0.113.7:5353 > 10.0.1.20:53'), 'udp/53 from 203.0.113.7/32'],
    [icmp('203.0.113.7 > 10.0.1.20', [3, 4]), 'icmp/3/4 from 203.0.113.7/32'],
    [icmp('[2001:db8:c::1] > [2001:db8::20]', [128, 0]), 'icmpv6/128/0 from 2001:db8:c::1/128'],
    [bare('203.0.113.7 > 10.0.1.20', 50), '50 from 203.0.113.7/32'],
  ])('asks for the port, for type and code, or for the protocol alone (PR-1)', (packet, rule) => {
    expect(proposedTexts(worldOf(host([])), packet)).toEqual([
      `possible: add ${rule} to the ingress rules of sg-web`,
    ]);
  });

  it('is not proposed where AWS would refuse it (PR-7): the other group takes it', () => {
    const full = Array.from({ length: 60 }, (_, i) => `in tcp/${i + 1} 192.0.2.0/24`);
    expect(proposedTexts(worldOf(shop(full)), tcp(DB, 'S'))[0]).toBe(
      'possible: add tcp/5432 from sg-app to the ingress rules of sg-all',
    );
    expect(proposedTexts(worldOf(host(full)), tcp('203.0.113.7:1 > 10.0.1.20:443', 'S'))).toEqual(
      [],
    );
  });

  it('names no group that is reached over nothing (SG-13): the address alone', () => {
    const app: Partial<NetworkInterface> = { vpcId: 'vpc-2' };
    const apart = (status?: string): ExplainedWorld =>
      worldOf(
        shop([], {
          groups: [
            group('sg-all', ['out all 0.0.0.0/0']),
            group('sg-app', ['out all 0.0.0.0/0'], { vpcId: 'vpc-2' }),
            group('sg-db'),
          ],
          interfaces: [
            eni('eni-app', ['10.0.1.5'], ['sg-app'], app),
            eni('eni-db', ['10.0.2.9'], ['sg-db']),
          ],
          peerings: status === undefined ? [] : [peering('pcx-1', status, ['vpc-1', 'vpc-2'])],
        }),
      );
    expect(proposedTexts(apart(), tcp(DB, 'S'))).toEqual([
      'possible: add tcp/5432 from 10.0.1.5/32 to the ingress rules of sg-db',
    ]);
    expect(proposedTexts(apart('active'), tcp(DB, 'S'))[0]).toBe(
      'possible: add tcp/5432 from sg-app to the ingress rules of sg-db',
    );
  });

  it('names the address that arrives when a public one was used, and says what would match (SG-18)', () => {
    const app = { publicAddresses: [parseAddress('203.0.113.9')!] };
    const vpc = shop(['in tcp/5432 sg-app'], {
      interfaces: [
        eni('eni-app', ['10.0.1.5'], ['sg-all', 'sg-app'], app),
        eni('eni-db', ['10.0.2.9'], ['sg-db']),
      ],
    });
    expect(proposedTexts(worldOf(vpc), tcp('203.0.113.9:51000 > 10.0.2.9:5432', 'S'))).toEqual([
      'possible: add tcp/5432 from 203.0.113.9/32 to the ingress rules of sg-db; if it came from 10.0.1.5, the private address of eni-app, rules that name its groups would match',
    ]);
  });

  it('allows what the packet answers when its opening was not captured (CT-14)', () => {
    expect(proposedTexts(worldOf(host([])), tcp('203.0.113.7:443 > 10.0.1.20:51000', 'A'))).toEqual(
      [
        'possible: add tcp/443 to 203.0.113.7/32 to the egress rules of sg-web',
        'possible: add tcp/51000 from 203.0.113.7/32 to the ingress rules of sg-web',
      ],
    );
  });

  it('allows the opening that was denied, not what answers it (CT-25)', () => {
    const syn = tcp('203.0.113.7:51000 > 10.0.1.20:443', 'S', 1);
    const reply = tcp('10.0.1.20:443 > 203.0.113.7:51000', 'SA', 2);
    const denied = remember('denied', syn, 'ingress', { idleSeconds: 120 });
    const evidence = evidenceOf(reply, ['egress', 'not-opened'], denied);
    expect(proposedFor(worldOf(host(['out all 0.0.0.0/0'])), evidence).map(fixText)).toEqual([
      'possible: add tcp/443 from 203.0.113.7/32 to the ingress rules of sg-web',
    ]);
  });
});

describe('the nearest rule changed', () => {
  it('an ICMP rule to every code of its type, which loses nothing (PR-2)', () => {
    const world = worldOf(host(['in icmp/3/1 203.0.113.0/24']));
    expect(proposedTexts(world, icmp('203.0.113.7 > 10.0.1.20', [3, 4]))).toEqual([
      'likely: add icmp/3/4 from 203.0.113.7/32 to the ingress rules of sg-web',
      'possible: change icmp/3/1 from 203.0.113.0/24 in the ingress rules of sg-web to icmp/3 from 203.0.113.0/24',
    ]);
  });

  it('a rule for the source port to the destination port, which loses what it allows (SG-3)', () => {
    const world = worldOf(host(['in tcp/51000 203.0.113.0/24']));
    const fixes = proposedTexts(world, tcp('203.0.113.7:51000 > 10.0.1.20:443', 'S'));
    expect(fixes.slice(1)).toEqual([
      'possible: change tcp/51000 from 203.0.113.0/24 in the ingress rules of sg-web to tcp/443 from 203.0.113.0/24; what the rule allows now is dropped then',
    ]);
  });

  it('never a rule for any peer', () => {
    const world = worldOf(host(['in icmp/3/1 0.0.0.0/0']));
    expect(proposedTexts(world, icmp('203.0.113.7 > 10.0.1.20', [3, 4]))).toEqual([
      'possible: add icmp/3/4 from 203.0.113.7/32 to the ingress rules of sg-web',
    ]);
  });
});

describe('remedies that are no rule', () => {
  const DNS = '10.0.1.20:5353 > 203.0.113.7:53';
  const ANSWER = '203.0.113.7:53 > 10.0.1.20:5353';
  const asked = remember('connection', udp(DNS, 1), 'egress', {
    ...{ state: 'UDP', rule: 'sg-web:1', idleSeconds: 30 },
  });
  const late = (seconds: number) =>
    proposedFor(
      worldOf(host(['out udp/53 203.0.113.7/32'])),
      evidenceOf(udp(ANSWER, 1 + seconds), ['ingress', 'no-rule'], asked),
    );

  it('a longer idle limit, the shortest that would have sufficed (CT-13, CT-21)', () => {
    expect(late(30).map(fixText)).toEqual([
      'possible: raise the idle timeout for udp of eni-web to 31 s',
      'possible: answer within 30 s of the request',
    ]);
    expect(late(59)[0]!.edits).toEqual([
      { kind: 'idle-limit', eni: 'eni-web', limit: 'udp', seconds: 60 },
    ]);
    expect(late(60).map(fixText)).toEqual(['possible: answer within 30 s of the request']);
  });

  it('keep-alives where no limit is long enough', () => {
    const connection = remember(
      'connection',
      tcp('203.0.113.7:51000 > 10.0.1.20:443', 'A', 0),
      'ingress',
      { state: 'ESTABLISHED', wasEstablished: true, rule: 'sg-web:1', idleSeconds: 432_000 },
    );
    const packet = tcp('203.0.113.7:51000 > 10.0.1.20:443', 'A', 500_000);
    const evidence = evidenceOf(packet, ['ingress', 'no-state'], connection);
    const world = worldOf(host(['in tcp/443 203.0.113.0/24']));
    expect(proposedFor(world, evidence).map(fixText)).toEqual([
      'possible: send keep-alives more often than every 432000 s',
    ]);
  });

  it('the source/destination check off, and a rule if that is not enough (NI-3)', () => {
    const router = host(['out all 0.0.0.0/0'], { mac: '020000000101' });
    const packet = { ...tcp('192.0.2.5:1000 > 203.0.113.7:443', 'S'), sourceMac: '020000000101' };
    expect(proposedTexts(worldOf(router), packet)).toEqual([
      'possible: turn the source/destination check of eni-web off',
    ]);
    const narrow = host(['out udp/53 0.0.0.0/0'], { mac: '020000000101' });
    expect(proposedTexts(worldOf(narrow), packet)).toEqual([
      'possible: turn the source/destination check of eni-web off, and add tcp/443 to 203.0.113.7/32 to the egress rules of sg-web',
    ]);
  });

  it('the entries of a prefix list that are not loaded (SG-9)', () => {
    const vpc: VpcDescription = {
      ...host(['in tcp/443 pl-0a']),
      prefixLists: [{ id: 'pl-0a', name: 'offices', place: '' }],
    };
    const packet = tcp('203.0.113.7:51000 > 10.0.1.20:443', 'S');
    const fixes = proposedFor(worldOf(vpc), evidenceOf(packet, ['ingress', 'no-rule']));
    expect(fixes.map(fixText)).toEqual([
      'possible: add the entries of prefix list pl-0a to the VPC documents',
      'likely: add tcp/443 from 203.0.113.7/32 to the ingress rules of sg-web',
    ]);
    expect(fixes[0]!.commands).toEqual([
      'aws ec2 get-managed-prefix-list-entries --prefix-list-id pl-0a > pl-0a.json',
    ]);
  });

  it('a rule that an event removed, kept', () => {
    const [before, after] = [host(['in tcp/443 203.0.113.0/24']), host([])];
    const moment = { fromNs: 5n, text: 'revoke tcp/443', description: after };
    const world = { ...worldOf(before), timeline: resolveTimeline(before, [moment]) };
    const packet = tcp('203.0.113.7:51000 > 10.0.1.20:443', 'S', 1);
    const evidence = { ...evidenceOf(packet, ['ingress', 'no-rule']), phase: 1 };
    expect(proposedFor(world, evidence).map(fixText)).toEqual([
      'possible: keep tcp/443 from 203.0.113.0/24 in the ingress rules of sg-web, unlike revoke tcp/443',
      'possible: add tcp/443 from 203.0.113.7/32 to the ingress rules of sg-web',
    ]);
  });

  it('none of a fragment whose ports are out of sight but to capture more (CT-18)', () => {
    const fragment = later(udp('203.0.113.7:5353 > 10.0.1.20:53'), 7);
    expect(proposedTexts(worldOf(host(['in udp/53 0.0.0.0/0'])), fragment)).toEqual([
      'possible: send packets that need no fragmenting, or capture the first fragment too',
    ]);
  });
});
