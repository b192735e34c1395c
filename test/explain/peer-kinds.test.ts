import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identifyPeer } from '../../src/explain/peer-identity.js';
import { peerKinds } from '../../src/explain/peer-kinds.js';
import { type Prefix, parseAddress, prefixContains, prefixOf } from '../../src/model/address.js';
import { describeVpc, eni, prefixes } from '../policy/describe-vpc.js';

const address = (text: string) => parseAddress(text)!;

const VPC = describeVpc({
  vpcs: [{ id: 'vpc-1', prefixes: prefixes('10.0.0.0/16', '2001:db8::/56'), place: '' }],
  subnets: [{ id: 'subnet-1', vpcId: 'vpc-1', prefixes: prefixes('10.0.1.0/24'), place: '' }],
  interfaces: [
    eni('eni-a', ['10.0.1.1'], ['sg-a', 'sg-b'], { delegated: prefixes('10.0.1.48/28') }),
    eni('eni-b', ['10.0.1.2', '2001:db8::2'], ['sg-a', 'sg-b', 'sg-a']),
    eni('eni-c', ['10.0.1.3'], ['sg-c'], { publicAddresses: [address('198.51.100.10')] }),
  ],
  prefixLists: [{ id: 'pl-1', name: 'offices', entries: prefixes('203.0.113.0/24'), place: '' }],
});

describe('addresses that may share a cause', () => {
  const kindOf = peerKinds(VPC);

  test.each([
    ['members of the same groups', '10.0.1.1', '10.0.1.2', true],
    ['IPv4 and IPv6 of one interface', '10.0.1.2', '2001:db8::2', true],
    ['NI-2: a delegated prefix', '10.0.1.1', '10.0.1.50', true],
    ['members of other groups', '10.0.1.1', '10.0.1.3', false],
    ['SG-18: a private and a public address', '10.0.1.3', '198.51.100.10', false],
    ['two in a subnet that nobody has', '10.0.1.100', '10.0.1.200', true],
    ['in a subnet and outside of all', '10.0.1.100', '10.0.7.1', false],
    ['in a VPC, IPv4 and IPv6', '10.0.7.1', '2001:db8::77', true],
    ['SG-9: in a prefix list and nowhere', '203.0.113.1', '192.0.2.1', false],
    ['nowhere', '192.0.2.1', '2001:db9::1', true],
  ])('%s: %s, %s: %s', (_, one, other, same) => {
    expect(kindOf(address(one)) === kindOf(address(other))).toBe(same);
    const told = [one, other].map((each) => identifyPeer(VPC, address(each)));
    if (same) expect(told[0]!.kind).toBe(told[1]!.kind);
    if (same) expect(new Set(told[0]!.groupIds)).toEqual(new Set(told[1]!.groupIds));
  });

  const near = fc.bigInt({ min: 0x0a00_0000n, max: 0x0a00_003fn });
  const block = fc
    .tuple(near, fc.integer({ min: 24, max: 32 }), fc.boolean())
    .map(([value, length, ipv6]): Prefix => {
      if (!ipv6) return prefixOf({ family: 4, value }, length);
      return prefixOf({ family: 6, value: value << 96n }, length);
    });
  const peer = fc
    .tuple(near, fc.boolean())
    .map(([value, ipv6]) =>
      ipv6 ? { family: 6 as const, value: value << 96n } : { family: 4 as const, value },
    );

  test('the first block around an address names its kind', () => {
    const worlds = fc.property(
      fc.array(block, { maxLength: 40 }),
      fc.array(peer, { maxLength: 20 }),
      (blocks, peers) => {
        const subnets = blocks.map((prefix, i) => ({
          ...{ id: `subnet-${i}`, vpcId: 'vpc-1', prefixes: [prefix], place: '' },
        }));
        const ask = peerKinds(describeVpc({ subnets }));
        for (const one of peers) {
          const around = blocks.findIndex((prefix) => prefixContains(prefix, one));
          expect(ask(one)).toBe(around < 0 ? 'outside' : `subnet-${around}`);
        }
      },
    );
    fc.assert(worlds);
  });
});
