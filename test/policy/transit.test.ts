import { describe, expect, test } from 'vitest';
import type { TransitAttachment, VpcDescription } from '../../src/model/vpc.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { describeVpc, eni, group, peering, prefixes } from './describe-vpc.js';
import { meanings } from './meanings.js';

/** An attachment to tgw-1 over which references pass, unless told otherwise. */
const attached = (vpcId: string, more: Partial<TransitAttachment> = {}): TransitAttachment => ({
  transitGatewayId: 'tgw-1',
  vpcId,
  state: 'available',
  groupReferences: true,
  gatewayGroupReferences: true,
  gatewayState: 'available',
  place: '',
  ...more,
});

const BOTH = [attached('vpc-1'), attached('vpc-2')];

/** sg-web of vpc-1 names sg-far of vpc-2, which eni-far carries. */
const world = (
  transitAttachments: readonly TransitAttachment[],
  more: Partial<VpcDescription> = {},
  rule = 'in tcp/443 sg-far',
): VpcDescription =>
  describeVpc({
    groups: [group('sg-web', [rule]), group('sg-far', [], { vpcId: 'vpc-2' })],
    interfaces: [
      eni('eni-web', ['10.1.0.5'], ['sg-web']),
      eni('eni-far', ['10.2.0.5'], ['sg-far'], { vpcId: 'vpc-2' }),
    ],
    transitAttachments,
    ...more,
  });

const far = (...args: Parameters<typeof world>): string => meanings(world(...args))['sg-web:1']!;

const STALE = 'warning[rule-stale] sg-web:1: transit gateway tgw-1 does not carry the reference: ';
const STALE_FIX =
  ', so the rule matches nothing; remove the rule, or enable SecurityGroupReferencingSupport on the gateway and both attachments';
const NOT_PEERED =
  'warning[rule-not-peered] sg-web:1: group sg-far is in another VPC without a peering in the same Region, so the rule ' +
  'matches nothing; add the peering, transit gateway or association to the VPC description, or name a CIDR';

describe('SG-14: a reference over a transit gateway', () => {
  test('holds when the gateway and both attachments pass references on', () => {
    expect(far(BOTH)).toBe('10.2.0.5/32');
    expect(far(BOTH.toReversed())).toBe('10.2.0.5/32');
  });

  test.each<[string, Partial<TransitAttachment>, Partial<TransitAttachment>, string]>([
    [
      'SG-19: the gateway passes none on',
      { gatewayGroupReferences: false },
      { gatewayGroupReferences: false },
      'it does not pass group references on',
    ],
    ['SG-19: the gateway is deleted', { gatewayState: 'deleted' }, {}, 'it is deleted'],
    [
      'our attachment passes none on',
      { groupReferences: false },
      {},
      'its attachment to vpc-1 does not pass group references on',
    ],
    [
      'their attachment passes none on',
      {},
      { groupReferences: false },
      'its attachment to vpc-2 does not pass group references on',
    ],
    ['our attachment is pending', { state: 'pending' }, {}, 'its attachment to vpc-1 is pending'],
    ['SG-19: theirs is deleted', {}, { state: 'deleted' }, 'its attachment to vpc-2 is deleted'],
    [
      'everything at once',
      { gatewayGroupReferences: false, state: 'modifying' },
      { groupReferences: false },
      'it does not pass group references on, its attachment to vpc-1 is modifying, ' +
        'its attachment to vpc-2 does not pass group references on',
    ],
  ])('is stale when %s', (_, ours, theirs, off) => {
    expect(far([attached('vpc-1', ours), attached('vpc-2', theirs)])).toBe(STALE + off + STALE_FIX);
  });

  test('is unresolved when no document tells of the gateway: by default it passes none on', () => {
    const alone = (vpcId: string): TransitAttachment => ({
      transitGatewayId: 'tgw-1',
      vpcId,
      state: 'available',
      groupReferences: true,
      place: '',
    });
    expect(far([alone('vpc-1'), alone('vpc-2')])).toBe(
      'warning[rule-unresolved] sg-web:1: no document tells whether transit gateway tgw-1 passes group references on, ' +
        'so the rule matches nothing; add the output of `aws ec2 describe-transit-gateways`',
    );
  });

  test('is for ingress rules only', () => {
    expect(far(BOTH, {}, 'out tcp/443 sg-far')).toBe(
      'warning[rule-egress-reference] sg-web:1: egress rules cannot name groups over transit gateway tgw-1, ' +
        'so the rule matches nothing; name a CIDR',
    );
  });

  test('never crosses two gateways', () => {
    const others = [attached('vpc-1'), attached('vpc-2', { transitGatewayId: 'tgw-2' })];
    expect(far(others)).toBe(NOT_PEERED);
    expect(far([attached('vpc-1')])).toBe(NOT_PEERED);
  });

  test('holds over any of several gateways, and over the successor of a deleted attachment', () => {
    const off = { groupReferences: false };
    const second = BOTH.map((one) => ({ ...one, transitGatewayId: 'tgw-2' }));
    expect(far([attached('vpc-1', off), attached('vpc-2', off), ...second])).toBe('10.2.0.5/32');
    const deleted = attached('vpc-2', { state: 'deleted' });
    expect(far([deleted, ...BOTH])).toBe('10.2.0.5/32');
    expect(far([...BOTH, deleted])).toBe('10.2.0.5/32');
  });

  test('takes the place of a deleted peering, and gives way to an active one in egress rules', () => {
    const vpcs = ['vpc-1', 'vpc-2'] as const;
    expect(far(BOTH, { peerings: [peering('pcx-1', 'deleted', vpcs)] })).toBe('10.2.0.5/32');
    const active = { peerings: [peering('pcx-1', 'active', vpcs)] };
    expect(far(BOTH, active, 'out tcp/443 sg-far')).toBe('10.2.0.5/32');
  });

  test.each(['gateway-load-balancer', 'network-firewall'] as const)(
    'SG-17: does not hold by way of a %s',
    (via) => {
      const [prefix] = prefixes('10.2.0.0/16');
      expect(far(BOTH, { paths: [{ prefix: prefix!, via, place: '' }] })).toBe('');
      const through = { prefix: prefix!, via: 'transit-gateway' as const, place: '' };
      expect(far(BOTH, { paths: [through] })).toBe('10.2.0.5/32');
    },
  );

  test('does not hold at an endpoint of PrivateLink, where other rules do', () => {
    const endpoint = eni('eni-vpce', ['10.1.0.9'], ['sg-web'], { type: 'vpc_endpoint' });
    const { groups, interfaces } = world(BOTH);
    const {
      sets,
      interfaces: found,
      warnings,
    } = resolvePolicy(
      world(BOTH, {
        groups: [group('sg-web', ['in tcp/443 sg-far', 'in tcp/80 10.0.0.0/8']), groups[1]!],
        interfaces: [...interfaces, endpoint],
      }),
    );
    const rulesAt = (position: number): readonly string[] =>
      sets[found[position]!.set!]!.ingress.map(({ rule }) => rule.id);
    expect(rulesAt(0)).toEqual(['sg-web:1', 'sg-web:2']);
    expect(rulesAt(2)).toEqual(['sg-web:2']);
    expect(warnings).toEqual([
      {
        severity: 'warning',
        code: 'endpoint-reference',
        place: 'eni-vpce',
        fact: 'eni-vpce is a PrivateLink endpoint: rules that name groups over a transit gateway match nothing there (1)',
        fix: 'name CIDRs in them',
      },
    ]);
  });
});
