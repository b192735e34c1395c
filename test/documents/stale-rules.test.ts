import { expect, test } from 'vitest';
import { renderDiagnostic } from '../../src/model/diagnostic.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { awsGroup, describeVpc, json, warningsOf } from './loading.js';

const pairs = (...ids: string[]): unknown =>
  ids.map((GroupId) => ({ GroupId, UserId: '111111111111', PeeringStatus: 'deleted' }));
const https = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };

const group = {
  ...awsGroup('sg-web', {
    ...https,
    IpRanges: [{ CidrIp: '192.0.2.0/24' }],
    UserIdGroupPairs: [{ GroupId: 'sg-gone' }, { GroupId: 'sg-web' }],
  }),
  IpPermissionsEgress: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-gone' }] }],
};

const stale = (more: Record<string, unknown>): unknown => ({
  StaleSecurityGroupSet: [{ GroupId: 'sg-web', GroupName: 'web', VpcId: 'vpc-1', ...more }],
});

test('SG-19: the rules that AWS lists as stale are marked and match nothing', () => {
  const files = [
    json('sg.json', group),
    json(
      'stale.json',
      stale({
        StaleIpPermissions: [
          // AWS writes these as plain strings.
          {
            ...https,
            IpRanges: ['192.0.2.0/24'],
            PrefixListIds: ['pl-1'],
            UserIdGroupPairs: pairs('sg-gone'),
          },
        ],
        StaleIpPermissionsEgress: [{ IpProtocol: '-1', UserIdGroupPairs: pairs('sg-gone') }],
      }),
    ),
  ];
  expect(warningsOf(files)).toEqual([]);
  const { rules, warnings } = resolvePolicy(describeVpc(...files));
  expect(rules.map(({ rule, problem }) => [rule.id, problem])).toEqual([
    ['sg-web:ingress:1', undefined],
    ['sg-web:ingress:2', 'stale'],
    ['sg-web:ingress:3', undefined],
    ['sg-web:egress:1', 'stale'],
  ]);
  expect(warnings.map(renderDiagnostic)[0]).toBe(
    'warning[rule-stale] sg.json: IpPermissions[0].UserIdGroupPairs[0]: AWS lists the reference to group sg-gone ' +
      'as stale, so the rule matches nothing; remove the rule, or fetch describe-stale-security-groups again',
  );
});

test('SG-19: a stale rule that its group does not have is told', () => {
  const files = [
    json('sg.json', { ...group, IpPermissionsEgress: [] }),
    json(
      'stale.json',
      stale({
        StaleIpPermissions: [
          { IpProtocol: 'udp', FromPort: 1, ToPort: 1, UserIdGroupPairs: pairs('sg-web') },
        ],
      }),
    ),
  ];
  expect(warningsOf(files).filter((line) => line.includes('stale'))).toEqual([
    'warning[rule-mismatch] stale.json: StaleSecurityGroupSet[0].StaleIpPermissions[0].UserIdGroupPairs[0]: ' +
      'sg-web has no such rule as is listed as stale; fetch both documents again; until then it is ignored',
  ]);
});
