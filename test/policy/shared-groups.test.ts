import { describe, expect, test } from 'vitest';
import type { Peer, SecurityGroup } from '../../src/model/security-group.js';
import type { GroupAssociation } from '../../src/model/vpc.js';
import { describeVpc, eni, group, peering } from './describe-vpc.js';
import { meanings } from './meanings.js';

const associated = (groupId: string, vpcId: string, state = 'associated'): GroupAssociation => ({
  groupId,
  vpcId,
  state,
  place: '',
});

/** sg-shared of vpc-1 is carried in three VPCs; it, sg-near of vpc-1 and sg-there of vpc-2 name it. */
const sharing = (...associations: readonly GroupAssociation[]): Record<string, string> =>
  meanings(
    describeVpc({
      groups: [
        group('sg-shared', ['in all sg-shared', 'in tcp/443 sg-there']),
        group('sg-near', ['in tcp/22 sg-shared']),
        group('sg-there', ['in tcp/443 sg-shared'], { vpcId: 'vpc-2' }),
      ],
      interfaces: [
        eni('eni-1', ['10.1.0.1'], ['sg-shared']),
        eni('eni-2', ['10.2.0.1'], ['sg-shared'], { vpcId: 'vpc-2' }),
        eni('eni-3', ['10.2.0.2'], ['sg-there'], { vpcId: 'vpc-2' }),
      ],
      associations,
    }),
  );

const NOT_PEERED = 'warning[rule-not-peered]';

describe('SG-15: a group that is associated with another VPC', () => {
  test('is referenced from there, names groups there, and stands for its interfaces in all its VPCs', () => {
    expect(sharing(associated('sg-shared', 'vpc-2'))).toEqual({
      'sg-shared:1': '10.1.0.1/32 10.2.0.1/32',
      'sg-shared:2': '10.2.0.2/32',
      'sg-near:1': '10.1.0.1/32 10.2.0.1/32',
      'sg-there:1': '10.1.0.1/32 10.2.0.1/32',
    });
  });

  test('counts where it is, also when another has become associated since', () => {
    const found = sharing(
      associated('sg-shared', 'vpc-2', 'disassociated'),
      associated('sg-shared', 'vpc-2'),
      associated('sg-shared', 'vpc-1', 'disassociated'),
    );
    expect(found['sg-there:1']).toBe('10.1.0.1/32 10.2.0.1/32');
  });

  test('without an association, what carries it counts in its own VPC and other VPCs cannot name it', () => {
    const found = sharing();
    expect(found['sg-shared:1']).toBe('10.1.0.1/32 10.2.0.1/32');
    expect(found['sg-there:1']!.slice(0, NOT_PEERED.length)).toBe(NOT_PEERED);
    expect(sharing(associated('sg-shared', 'vpc-3'))).toEqual(found);
  });

  test.each(['associating', 'association-failed', 'disassociating', 'disassociated'])(
    'SG-19: %s: references across are stale, and its interfaces there no longer count',
    (state) => {
      const fact =
        `the association of group sg-shared with vpc-2 is ${state}, so the rule matches nothing; ` +
        'remove the rule, or load the association once it is associated';
      expect(sharing(associated('sg-shared', 'vpc-2', state))).toEqual({
        'sg-shared:1': '10.1.0.1/32',
        'sg-shared:2': `warning[rule-stale] sg-shared:2: ${fact}`,
        'sg-near:1': '10.1.0.1/32',
        'sg-there:1': `warning[rule-stale] sg-there:1: ${fact}`,
      });
    },
  );

  test('SG-13: is reached over a peering of any of its VPCs', () => {
    const found = meanings(
      describeVpc({
        groups: [group('sg-shared'), group('sg-third', ['in all sg-shared'], { vpcId: 'vpc-3' })],
        interfaces: [eni('eni-2', ['10.2.0.1'], ['sg-shared'], { vpcId: 'vpc-2' })],
        associations: [associated('sg-shared', 'vpc-2')],
        peerings: [peering('pcx-1', 'active', ['vpc-2', 'vpc-3'])],
      }),
    );
    expect(found).toEqual({ 'sg-third:1': '10.2.0.1/32' });
  });
});

describe('SG-16: a shared VPC', () => {
  const OWNER = '111111111111';
  const PARTICIPANT = '222222222222';
  const owned = (made: SecurityGroup, ownerId: string): SecurityGroup => ({ ...made, ownerId });
  /** The owner's sg-web names the participant's sg-app, of the same VPC. */
  const naming = (peer: Partial<Peer>): string =>
    meanings(
      describeVpc({
        groups: [
          owned(group('sg-web', ['in tcp/443 sg-app'], { peer }), OWNER),
          owned(group('sg-app', ['in tcp/80 sg-web']), PARTICIPANT),
        ],
        interfaces: [
          eni('eni-web', ['10.1.0.1'], ['sg-web'], { ownerId: OWNER }),
          eni('eni-app', ['10.1.0.2'], ['sg-app'], { ownerId: PARTICIPANT }),
        ],
      }),
    )['sg-web:1']!;

  test('groups of owner and participant are in one VPC', () => {
    expect(naming({})).toBe('10.1.0.2/32');
    expect(naming({ ownerId: PARTICIPANT })).toBe('10.1.0.2/32');
  });
});

test('SG-19: a rule that AWS lists as stale matches nothing, whatever the documents say', () => {
  const found = meanings(
    describeVpc({
      groups: [group('sg-a', ['in all sg-a'], { peer: { stale: true } })],
      interfaces: [eni('eni-1', ['10.1.0.1'], ['sg-a'])],
    }),
  );
  expect(found['sg-a:1']).toBe(
    'warning[rule-stale] sg-a:1: AWS lists the reference to group sg-a as stale, so the rule matches nothing; ' +
      'remove the rule, or fetch describe-stale-security-groups again',
  );
});
