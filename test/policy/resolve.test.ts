import { describe, expect, test } from 'vitest';
import { formatPrefix } from '../../src/model/address.js';
import type { Peer } from '../../src/model/security-group.js';
import type { Peering, VpcDescription } from '../../src/model/vpc.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import type { ResolvedRule } from '../../src/policy/resolve.js';
import { describeVpc, eni, group, peering, prefixes } from './describe-vpc.js';

/** What every rule stands for: its problem, or its prefixes. */
function meanings(description: VpcDescription): Record<string, string> {
  return Object.fromEntries(
    resolvePolicy(description).rules.map((resolved) => [resolved.rule.id, meaning(resolved)]),
  );
}

function meaning({ problem, prefixes }: ResolvedRule): string {
  return problem ?? prefixes.map(formatPrefix).join(' ');
}

function ids(rules: readonly ResolvedRule[]): string[] {
  return rules.map(({ rule }) => rule.id);
}

describe('group references', () => {
  test('SG-12: a self-referencing rule names every interface that carries the group', () => {
    const description = describeVpc({
      groups: [group('sg-a', ['in all sg-a'])],
      interfaces: [
        eni('eni-1', ['10.0.1.10', '2001:db8::10'], ['sg-a']),
        eni('eni-2', ['10.0.1.11'], ['sg-a']),
        eni('eni-3', ['10.0.1.12'], ['sg-other']),
      ],
    });
    expect(meanings(description)).toEqual({
      'sg-a:1': '10.0.1.10/32 2001:db8::10/128 10.0.1.11/32',
    });
  });

  test('SG-12: sharing a group grants nothing by itself', () => {
    const { sets } = resolvePolicy(
      describeVpc({
        groups: [group('sg-a', ['out all 0.0.0.0/0'])],
        interfaces: [eni('eni-1', ['10.0.1.10'], ['sg-a']), eni('eni-2', ['10.0.1.11'], ['sg-a'])],
      }),
    );
    expect(sets).toHaveLength(1);
    expect(sets[0]!.ingress).toEqual([]);
  });

  test('SG-10: primary, secondary, IPv6 and delegated prefixes count, also on detached interfaces', () => {
    const description = describeVpc({
      groups: [group('sg-web', ['in tcp/443 sg-app']), group('sg-app')],
      interfaces: [
        eni('eni-1', ['10.0.1.10', '10.0.1.20', '2001:db8::10'], ['sg-app'], {
          delegated: prefixes('10.0.2.16/28', '2001:db8:0:1::/80'),
        }),
        eni('eni-detached', ['10.0.1.30'], ['sg-app']),
      ],
    });
    expect(meanings(description)).toEqual({
      'sg-web:1':
        '10.0.1.10/32 10.0.1.20/32 2001:db8::10/128 10.0.2.16/28 2001:db8:0:1::/80 10.0.1.30/32',
    });
  });

  test('SG-11: rules of the referenced group are irrelevant, also its having none', () => {
    const description = describeVpc({
      groups: [group('sg-web', ['in tcp/22 sg-bastion']), group('sg-bastion')],
      interfaces: [eni('eni-1', ['10.0.1.10'], ['sg-bastion'])],
    });
    expect(meanings(description)).toEqual({ 'sg-web:1': '10.0.1.10/32' });
  });

  test('SG-10: a group without interfaces matches nothing and is no problem', () => {
    const description = describeVpc({
      groups: [group('sg-web', ['in tcp/22 sg-empty']), group('sg-empty')],
    });
    expect(meanings(description)).toEqual({ 'sg-web:1': '' });
    expect(resolvePolicy(description).warnings).toEqual([]);
  });

  test('SG-10: an interface that names a group twice is a member once', () => {
    const description = describeVpc({
      groups: [group('sg-a', ['in all sg-a'])],
      interfaces: [eni('eni-1', ['10.0.1.10'], ['sg-a', 'sg-a'])],
    });
    expect(meanings(description)).toEqual({ 'sg-a:1': '10.0.1.10/32' });
  });

  test('SG-19: a group that no document knows matches nothing, with a warning', () => {
    const description = describeVpc({ groups: [group('sg-web', ['in tcp/22 sg-gone'])] });
    expect(meanings(description)).toEqual({ 'sg-web:1': 'unknown-group' });
    expect(resolvePolicy(description).warnings).toEqual([
      {
        severity: 'warning',
        code: 'rule-unknown-group',
        place: 'sg-web:1',
        fact: 'group sg-gone is in no document, so the rule matches nothing',
        fix: 'add sg-gone and its interfaces to the VPC description',
      },
    ]);
  });
});

