import { expect, it } from 'vitest';
import { readEvents } from '../../src/documents/events.js';
import { loadVpc } from '../../src/documents/load.js';
import { applyEdit } from '../../src/edits/apply.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { formatRule } from '../../src/model/rule-text.js';

const VPC = `
vpc: vpc-1
cidrs: [10.0.0.0/16, 2001:db8::/56]
groups:
  sg-web:
    ingress: [tcp/22 from 10.0.0.0/8, { id: sgr-https, rule: tcp/443 from 0.0.0.0/0 }]
    egress: []
  sg-app: { ingress: [tcp/80 from sg-web], egress: [] }
  sg-idle: { ingress: [], egress: [] }
  sg-far: { vpc: vpc-2, ingress: [], egress: [] }
interfaces:
  eni-a: { addresses: [10.0.1.10, 10.0.1.11], groups: [sg-web], instance: i-a, deviceIndex: 0 }
  eni-b: { addresses: [10.0.1.20], groups: [sg-app], instance: i-a, deviceIndex: 1 }
prefix-lists: { pl-four: [192.0.2.0/24] }
peerings: { pcx-1: { between: [vpc-1, vpc-3], status: pending-acceptance } }
`;
const before = loadVpc([{ name: 'vpc.yaml', text: VPC }]).description;

/** Makes the edits of one event; the first refusal ends it. */
function make(edits: string): VpcDescription | string {
  const [event] = readEvents({ name: 'e.yaml', text: `- { at: +1s, ${edits} }` });
  let description = before;
  let rules = 0;
  for (const edit of event!.edits) {
    const applied = applyEdit(description, edit, () => `sgr-${++rules}`);
    if ('refusal' in applied) return applied.refusal.code;
    description = applied.description;
  }
  return description;
}

function made(edits: string): VpcDescription {
  const description = make(edits);
  if (typeof description === 'string') throw new Error(description);
  return description;
}

const rulesOf = ({ groups }: VpcDescription, id: string): string[] =>
  groups.find((group) => group.id === id)!.rules.map((rule) => `${rule.id} ${formatRule(rule)}`);
const eniOf = ({ interfaces }: VpcDescription, id: string) =>
  interfaces.find((eni) => eni.id === id)!;

it.each([
  [
    'PR-5: a rule that exists',
    'authorize: { sg-web: [tcp/22 from 10.0.0.0/8] }',
    'InvalidPermission.Duplicate',
  ],
  [
    'PR-4, PR-5: the same with host bits',
    'authorize: { sg-web: [tcp/22 from 10.1.2.3/8] }',
    'InvalidPermission.Duplicate',
  ],
  [
    'PR-5: twice in one call',
    'authorize: { sg-web: [tcp/25 from 10.0.0.0/8, tcp/25 from 10.0.0.0/8] }',
    'InvalidParameterValue',
  ],
  [
    'SG-13: a peer that does not exist',
    'authorize: { sg-web: [tcp/25 from sg-nobody] }',
    'InvalidGroup.NotFound',
  ],
  [
    'SG-13: a peer in a VPC without peering',
    'authorize: { sg-web: [tcp/25 from sg-far] }',
    'InvalidGroup.NotFound',
  ],
  [
    'SG-9: a list that does not exist',
    'authorize: { sg-web: [tcp/25 from pl-nobody] }',
    'InvalidPrefixListID.NotFound',
  ],
  [
    'SG-1: a group that does not exist',
    'authorize: { sg-nobody: [tcp/25 from any] }',
    'InvalidGroup.NotFound',
  ],
  [
    'PR-5: revoking a rule that is not there',
    'revoke: { sg-web: [tcp/23 from 10.0.0.0/8] }',
    'InvalidPermission.NotFound',
  ],
  [
    'PR-5: revoking an id that is not there',
    'revoke: { sg-web: [sgr-none] }',
    'InvalidSecurityGroupRuleId.NotFound',
  ],
  [
    'PR-6: a name that begins with sg-, in capitals',
    'create-group: { id: sg-n, name: SG-WEB, vpc: vpc-1 }',
    'InvalidParameterValue',
  ],
  [
    'SG-6, PR-6: the name default',
    'create-group: { id: sg-n, name: default, vpc: vpc-1 }',
    'InvalidGroup.Reserved',
  ],
  [
    'SG-2: deleting a group that an interface carries',
    'delete-group: sg-web',
    'DependencyViolation',
  ],
  [
    'NI-1: groups of an interface that does not exist',
    'set-groups: { eni-none: [sg-web] }',
    'InvalidNetworkInterfaceID.NotFound',
  ],
  [
    'NI-1: groups of an instance that does not exist',
    'set-groups: { i-none: [sg-web] }',
    'InvalidInstanceID.NotFound',
  ],
  [
    'SG-13: a peering that does not exist',
    'peering: { pcx-none: active }',
    'InvalidVpcPeeringConnectionID.NotFound',
  ],
])("%s is refused with AWS's code", (_, edits, code) => {
  expect(make(edits)).toBe(code);
});

it('SG-1: authorize adds rules at the end, all or none of them', () => {
  const after = made('authorize: { sg-web: [udp/53 from 10.0.0.0/8, tcp/80 from sg-app] }');
  expect(rulesOf(after, 'sg-web').slice(-2)).toEqual([
    'sgr-1 udp/53 from 10.0.0.0/8',
    'sgr-2 tcp/80 from sg-app',
  ]);
  expect(make('authorize: { sg-web: [udp/53 from 10.0.0.0/8, tcp/22 from 10.0.0.0/8] }')).toBe(
    'InvalidPermission.Duplicate',
  );
  expect(rulesOf(before, 'sg-web')).toHaveLength(2);
});

it('PR-5: revoke takes rules by content and by id', () => {
  const after = made('revoke: { sg-web: [tcp/22 from 10.0.0.0/8, sgr-https] }');
  expect(rulesOf(after, 'sg-web')).toEqual([]);
});

it('SG-5: a new group lets everything out, in both families of its VPC', () => {
  const after = made('create-group: { id: sg-n, name: new, vpc: vpc-1 }');
  expect(rulesOf(after, 'sg-n').map((text) => text.replace(/^\S+ /, ''))).toEqual([
    'all to 0.0.0.0/0',
    'all to ::/0',
  ]);
});

it("NI-1: an instance's groups are those of its primary interface", () => {
  const after = made('set-groups: { i-a: [sg-idle, sg-web] }');
  expect(eniOf(after, 'eni-a').groupIds).toEqual(['sg-idle', 'sg-web']);
  expect(eniOf(after, 'eni-b').groupIds).toEqual(['sg-app']);
});

it('NI-2: addresses are attached, moved and detached', () => {
  expect(eniOf(made('attach-address: { eni-b: 10.0.1.21 }'), 'eni-b').addresses).toHaveLength(2);
  const moved = made('move-address: { eni-b: 10.0.1.11 }');
  expect(eniOf(moved, 'eni-a').addresses).toHaveLength(1);
  expect(eniOf(moved, 'eni-b').addresses).toHaveLength(2);
  expect(eniOf(made('detach-address: { eni-a: 10.0.1.11 }'), 'eni-a').addresses).toHaveLength(1);
});

it('SG-9, SG-13: a list gets a new version, a peering another state', () => {
  const after = made('prefix-list: { pl-four: [198.51.100.0/24] }, peering: { pcx-1: active }');
  expect(after.prefixLists[0]!.entries).toEqual([{ family: 4, value: 0xc6336400n, length: 24 }]);
  expect(after.peerings[0]!.status).toBe('active');
});
