import { describe, expect, test } from 'vitest';
import { identifyPeer } from '../../src/explain/peer-identity.js';
import { parseAddress } from '../../src/model/address.js';
import { describeVpc, eni, prefixes } from '../policy/describe-vpc.js';

const address = (text: string) => parseAddress(text)!;

const VPC = describeVpc({
  vpcs: [{ id: 'vpc-1', prefixes: prefixes('10.0.0.0/16', '2001:db8::/56'), place: '' }],
  subnets: [{ id: 'subnet-1', vpcId: 'vpc-1', prefixes: prefixes('10.0.1.0/24'), place: '' }],
  interfaces: [
    eni('eni-node', ['10.0.1.30'], ['sg-b', 'sg-a'], { delegated: prefixes('10.0.1.48/28') }),
    eni('eni-app', ['10.0.1.25', '10.0.1.50', '2001:db8::25'], ['sg-app'], {
      name: 'app-1',
      publicAddresses: [address('198.51.100.10')],
    }),
    eni('eni-nat', ['10.0.1.9'], [], { type: 'natGateway' }),
  ],
  prefixLists: [
    { id: 'pl-0', name: 'unloaded', place: '' },
    { id: 'pl-1', name: 'offices', entries: prefixes('203.0.113.0/24'), place: '' },
  ],
});

const textOf = (text: string): string => {
  const { address: told, kind, text: what } = identifyPeer(VPC, address(text));
  return `${told} ${kind}: ${what}`;
};

describe('what stands behind an address', () => {
  test.each([
    ['NI-2: its own address', '10.0.1.25 interface: eni-app (app-1) in sg-app'],
    ['NI-2: IPv6', '2001:db8::25 interface: eni-app (app-1) in sg-app'],
    ['NI-2: in a delegated prefix', '10.0.1.49 interface: eni-node in sg-b, sg-a'],
    ['an exact address beats a prefix', '10.0.1.50 interface: eni-app (app-1) in sg-app'],
    ['SG-7', '10.0.1.9 interface: eni-nat, a natGateway interface without groups'],
    ['SG-18', '198.51.100.10 public-address: the public address of eni-app (app-1) in sg-app'],
    [
      'a subnet',
      '10.0.1.77 subnet: an address of subnet-1 (10.0.1.0/24) that no loaded interface has',
    ],
    ['a VPC', '10.0.2.1 vpc: an address of vpc-1 (10.0.0.0/16) in no loaded subnet'],
    ['SG-9', '203.0.113.7 prefix-list: an address in prefix list pl-1 (offices)'],
    ['nothing that is loaded', '192.0.2.1 outside: an address outside the loaded VPCs'],
  ])('%s', (_, answer) => {
    expect(textOf(answer.split(' ')[0]!)).toBe(answer);
  });

  test('the interface is named for those who read JSON', () => {
    expect(identifyPeer(VPC, address('198.51.100.10'))).toMatchObject({
      eni: 'eni-app',
      name: 'app-1',
      groupIds: ['sg-app'],
    });
  });
});
