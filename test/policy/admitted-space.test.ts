import { expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import { admittedSpace } from '../../src/policy/admitted-space.js';
import { resolvePolicy } from '../../src/policy/resolve.js';

const spaceOf = (...ingress: readonly string[]) => {
  const rules = ingress.map((rule) => JSON.stringify(rule)).join(', ');
  const text = `
groups: { sg-a: { ingress: [${rules}], egress: [] } }
interfaces:
  eni-a: { addresses: [10.0.1.1, 2001:db8::1], groups: [sg-a] }
  eni-b: { addresses: [10.0.1.2], groups: [sg-a] }
`;
  return admittedSpace(resolvePolicy(loadVpc([{ name: 'vpc.yaml', text }]).description));
};

// Two interfaces carry the group: everything counts twice.
it.each([
  [['tcp/80 from 10.0.0.0/24'], 256n, 0n],
  [['tcp/80-81 from 10.0.0.0/24', 'tcp/81-82 from 10.0.0.128/25'], 256n * 2n + 128n, 0n],
  [['tcp/80 from sg-a'], 2n, 1n],
  [['icmp/8 from 10.0.0.1', 'icmp/8/0 from 10.0.0.1', 'icmp/0/0 from 10.0.0.1'], 257n, 0n],
  [['icmp from 10.0.0.1', 'icmpv6 from 10.0.0.1', '50 from 10.0.0.1'], 65_537n, 0n],
  [['all from 10.0.0.1', 'tcp from 10.0.0.0/31'], 65_536n * 3n + 253n + 65_536n, 0n],
  [['all from 2001:db8::/127'], 0n, 2n * (65_536n * 3n + 253n)],
])('%j: openings of one interface', (rules, four, six) => {
  expect(spaceOf(...rules)).toEqual({ 4: 2n * four, 6: 2n * six });
});
