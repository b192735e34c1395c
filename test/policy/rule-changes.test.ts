// What two lists of rules admit differently: nothing for another way to say the same, and a packet for everything else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Prefix, parsePrefix } from '../../src/model/address.js';
import { formatRule } from '../../src/model/rule-text.js';
import type { Peer, Rule, Traffic } from '../../src/model/security-group.js';
import { type ChangedRules, changedRules } from '../../src/policy/rule-changes.js';
import type { Box } from '../../src/policy/rule-space.js';
import { group } from './describe-vpc.js';
import { rewritten } from './rewritten.js';
import { admitted, pointsOf, ruleList } from './small-space.js';

let next = 0;
const rule = (traffic: Traffic, peer: Peer, id = `sg-a:ingress:${++next}`): Rule => ({
  ...{ id, groupId: 'sg-a', direction: 'ingress', traffic, peer, place: '' },
});
const prefix = (text: string): Prefix => parsePrefix(text)!.prefix;

/** Rules such as `tcp/80 from sg-b`. */
const rules = (...texts: string[]): Rule[] => [
  ...group(
    'sg-a',
    texts.map((text) => `in ${text.replace(' from ', ' ').replace(/^(tcp|udp) /, '$1/0-65535 ')}`),
  ).rules,
];

function told(before: readonly Rule[], after: readonly Rule[]): string[] {
  return changedRules(before, after).map(({ before: one, after: other, lost, gained }) => {
    const side = (list: readonly Rule[]): string => list.map(formatRule).join(', ');
    const does = `${lost.length > 0 ? '-' : ''}${gained.length > 0 ? '+' : ''}`;
    return `${does} ${side(one)} -> ${side(other)}`.trim();
  });
}

describe('is no change', () => {
  it.each([
    [
      'order',
      ['tcp/80 from 0.0.0.0/0', 'udp/53 from 10.0.0.0/8'],
      ['udp/53 from 10.0.0.0/8', 'tcp/80 from 0.0.0.0/0'],
    ],
    [
      'ports in parts',
      ['tcp/80-90 from 10.0.0.0/8'],
      ['tcp/80-84 from 10.0.0.0/8', 'tcp/85-90 from 10.0.0.0/8'],
    ],
    ['overlapping ports', ['tcp/80-90 from sg-b'], ['tcp/80-88 from sg-b', 'tcp/84-90 from sg-b']],
    [
      'halves of a block',
      ['tcp/22 from 10.0.0.0/8'],
      ['tcp/22 from 10.0.0.0/9', 'tcp/22 from 10.128.0.0/9'],
    ],
    [
      'a rule inside of another',
      ['tcp/22 from 10.0.0.0/8'],
      ['tcp/22 from 10.0.0.0/8', 'tcp/22 from 10.1.0.0/16'],
    ],
    [
      'what all traffic covers',
      ['all from sg-b'],
      ['tcp/443 from sg-b', 'all from sg-b', 'icmp/8/-1 from sg-b'],
    ],
    [
      'types of icmp in parts',
      ['icmp/8/-1 from sg-b'],
      ['icmp/8/-1 from sg-b', 'icmp/8/0 from sg-b'],
    ],
  ])('%s', (_, one, other) => {
    expect(told(rules(...one), rules(...other))).toEqual([]);
    expect(told(rules(...other), rules(...one))).toEqual([]);
  });
});