describe('SG-13: groups of another VPC', () => {
  const across = (peerings: readonly Peering[], peer: Partial<Peer> = {}): string | undefined =>
    meanings(
      describeVpc({
        groups: [
          group('sg-web', ['in tcp/443 sg-far'], { vpcId: 'vpc-1', peer }),
          group('sg-far', [], { vpcId: 'vpc-2' }),
        ],
        interfaces: [eni('eni-far', ['10.2.0.5'], ['sg-far'], { vpcId: 'vpc-2' })],
        peerings,
      }),
    )['sg-web:1'];

  const cases: readonly [string, readonly Peering[], Partial<Peer>, string][] = [
    ['no peering', [], {}, 'not-peered'],
    ['active peering', [peering('pcx-1', 'active', ['vpc-1', 'vpc-2'])], {}, '10.2.0.5/32'],
    [
      'active, asked for by them',
      [peering('pcx-1', 'active', ['vpc-2', 'vpc-1'])],
      {},
      '10.2.0.5/32',
    ],
    ['active, of other VPCs', [peering('pcx-1', 'active', ['vpc-2', 'vpc-3'])], {}, 'not-peered'],
    [
      'active, same Region',
      [peering('pcx-1', 'active', ['vpc-1', 'vpc-2'], ['eu-west-1', 'eu-west-1'])],
      {},
      '10.2.0.5/32',
    ],
    [
      'active, other Region',
      [peering('pcx-1', 'active', ['vpc-1', 'vpc-2'], ['eu-west-1', 'us-east-1'])],
      {},
      'not-peered',
    ],
    ['pending', [peering('pcx-1', 'pending-acceptance', ['vpc-1', 'vpc-2'])], {}, 'stale'],
    ['deleted', [peering('pcx-1', 'deleted', ['vpc-1', 'vpc-2'])], {}, 'stale'],
    [
      'deleted, then peered again',
      [
        peering('pcx-1', 'deleted', ['vpc-1', 'vpc-2']),
        peering('pcx-2', 'active', ['vpc-1', 'vpc-2']),
      ],
      {},
      '10.2.0.5/32',
    ],
    [
      'the rule names the deleted one',
      [
        peering('pcx-1', 'deleted', ['vpc-1', 'vpc-2']),
        peering('pcx-2', 'active', ['vpc-1', 'vpc-2']),
      ],
      { peeringId: 'pcx-1' },
      'stale',
    ],
    [
      'the rule says deleted',
      [peering('pcx-1', 'active', ['vpc-1', 'vpc-2'])],
      { peeringId: 'pcx-1', peeringStatus: 'deleted' },
      'stale',
    ],
    [
      'the rule says active, and no document holds the peering',
      [],
      { peeringId: 'pcx-1', peeringStatus: 'active' },
      '10.2.0.5/32',
    ],
    [
      'the rule says active, the documents do not',
      [peering('pcx-1', 'failed', ['vpc-1', 'vpc-2'])],
      { peeringId: 'pcx-1', peeringStatus: 'active' },
      'stale',
    ],
  ];
  test.each(cases)('%s', (_name, peerings, peer, expected) => {
    expect(across(peerings, peer)).toBe(expected);
  });

  test('a group whose VPC no document tells counts as one of the same VPC', () => {
    const description = describeVpc({
      groups: [group('sg-web', ['in tcp/443 sg-far']), group('sg-far', [], { vpcId: '' })],
      interfaces: [eni('eni-far', ['10.2.0.5'], ['sg-far'])],
    });
    expect(meanings(description)).toEqual({ 'sg-web:1': '10.2.0.5/32' });
  });

  test('SG-19: every rule with a problem leaves one warning of one line', () => {
    const { warnings } = resolvePolicy(
      describeVpc({
        groups: [
          group('sg-web', ['in tcp/443 sg-far', 'in tcp/444 sg-far']),
          group('sg-far', [], { vpcId: 'vpc-2' }),
        ],
        peerings: [peering('pcx-1', 'deleted', ['vpc-1', 'vpc-2'])],
      }),
    );
    expect(warnings.map(({ code, place }) => `${code} ${place}`)).toEqual([
      'rule-stale sg-web:1',
      'rule-stale sg-web:2',
    ]);
  });
});

