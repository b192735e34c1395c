// What differs between two VPCs besides the rules, and what only seems to.
import { expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { vpcChanges } from '../../src/policy/vpc-changes.js';
import { changeMark, changeSubject, changeText } from '../../src/report/change-text.js';

const VPC = `
vpc: vpc-1
cidrs: [10.0.0.0/16, 2001:db8::/56]
subnets: { subnet-a: [10.0.1.0/24] }
groups:
  sg-web: { ingress: [tcp/80 from any, tcp/22 from pl-office], egress: [] }
  sg-db: { ingress: [tcp/5432 from sg-web, tcp/5432 from sg-far], egress: [] }
  sg-far: { vpc: vpc-2, ingress: [], egress: [] }
interfaces:
  eni-web: { addresses: [10.0.1.20, 10.0.1.21], groups: [sg-web, sg-db], subnet: subnet-a, name: web }
  eni-db: { addresses: [10.0.1.30], groups: [sg-db], subnet: subnet-a }
  eni-far: { vpc: vpc-2, addresses: [10.9.0.9], groups: [sg-far] }
prefix-lists: { pl-office: [198.51.100.0/25, 203.0.113.0/24] }
peerings: { pcx-1: { between: [vpc-1, vpc-2], status: active } }
transit-gateways: { tgw-1: { groupReferences: true, vpcs: [vpc-1, vpc-3] } }
paths: [{ to: 192.0.2.0/24, via: nat-gateway }]
`;

function told(after: string): string[] {
  const [one, other] = [VPC, after].map((text) => {
    const { description } = loadVpc([{ name: 'vpc.yaml', text }]);
    return { description, policy: resolvePolicy(description) };
  });
  return vpcChanges(one!, other!).map((change) =>
    `${changeMark(change)} ${changeSubject(change)}: ${changeText(change)}`.trim(),
  );
}

it.each<[string, string, string]>([
  ['groups in another order', 'groups: [sg-web, sg-db]', 'groups: [sg-db, sg-web]'],
  ['addresses in another order', '[10.0.1.20, 10.0.1.21]', '[10.0.1.21, 10.0.1.20]'],
  ['a name', 'name: web', 'name: www'],
  [
    'blocks of a prefix list in parts',
    '[198.51.100.0/25, 203.0.113.0/24]',
    '[203.0.113.128/25, 203.0.113.0/25, 198.51.100.0/26, 198.51.100.64/26, 203.0.113.9/32]',
  ],
  ['a peering the other way round', '[vpc-1, vpc-2]', '[vpc-2, vpc-1]'],
  [
    'the limits that are the default',
    'name: web',
    'name: web, idleSeconds: { tcpEstablished: 432000 }',
  ],
])('%s are no change', (_, from, to) => {
  expect(VPC).toContain(from);
  expect(told(VPC.replace(from, to))).toEqual([]);
});

it.each<[from: string, to: string, changes: string[]]>([
  [
    'groups: [sg-web, sg-db]',
    'groups: [sg-web]',
    ['~ eni-web (web) groups: sg-db, sg-web -> sg-web'],
  ],
  [
    '[10.0.1.20, 10.0.1.21]',
    '[10.0.1.20]',
    ['~ eni-web (web) addresses: 10.0.1.20, 10.0.1.21 -> 10.0.1.20'],
  ],
  [
    'name: web',
    'name: web, sourceDestCheck: false',
    ['~ eni-web (web) source/destination check: on -> off'],
  ],
  [
    'name: web',
    'name: web, idleSeconds: { udp: 60 }',
    [
      '~ eni-web (web) idle limits: tcp 432000 s, udp 30 s, udp stream 180 s -> tcp 432000 s, udp 60 s, udp stream 180 s',
    ],
  ],
  ['name: web', 'name: web, type: natGateway', ['~ eni-web (web) type: interface -> natGateway']],
  [
    '[10.0.1.0/24]',
    '[10.0.1.0/25]',
    [
      '~ eni-web (web) subnet: 10.0.1.0/24 -> 10.0.1.0/25',
      '~ eni-db subnet: 10.0.1.0/24 -> 10.0.1.0/25',
    ],
  ],
  [
    '  eni-db: { addresses: [10.0.1.30], groups: [sg-db], subnet: subnet-a }\n',
    '',
    ['- interface eni-db:'],
  ],
  [
    '203.0.113.0/24]',
    '203.0.113.0/25]',
    ['~ prefix list pl-office: 198.51.100.0/25, 203.0.113.0/24 -> 198.51.100.0/25, 203.0.113.0/25'],
  ],
  [
    'status: active',
    'status: deleted',
    [
      '~ references sg-db ingress sg-far: reached -> stale',
      '~ peering pcx-1: active, vpc-1 and vpc-2 -> deleted, vpc-1 and vpc-2',
    ],
  ],
  [
    'vpcs: [vpc-1, vpc-3]',
    'vpcs: [vpc-1]',
    [
      '- attachment of tgw-1 to vpc-3: available, group references on, at the gateway on, gateway available',
    ],
  ],
  ['via: nat-gateway', 'via: appliance', ['~ path to 192.0.2.0/24: nat-gateway -> appliance']],
  [
    '  sg-far:',
    '  sg-new: { ingress: [tcp/443 from any], egress: [] }\n  sg-far:',
    [
      '+ sg-new ingress: tcp/443 from 0.0.0.0/0',
      '+ sg-new ingress: tcp/443 from ::/0',
      '+ group sg-new:',
    ],
  ],
])('%s instead of %s is one', (from, to, changes) => {
  expect(VPC).toContain(from);
  expect(told(VPC.replace(from, to))).toEqual(changes);
});