describe('is a change', () => {
  it.each([
    [
      'gone',
      ['tcp/80 from sg-b', 'tcp/22 from pl-a'],
      ['tcp/80 from sg-b'],
      ['- tcp/22 from pl-a ->'],
    ],
    ['new', [], ['tcp/22 from pl-a'], ['+  -> tcp/22 from pl-a']],
    [
      'narrower',
      ['tcp/0-100 from sg-b'],
      ['tcp/0-50 from sg-b', 'tcp/52-100 from sg-b'],
      ['- tcp/0-100 from sg-b -> tcp/0-50 from sg-b, tcp/52-100 from sg-b'],
    ],
    [
      'narrower block',
      ['tcp/22 from 10.0.0.0/8'],
      ['tcp/22 from 10.1.0.0/16'],
      ['- tcp/22 from 10.0.0.0/8 -> tcp/22 from 10.1.0.0/16'],
    ],
    [
      'wider',
      ['tcp/80 from sg-b'],
      ['tcp/80-81 from sg-b'],
      ['+ tcp/80 from sg-b -> tcp/80-81 from sg-b'],
    ],
    [
      'another peer',
      ['tcp/22 from 10.0.0.0/8'],
      ['tcp/22 from 192.168.0.0/16'],
      ['-+ tcp/22 from 10.0.0.0/8 -> tcp/22 from 192.168.0.0/16'],
    ],
    [
      'another port',
      ['tcp/5432 from sg-b'],
      ['tcp/5433 from sg-b'],
      ['-+ tcp/5432 from sg-b -> tcp/5433 from sg-b'],
    ],
    [
      'nothing in common',
      ['tcp/22 from pl-a'],
      ['udp/53 from sg-b'],
      ['- tcp/22 from pl-a ->', '+  -> udp/53 from sg-b'],
    ],
    [
      'all traffic for one protocol',
      ['all from sg-b'],
      ['tcp from sg-b'],
      ['- all from sg-b -> tcp from sg-b'],
    ],
    // CT-4 asks for the block itself, and for all ports in one rule.
    [
      'halves of everything',
      ['tcp/80 from 0.0.0.0/0'],
      ['tcp/80 from 0.0.0.0/1', 'tcp/80 from 128.0.0.0/1'],
      ['- tcp/80 from 0.0.0.0/0 -> tcp/80 from 0.0.0.0/1, tcp/80 from 128.0.0.0/1'],
    ],
    [
      'all ports in parts',
      ['udp from 0.0.0.0/0'],
      ['udp/0-999 from 0.0.0.0/0', 'udp/1000-65535 from 0.0.0.0/0'],
      ['- udp from 0.0.0.0/0 -> udp/0-999 from 0.0.0.0/0, udp/1000-65535 from 0.0.0.0/0'],
    ],
  ])('%s', (_, one, other, changes) => {
    expect(told(rules(...one), rules(...other))).toEqual(changes);
  });

  it('of a rule with the same id', () => {
    const traffic: Traffic = { kind: 'ports', protocol: 6, from: 22, to: 22 };
    const one = rule(traffic, { kind: 'group', groupId: 'sg-b' }, 'sgr-1');
    const other = rule({ kind: 'all' }, { kind: 'cidr', prefix: prefix('10.0.0.0/8') }, 'sgr-1');
    expect(changedRules([one], [other])).toHaveLength(1);
  });
});

const without = (one: ReadonlySet<string>, other: ReadonlySet<string>): Set<string> =>
  new Set([...one].filter((point) => !other.has(point)));

const sum = (changes: readonly ChangedRules[], side: 'lost' | 'gained'): Box[] =>
  changes.flatMap((change) => change[side]);

describe('of random rules', () => {
  it('tells just what is admitted on one side', () => {
    let differ = 0;
    fc.assert(
      fc.property(ruleList, ruleList, (before, after) => {
        const changes = changedRules(before, after);
        const [one, other] = [admitted(before), admitted(after)];
        expect(pointsOf(sum(changes, 'lost'))).toEqual(without(one, other));
        expect(pointsOf(sum(changes, 'gained'))).toEqual(without(other, one));
        if (changes.length > 0) differ++;
      }),
      { numRuns: 1000 },
    );
    expect(differ).toBeGreaterThan(700);
  });

  it('is the mirror of the other way round', () => {
    fc.assert(
      fc.property(ruleList, ruleList, (before, after) => {
        const forth = told(before, after).map((text) => text.replace(/^[-+]+ */, ''));
        const back = told(after, before).map((text) =>
          text
            .replace(/^[-+]+ */, '')
            .split('->')
            .map((side) => side.trim())
            .toReversed()
            .join(' -> ')
            .trim(),
        );
        expect(back.sort()).toEqual(forth.sort());
      }),
      { numRuns: 500 },
    );
  });

  it('is nothing when ports, blocks and order are cut and shuffled', () => {
    fc.assert(
      fc.property(ruleList, fc.infiniteStream(fc.nat(1000)), (before, chance) => {
        const after = rewritten(before, (most) => chance.next().value! % most);
        expect(told(before, after)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
