import { expect, test } from 'vitest';
import { formatAddress } from '../../src/model/address.js';
import type { Edit } from '../../src/model/edit.js';
import { describeVpc, eni, prefixes } from '../policy/describe-vpc.js';
import { address, apply, refusalOf } from './apply.js';

const WORLD = describeVpc({
  subnets: [{ id: 'subnet-a', vpcId: 'vpc-1', prefixes: prefixes('10.0.1.0/24'), place: '' }],
  interfaces: [
    eni('eni-a', ['10.0.1.10', '10.0.1.11', '2001:db8::10'], ['sg-a'], { subnetId: 'subnet-a' }),
    eni('eni-b', ['10.0.1.20'], ['sg-a'], {
      subnetId: 'subnet-a',
      delegated: prefixes('10.0.1.32/28'),
    }),
    eni('eni-far', ['10.0.1.11', '10.0.1.50'], ['sg-a'], { vpcId: 'vpc-2' }),
  ],
});

/** Addresses by interface after an edit. */
const after = (edit: Edit): readonly string[] =>
  apply(WORLD, edit).interfaces.map(({ addresses }) => addresses.map(formatAddress).join(' '));

const A = '10.0.1.10 10.0.1.11 2001:db8::10';
const FAR = '10.0.1.11 10.0.1.50';

test('NI-2: a new address comes after those of its family; NI-5: another VPC may have it', () => {
  expect(after(address('attach-address', 'eni-a', '10.0.1.50'))).toEqual([
    '10.0.1.10 10.0.1.11 10.0.1.50 2001:db8::10',
    '10.0.1.20',
    FAR,
  ]);
  expect(after(address('attach-address', 'eni-b', '2001:db8::20'))[1]).toBe(
    '10.0.1.20 2001:db8::20',
  );
});

test('an address is detached from, or moved between, interfaces of one VPC', () => {
  expect(after(address('detach-address', 'eni-a', '10.0.1.11'))).toEqual([
    '10.0.1.10 2001:db8::10',
    '10.0.1.20',
    FAR,
  ]);
  expect(after(address('move-address', 'eni-b', '10.0.1.11'))).toEqual([
    '10.0.1.10 2001:db8::10',
    '10.0.1.20 10.0.1.11',
    FAR,
  ]);
  expect(after(address('move-address', 'eni-b', '10.0.1.99'))).toEqual([
    A,
    '10.0.1.20 10.0.1.99',
    FAR,
  ]);
});

test.each<[string, Edit, RegExp]>([
  [
    'attach: held by another',
    address('attach-address', 'eni-b', '10.0.1.11'),
    /^InvalidIPAddress\.InUse: Address 10\.0\.1\.11 is in use\.$/,
  ],
  [
    'attach: in a delegated prefix (NI-2)',
    address('attach-address', 'eni-a', '10.0.1.40'),
    /^InvalidIPAddress\.InUse: /,
  ],
  [
    'attach: already there',
    address('attach-address', 'eni-a', '10.0.1.11'),
    /^InvalidParameterValue: .*already assigned to eni-a/,
  ],
  [
    'attach: outside the subnet',
    address('attach-address', 'eni-a', '10.0.2.1'),
    /^InvalidParameterValue: .*subnet's address range/,
  ],
  [
    'attach: no interface',
    address('attach-address', 'eni-no', '10.0.1.1'),
    /^InvalidNetworkInterfaceID\.NotFound: /,
  ],
  [
    'detach: not there',
    address('detach-address', 'eni-b', '10.0.1.11'),
    /^InvalidParameterValue: Some of \[10\.0\.1\.11\] are not assigned to interface eni-b$/,
  ],
  [
    'detach: the primary address',
    address('detach-address', 'eni-a', '10.0.1.10'),
    /^InvalidParameterValue: 10\.0\.1\.10 is the primary/,
  ],
  [
    'detach: no instance',
    address('detach-address', 'i-no', '10.0.1.1'),
    /^InvalidInstanceID\.NotFound: /,
  ],
  [
    'move: the primary address',
    address('move-address', 'eni-b', '10.0.1.10'),
    /^InvalidParameterValue: 10\.0\.1\.10 is the primary/,
  ],
  [
    'move: already there',
    address('move-address', 'eni-a', '10.0.1.11'),
    /^InvalidParameterValue: .*already assigned to eni-a/,
  ],
  [
    'move: in a delegated prefix',
    address('move-address', 'eni-a', '10.0.1.40'),
    /^InvalidIPAddress\.InUse: /,
  ],
  [
    'move: outside the subnet',
    address('move-address', 'eni-a', '10.0.2.1'),
    /^InvalidParameterValue: .*subnet's address range/,
  ],
  [
    'move: no interface',
    address('move-address', 'eni-no', '10.0.1.11'),
    /^InvalidNetworkInterfaceID\.NotFound: /,
  ],
])('refused: %s', (_, edit, refusal) => {
  expect(refusalOf(WORLD, edit)).toMatch(refusal);
});
