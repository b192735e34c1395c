import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressWidth, prefixContains, type Address } from '../../src/model/address.js';
import { carries, hasPorts, LAST_PORT, NO_PORT } from '../../src/policy/carries.js';
import { coveredRules } from '../../src/policy/covered-rules.js';
import { resolvePolicy, type ResolvedRule } from '../../src/policy/resolve.js';
import { loadVpc } from '../../src/documents/load.js';
import { world } from '../differential/world.js';

const PROTOCOLS = [0, 1, 2, 6, 17, 47, 50, 58, 132, 255];

/** Addresses at both edges of every prefix, and those beside them: in between nothing changes. */
function edges(rules: readonly ResolvedRule[]): Address[] {
  const found = new Map<string, Address>();
  for (const { prefixes } of rules) {
    for (const { family, value, length } of prefixes) {
      const size = 1n << BigInt(addressWidth(family) - length);
      for (const at of [value, value + size]) {
        if (at >> BigInt(addressWidth(family)) === 0n)
          found.set(`${family} ${at}`, { family, value: at });
      }
    }
  }
  return [...found.values()];
}

/** Ports between which no rule of the protocol changes, and none. */
function ports(rules: readonly ResolvedRule[], family: 4 | 6, protocol: number): number[] {
  if (!hasPorts(family, protocol)) return [NO_PORT];
  const found = new Set([0, NO_PORT]);
  for (const {
    rule: { traffic },
  } of rules) {
    if (traffic.kind === 'ports') found.add(traffic.from).add(traffic.to + 1);
    if (traffic.kind !== 'icmp') continue;
    const { type, code } = traffic;
    const first = (Math.max(0, type) << 8) | Math.max(0, code);
    found
      .add(first)
      .add(first + 1)
      .add((Math.max(0, type) + 1) << 8);
  }
  return [...found].filter((port) => port <= LAST_PORT);
}

const passes = (
  { rule, prefixes }: ResolvedRule,
  remote: Address,
  protocol: number,
  port: number,
): boolean =>
  prefixes.some((prefix) => prefixContains(prefix, remote)) &&
  carries(rule.traffic, { family: remote.family, protocol, port });

/** Asks about one header after the other. */
function isCovered(rule: ResolvedRule, others: readonly ResolvedRule[]): boolean {
  const all = [rule, ...others];
  return edges(all).every((remote) =>
    PROTOCOLS.every((protocol) =>
      ports(all, remote.family, protocol).every(
        (port) =>
          !passes(rule, remote, protocol, port) ||
          others.some((other) => passes(other, remote, protocol, port)),
      ),
    ),
  );
}

describe('rules that others cover', () => {
  it('are those without which no header is let in less', () => {
    let found = 0;
    fc.assert(
      fc.property(world, (description) => {
        const policy = resolvePolicy(description);
        const expected = policy.rules
          .filter((rule) => rule.prefixes.length > 0)
          .filter((rule) => {
            const sides = policy.sets
              .map((set) => set[rule.rule.direction])
              .filter((side) => side.includes(rule));
            return (
              sides.length > 0 &&
              sides.every((side) =>
                isCovered(
                  rule,
                  side.filter((other) => other !== rule),
                ),
              )
            );
          })
          .map(({ index }) => index);
        const covered = coveredRules(policy);
        expect([...covered.keys()].sort((a, b) => a - b)).toEqual(expected);
        for (const [number, by] of covered) {
          const rule = policy.rules[number]!;
          expect(
            isCovered(
              rule,
              by.map((each) => policy.rules[each]!),
            ),
          ).toBe(true);
          found += 1;
        }
      }),
      { numRuns: 300 },
    );
    expect(found).toBeGreaterThan(100);
  });

  it('may be covered by several together', () => {
    const { description } = loadVpc([
      {
        name: 'vpc.yaml',
        text: `
groups:
  sg-a:
    ingress: [tcp/80-90 from 10.0.0.0/24, tcp/80-85 from 10.0.0.0/23, tcp/86-100 from 10.0.0.0/25, all from 10.0.0.128/25, tcp from 10.9.0.0/16, tcp/0-9 from 10.9.0.0/16, tcp/10-65535 from 10.9.0.0/16]
    egress: []
interfaces:
  eni-a: { addresses: [10.0.1.1], groups: [sg-a] }
`,
      },
    ]);
    // The two halves of tcp do not let later fragments pass, the whole does.
    expect([...coveredRules(resolvePolicy(description))]).toEqual([
      [0, [1, 2, 3]],
      [5, [4]],
      [6, [4]],
    ]);
  });
});
