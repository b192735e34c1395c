import { expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import { endpoints } from '../../src/explain/endpoints.js';
import { parseAddress } from '../../src/model/address.js';

const VPC = `
vpc: vpc-1
cidrs: [10.0.0.0/16, 2001:db8::/56]
subnets: { subnet-a: [10.0.1.0/24] }
groups: { sg-a: {} }
interfaces:
  eni-node: { name: node, addresses: [10.0.1.20, 2001:db8::20], prefixes: [10.0.1.64/28, 2001:db8::1:0/112], groups: [sg-a], public: [203.0.113.5] }
  eni-pod: { addresses: [10.0.1.70], groups: [sg-a] }
`;
const { description } = loadVpc([{ name: 'vpc.yaml', text: VPC }]);
const endpointOf = endpoints(description);

it.each([
  ['10.0.1.20', 'node'],
  ['2001:db8::20', 'node'],
  ['10.0.1.65', 'node'],
  ['2001:db8::1:7', 'node'],
  ['10.0.1.70', 'eni-pod'],
  ['10.0.1.200', 'vpc'],
  ['10.0.9.1', 'vpc'],
  ['2001:db8:0:7::1', 'vpc'],
  ['10.1.0.1', 'private'],
  ['192.168.3.4', 'private'],
  ['100.64.0.9', 'private'],
  ['fd12::1', 'private'],
  ['203.0.113.5', 'internet'],
  ['2606:4700::1', 'internet'],
  ['169.254.169.254', 'special'],
  ['fd00:ec2::254', 'special'],
  ['224.0.0.251', 'special'],
  ['255.255.255.255', 'special'],
  ['ff02::fb', 'special'],
  ['fe80::1', 'special'],
])('%s is %s', (address, expected) => {
  const found = endpointOf(parseAddress(address)!);
  const told = found.kind === 'interface' ? (found.name ?? found.eni) : found.kind;
  expect(told).toBe(expected);
});
