import { describe, expect, it } from 'vitest';
import { fixedTimeline } from '../../src/explain/fixed-timeline.js';
import type { FixEdit } from '../../src/model/explanation.js';
import { formatRule } from '../../src/model/rule-text.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { type Timeline, resolveTimeline } from '../../src/policy/timeline.js';
import { describeVpc, eni, group } from '../policy/describe-vpc.js';

const ADD: FixEdit = {
  ...{ kind: 'authorize', groupId: 'sg-web', direction: 'ingress' },
  rules: [
    {
      traffic: { kind: 'ports', protocol: 6, from: 443, to: 443 },
      peer: { kind: 'group', groupId: 'sg-web' },
    },
  ],
};

const vpc = (...rules: string[]): VpcDescription =>
  describeVpc({
    groups: [group('sg-web', rules)],
    interfaces: [
      eni('eni-web', ['10.0.1.20'], ['sg-web']),
      eni('eni-far', ['10.9.1.20'], ['sg-web'], { vpcId: 'vpc-2' }),
    ],
  });
const moment = (fromNs: bigint, description: VpcDescription) => ({ fromNs, text: '', description });

/** Of each phase, its rules by their numbers. */
const numbered = ({ phases }: Timeline): string[][] =>
  phases.map(({ policy }) =>
    policy.rules.map(({ index, rule }) => `${index} ${rule.id} ${formatRule(rule)}`),
  );

describe('a timeline with edits from its beginning', () => {
  it('each phase gets what it does not refuse; rules keep their numbers', () => {
    const timeline = resolveTimeline(vpc('in tcp/22 10.0.0.0/8'), [
      moment(1n, vpc('in tcp/22 10.0.0.0/8', 'in tcp/443 sg-web')),
      moment(2n, describeVpc({ interfaces: [eni('eni-web', ['10.0.1.20'], ['sg-web'])] })),
    ]);
    const fixed = fixedTimeline(timeline, [ADD]);
    expect(numbered(fixed)).toEqual([
      ['0 sg-web:1 tcp/22 from 10.0.0.0/8', '2 sgr-fix-1 tcp/443 from sg-web'],
      // The rule is there already, and then its group is not.
      ['0 sg-web:1 tcp/22 from 10.0.0.0/8', '1 sg-web:2 tcp/443 from sg-web'],
      [],
    ]);
    expect(fixed.rules.map(({ id }) => id)).toEqual(['sg-web:1', 'sg-web:2', 'sgr-fix-1']);
    expect(fixed.phases[2]).toBe(timeline.phases[2]);
    expect(numbered(timeline)[0]).toHaveLength(1);
  });

  it('a new rule has an id of its own, the same in all phases', () => {
    const taken = vpc('in tcp/22 10.0.0.0/8');
    const [web] = taken.groups;
    const rules = web!.rules.map((rule) => ({ ...rule, id: 'sgr-fix-1' }));
    const first = { ...taken, groups: [{ ...web!, rules }] };
    const fixed = fixedTimeline(resolveTimeline(first, [moment(1n, vpc())]), [ADD]);
    expect(numbered(fixed).map((phase) => phase.at(-1))).toEqual([
      '1 sgr-fix-2 tcp/443 from sg-web',
      '1 sgr-fix-2 tcp/443 from sg-web',
    ]);
  });

  it('interfaces that a policy leaves out stay out (NI-5); settings reach those that it has', () => {
    const { phases, rules } = resolveTimeline(vpc());
    const [phase] = phases;
    const near = phase!.policy.interfaces.filter(({ eni: it }) => it.vpcId === 'vpc-1');
    const timeline = {
      rules,
      phases: [{ ...phase!, policy: { ...phase!.policy, interfaces: near } }],
    };
    const off: FixEdit = { kind: 'source-dest-check-off', eni: 'eni-web' };
    const idle: FixEdit = { kind: 'idle-limit', eni: 'eni-web', limit: 'udp', seconds: 45 };
    const [fixed] = fixedTimeline(timeline, [ADD, off, idle]).phases;
    expect(fixed!.policy.interfaces.map((it) => [it.eni.id, it.eni.sourceDestCheck])).toEqual([
      ['eni-web', false],
    ]);
    expect(fixed!.policy.interfaces[0]!.idleSeconds.udp).toBe(45);
    expect(fixed!.policy.sets[0]!.ingress).toHaveLength(1);
  });
});
