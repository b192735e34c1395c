import { expect, test } from 'vitest';
import { formatPrefix } from '../../src/model/address.js';
import type { Edit } from '../../src/model/edit.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { describeVpc, eni, group, peering, prefixes } from '../policy/describe-vpc.js';
import { apply, refusalOf } from './apply.js';

const list = { name: 'a', place: '' };
const WORLD = describeVpc({
  groups: [
    group('sg-a', ['in all pl-a']),
    group('sg-b', ['in all sg-far'], { peer: { peeringId: 'pcx-1', peeringStatus: 'active' } }),
    group('sg-far', [], { vpcId: 'vpc-2' }),
  ],
  interfaces: [eni('eni-far', ['10.2.0.1'], ['sg-far'], { vpcId: 'vpc-2' })],
  prefixLists: [
    { id: 'pl-a', entries: prefixes('10.0.0.0/8'), maxEntries: 2, ...list },
    { id: 'pl-later', ...list },
  ],
  peerings: [peering('pcx-1', 'active', ['vpc-1', 'vpc-2'])],
});

const setList = (prefixListId: string, ...texts: string[]): Edit => ({
  kind: 'set-prefix-list',
  prefixListId,
  entries: prefixes(...texts),
});
const setPeering = (peeringId: string, status: string): Edit => ({
  kind: 'set-peering',
  peeringId,
  status,
});

/** What the rule of a group matches after some edits. */
const matches = (groupId: string, ...edits: Edit[]): readonly string[] =>
  resolvePolicy(edits.reduce(apply, WORLD))
    .rules.filter(({ rule }) => rule.groupId === groupId)
    .flatMap(({ prefixes: found }) => found.map(formatPrefix));

test('SG-9: a new version of a prefix list reaches its rules', () => {
  expect(matches('sg-a')).toEqual(['10.0.0.0/8']);
  expect(matches('sg-a', setList('pl-a', '192.0.2.0/24', '198.51.100.0/24'))).toEqual([
    '192.0.2.0/24',
    '198.51.100.0/24',
  ]);
  expect(matches('sg-a', setList('pl-a'))).toEqual([]);
  expect(refusalOf(WORLD, setList('pl-later', '2001:db8::/32'))).toBe('applied');
});

test('SG-19: rules follow the status of their peering, there and back', () => {
  expect(matches('sg-b')).toEqual(['10.2.0.1/32']);
  expect(matches('sg-b', setPeering('pcx-1', 'deleted'))).toEqual([]);
  expect(matches('sg-b', setPeering('pcx-1', 'failed'), setPeering('pcx-1', 'active'))).toEqual([
    '10.2.0.1/32',
  ]);
});

test('SG-19: the status that a rule tells of its peering is renewed with it', () => {
  const told = (...edits: Edit[]): unknown => edits.reduce(apply, WORLD).groups[1]?.rules[0]?.peer;
  expect(told(setPeering('pcx-1', 'deleted'))).toMatchObject({ peeringStatus: 'deleted' });
  expect(told(setPeering('pcx-1', 'deleted'), setPeering('pcx-1', 'active'))).toMatchObject({
    peeringStatus: 'active',
  });
});

test('SG-19: what AWS listed as stale is judged anew when its peering changes', () => {
  const stale = {
    ...WORLD,
    groups: [
      group('sg-b', ['in all sg-far'], { peer: { peeringId: 'pcx-1', stale: true } }),
      ...WORLD.groups.slice(2),
    ],
  };
  const found = (...edits: Edit[]): unknown =>
    resolvePolicy(edits.reduce(apply, stale)).rules.map(({ prefixes: all }) => all.length);
  expect(found()).toEqual([0]);
  expect(found(setPeering('pcx-1', 'active'))).toEqual([1]);
});

test.each<[string, Edit, RegExp]>([
  [
    'unknown list',
    setList('pl-no'),
    /^InvalidPrefixListID\.NotFound: The prefix list ID 'pl-no' does not exist$/,
  ],
  ['SG-9: the other family', setList('pl-a', '2001:db8::/32'), /^InvalidParameterValue: .*family/],
  [
    'SG-9: both families',
    setList('pl-later', '10.0.0.0/8', '::/0'),
    /^InvalidParameterValue: .*family/,
  ],
  ['an entry twice', setList('pl-a', '10.0.0.0/8', '10.0.0.0/8'), /^InvalidParameterValue: /],
  [
    'PR-8: more than MaxEntries',
    setList('pl-a', '10.0.0.0/8', '11.0.0.0/8', '12.0.0.0/8'),
    /^PrefixListMaxEntriesExceeded: /,
  ],
  [
    'unknown peering',
    setPeering('pcx-no', 'active'),
    /^InvalidVpcPeeringConnectionID\.NotFound: The vpcPeeringConnection ID 'pcx-no' does not exist$/,
  ],
  ['unknown status', setPeering('pcx-1', 'up'), /^InvalidParameterValue: /],
])('refused: %s', (_, edit, refusal) => {
  expect(refusalOf(WORLD, edit)).toMatch(refusal);
});