describe('CIDRs and prefix lists', () => {
  const description = describeVpc({
    groups: [
      group('sg-web', [
        'in tcp/443 0.0.0.0/0',
        'in tcp/443 ::/0',
        'in tcp/443 0.0.0.0/1',
        'in tcp/443 pl-office',
        'in tcp/443 pl-any',
        'in tcp/443 pl-unread',
        'in tcp/443 pl-absent',
        'in tcp/443 pl-empty',
      ]),
    ],
    prefixLists: [
      { id: 'pl-office', name: 'office', entries: prefixes('192.0.2.0/24'), place: '' },
      { id: 'pl-any', name: 'any', entries: prefixes('0.0.0.0/0'), place: '' },
      { id: 'pl-unread', name: 'unread', place: '' },
      { id: 'pl-empty', name: 'empty', entries: [], place: '' },
    ],
  });

  test('SG-9: a prefix list stands for its entries; without them the rule is unresolved', () => {
    expect(meanings(description)).toEqual({
      'sg-web:1': '0.0.0.0/0',
      'sg-web:2': '::/0',
      'sg-web:3': '0.0.0.0/1',
      'sg-web:4': '192.0.2.0/24',
      'sg-web:5': '0.0.0.0/0',
      'sg-web:6': 'unresolved',
      'sg-web:7': 'unresolved',
      'sg-web:8': '',
    });
    expect(resolvePolicy(description).warnings.map(({ place }) => place)).toEqual([
      'sg-web:6',
      'sg-web:7',
    ]);
  });

  test('CT-4: only the literal any-peer CIDR is one, not a prefix list that holds it', () => {
    const { rules } = resolvePolicy(description);
    expect(rules.map(({ anyPeer }) => anyPeer)).toEqual([4, 6, ...Array<undefined>(6)]);
  });
});

describe('rule sets and interfaces', () => {
  test('SG-2: interfaces with the same groups share the union of their rules, in document order', () => {
    const { rules, sets, interfaces } = resolvePolicy(
      describeVpc({
        groups: [
          group('sg-b', ['in tcp/443 0.0.0.0/0', 'out all 0.0.0.0/0']),
          group('sg-c', ['in tcp/25 0.0.0.0/0']),
          group('sg-a', ['in tcp/22 0.0.0.0/0']),
        ],
        interfaces: [
          eni('eni-1', ['10.0.1.10'], ['sg-a', 'sg-b']),
          eni('eni-2', ['10.0.1.11'], ['sg-b', 'sg-a', 'sg-b']),
          eni('eni-3', ['10.0.1.12'], ['sg-b']),
        ],
      }),
    );
    expect(ids(rules)).toEqual(['sg-b:1', 'sg-b:2', 'sg-c:1', 'sg-a:1']);
    expect(rules.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(sets.map((set) => set.groupIds)).toEqual([['sg-a', 'sg-b'], ['sg-b']]);
    expect(ids(sets[0]!.ingress)).toEqual(['sg-b:1', 'sg-a:1']);
    expect(ids(sets[0]!.egress)).toEqual(['sg-b:2']);
    expect(interfaces.map(({ set }) => set)).toEqual([0, 0, 1]);
  });

  test('SG-7: a service interface without groups has no set', () => {
    const { sets, interfaces } = resolvePolicy(
      describeVpc({ interfaces: [eni('eni-nat', ['10.0.0.9'], [], { type: 'natGateway' })] }),
    );
    expect(sets).toEqual([]);
    expect(interfaces[0]).not.toHaveProperty('set');
  });

  test('CT-21: what the interface does not set is the default', () => {
    const { interfaces } = resolvePolicy(
      describeVpc({ interfaces: [eni('eni-1', [], ['sg-a'], { idleSeconds: { udp: 60 } })] }),
    );
    expect(interfaces[0]!.idleSeconds).toEqual({
      tcpEstablished: 432_000,
      udp: 60,
      udpStream: 180,
    });
  });

  test('NF-1: subnet blocks of both families and the first IPv4 block of the VPC', () => {
    const { interfaces } = resolvePolicy(
      describeVpc({
        vpcs: [
          {
            id: 'vpc-1',
            prefixes: prefixes('2001:db8::/56', '10.0.0.0/16', '10.9.0.0/16'),
            place: '',
          },
        ],
        subnets: [
          {
            id: 'subnet-1',
            vpcId: 'vpc-1',
            prefixes: prefixes('10.0.1.0/24', '2001:db8::/64'),
            place: '',
          },
        ],
        interfaces: [
          eni('eni-1', ['10.0.1.10'], [], { subnetId: 'subnet-1' }),
          eni('eni-2', ['10.0.2.10'], [], { subnetId: 'subnet-2', vpcId: 'vpc-2' }),
        ],
      }),
    );
    expect(interfaces[0]!.subnetPrefixes.map(formatPrefix)).toEqual([
      '10.0.1.0/24',
      '2001:db8::/64',
    ]);
    expect(formatPrefix(interfaces[0]!.primaryVpcPrefix!)).toBe('10.0.0.0/16');
    expect(interfaces[1]!.subnetPrefixes).toEqual([]);
    expect(interfaces[1]).not.toHaveProperty('primaryVpcPrefix');
  });
});
