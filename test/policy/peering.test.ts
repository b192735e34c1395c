import { describe, expect, test } from 'vitest';
import type { Direction, Peer } from '../../src/model/security-group.js';
import { describeVpc, eni, group, peering } from './describe-vpc.js';
import { meanings } from './meanings.js';

/** Every status of a peering, and whether groups may be named over it in one Region. */
const STATUSES: readonly (readonly [string, boolean])[] = [
  ['initiating-request', false],
  ['pending-acceptance', false],
  ['provisioning', false],
  ['active', true],
  ['deleting', false],
  ['deleted', false],
  ['rejected', false],
  ['failed', false],
  ['expired', false],
];

const MEMBERS = '10.2.0.5/32 2001:db8:2::5/128';

/** What a rule of vpc-1 stands for that names a group of vpc-2, peered in a status and two Regions. */
function across(
  status: string,
  regions: readonly [string, string] | undefined,
  direction: Direction,
  peer: Partial<Peer> = {},
): string {
  const rule = `${direction === 'ingress' ? 'in' : 'out'} all sg-far`;
  const description = describeVpc({
    groups: [group('sg-web', [rule], { peer }), group('sg-far', [], { vpcId: 'vpc-2' })],
    interfaces: [eni('eni-far', ['10.2.0.5', '2001:db8:2::5'], ['sg-far'], { vpcId: 'vpc-2' })],
    peerings: [peering('pcx-1', status, ['vpc-2', 'vpc-1'], regions)],
  });
  return meanings(description)['sg-web:1']!.replace(/ sg-web:1: .*/, '');
}

describe.each(['ingress', 'egress'] as const)('SG-13: %s rules over a peering', (direction) => {
  describe.each(STATUSES)('that is %s', (status, active) => {
    const near = active ? MEMBERS : 'warning[rule-stale]';
    test.each<[string, readonly [string, string] | undefined, string]>([
      ['in one Region', ['eu-west-1', 'eu-west-1'], near],
      ['in a Region that nothing tells', undefined, near],
      [
        'across Regions',
        ['eu-west-1', 'us-east-1'],
        active ? 'warning[rule-not-peered]' : 'warning[rule-stale]',
      ],
    ])('%s', (_, regions, expected) => {
      expect(across(status, regions, direction)).toBe(expected);
      expect(across(status, regions, direction, { peeringId: 'pcx-1' })).toBe(expected);
      const told: Partial<Peer> = { peeringId: 'pcx-1', peeringStatus: status };
      expect(across(status, regions, direction, told)).toBe(expected);
    });
  });
});

test('SG-13: groups of VPCs with the same blocks are told apart by their VPC', () => {
  const found = meanings(
    describeVpc({
      groups: [
        group('sg-a', ['in all sg-a', 'in all sg-b']),
        group('sg-b', ['in all sg-b'], { vpcId: 'vpc-2' }),
      ],
      interfaces: [
        eni('eni-a', ['10.1.0.5'], ['sg-a']),
        eni('eni-b', ['10.1.0.5'], ['sg-b'], { vpcId: 'vpc-2' }),
      ],
    }),
  );
  expect(found).toMatchObject({ 'sg-a:1': '10.1.0.5/32', 'sg-b:1': '10.1.0.5/32' });
  expect(found['sg-a:2']).toMatch(/^warning\[rule-not-peered\] /);
});

test('SG-10, NI-4: interfaces that a service made are members of their groups', () => {
  const found = meanings(
    describeVpc({
      groups: [group('sg-a', ['in all sg-a'])],
      interfaces: [
        eni('eni-lb', ['10.1.0.5', '10.1.0.6'], ['sg-a'], {
          type: 'load_balancer',
          requesterManaged: true,
        }),
      ],
    }),
  );
  expect(found).toEqual({ 'sg-a:1': '10.1.0.5/32 10.1.0.6/32' });
});
