import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/model/address.js';
import type { Packet, Transport } from '../../src/model/packet.js';
import { ICMP, ICMPV6, TCP, UDP } from '../../src/model/protocol.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { type RuleSet, resolvePolicy } from '../../src/policy/resolve.js';
import { createKernelJudge } from '../differential/judge-with-kernel.js';
import { matchingRules } from './brute-force.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { NO_PORT, type Probe } from './matcher.js';
import { crowdedVpc, randomProbe, randomVpc } from './random-policy.js';

/** Longer than any idle limit of what the packets open, so that each is judged by the rules alone. */
const STEP_NS = 700n * 1_000_000_000n;

const probes = fc.array(randomProbe.filter(isJudgedByRules), { minLength: 40, maxLength: 40 });

describe('the reported rule', () => {
  it.each([
    { of: 'few rules', vpcs: randomVpc },
    { of: 'few rules, those of each group written once', vpcs: randomVpc, repeatedMax: 0 },
    { of: 'many rules for one prefix', vpcs: crowdedVpc },
    { of: 'many, those of each group written once', vpcs: crowdedVpc, repeatedMax: 0 },
  ])('SG-1: is the first in document order that matches, of $of', ({ vpcs, repeatedMax }) => {
    const judge = createKernelJudge(undefined, repeatedMax);
    let allowed = 0;
    fc.assert(
      fc.property(vpcs, probes, (vpc, list) => {
        const policy = resolvePolicy(vpc);
        const cases = policy.interfaces.flatMap((at) =>
          list.flatMap((probe) => {
            const local = at.eni.addresses.find(({ family }) => family === probe.remote.family);
            return local === undefined ? [] : [{ at, local, probe }];
          }),
        );
        const tracking = { ...DEFAULT_TRACKING, denied: 'forget' } as const;
        const packets = cases.map(({ local, probe }, i) => packetOf(probe, local, i));
        judge(resolveTimeline(vpc), tracking, packets).forEach((verdict, i) => {
          const { at, probe } = cases[i]!;
          const first = firstRule(policy.sets[at.set!]!, probe);
          const rule = first === undefined ? undefined : policy.rules[first]!.rule.id;
          expect({ probe, rule: verdict.at[0]?.rule, verdict: verdict.verdict }).toEqual({
            probe,
            rule,
            verdict: rule === undefined ? 'drop' : 'allow',
          });
          if (rule !== undefined) allowed++;
        });
      }),
      { numRuns: 100 },
    );
    expect(allowed).toBeGreaterThan(500);
  });
});

/** Rows have port 0 where protocols have none. */
function firstRule(set: RuleSet, probe: Probe): number | undefined {
  return matchingRules(set, hasPort(probe) ? probe : { ...probe, port: 0 })[0];
}

/** Leaves out what rules do not decide: multicast, service addresses, other interfaces, extension headers. */
function isJudgedByRules({ remote: { family, value }, protocol, port }: Probe): boolean {
  if (port === NO_PORT) return false;
  if (family === 6)
    return value >> 96n === 0x20010db8n && value >> 64n !== 0x20010db800000001n && protocol !== 0;
  const first = Number(value >> 24n);
  return first > 0 && first < 224 && first !== 10 && first !== 169 && value !== 0xc6336403n;
}

function hasPort({ remote, protocol }: Probe): boolean {
  return protocol === TCP || protocol === UDP || protocol === (remote.family === 4 ? ICMP : ICMPV6);
}

function packetOf(probe: Probe, local: Address, number: number): Packet {
  const ends =
    probe.direction === 'ingress'
      ? { source: probe.remote, destination: local }
      : { source: local, destination: probe.remote };
  const transport = hasPort(probe) ? transportOf(probe, number) : undefined;
  const { protocol } = probe;
  return {
    timeNs: BigInt(number + 1) * STEP_NS,
    length: 60,
    content: {
      kind: 'ip',
      ip: { ...ends, protocol, ...(transport !== undefined && { transport }) },
    },
  };
}

function transportOf({ protocol, port }: Probe, number: number): Transport {
  if (protocol === ICMP || protocol === ICMPV6) {
    return { kind: 'icmp', type: Math.floor(port / 256), code: port % 256, id: number };
  }
  const ports = { sourcePort: 40_000 + number, destinationPort: port };
  return protocol === TCP ? { kind: 'tcp', ...ports, flags: 0x02 } : { kind: 'udp', ...ports };
}
