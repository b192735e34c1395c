import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileImage } from '../../src/compile/rule-image.js';
import { compileKernel, instantiateKernel } from '../../src/engine/kernel-module.js';
import { allocate, bytesAt, createMemory } from '../../src/engine/memory.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { describeVpc, eni, group } from '../policy/describe-vpc.js';
import { parseAddress } from '../../src/model/address.js';
import { matchingRules } from './brute-force.js';
import { NO_PORT, type Probe, createImageLoader, matchInto } from './matcher.js';
import { crowdedVpc, randomProbe, randomVpc } from './random-policy.js';

const probes = fc.array(randomProbe, { minLength: 60, maxLength: 60 });
const load = createImageLoader(1 << 20, 1 << 10);

describe('the rule image finds the rules that a look at every rule finds', () => {
  it.each([
    { of: 'its own', vpcs: randomVpc },
    { of: 'groups written once', vpcs: randomVpc, repeatedMax: 0 },
    { of: 'many rules for one prefix', vpcs: crowdedVpc },
  ])('SG-1, SG-2, SG-8, PR-1..PR-3: all that match, in every set, of $of', (each) => {
    let matches = 0;
    fc.assert(
      fc.property(each.vpcs, probes, (vpc, list) => {
        const policy = resolvePolicy(vpc);
        const match = load(compileImage(policy, undefined, each.repeatedMax).bytes);
        for (const [number, set] of policy.sets.entries()) {
          for (const probe of list) {
            const found = match(number, probe);
            const wanted = matchingRules(set, probe);
            if (found.join() !== wanted.join()) {
              expect({ number, probe, found }).toEqual({ number, probe, found: wanted });
            }
            matches += found.length;
          }
        }
      }),
      { numRuns: 300 },
    );
    // Otherwise the pools have drifted apart and nothing was compared.
    expect(matches).toBeGreaterThan(4000);
  });

  it('SG-1: the order of the rules changes no set of matches', () => {
    const shuffled = randomVpc.chain((vpc) =>
      fc.record({
        vpc: fc.constant(vpc),
        groups: fc.tuple(
          ...vpc.groups.map((each) =>
            fc
              .shuffledSubarray([...each.rules], { minLength: each.rules.length })
              .map((rules) => ({ ...each, rules })),
          ),
        ),
      }),
    );
    fc.assert(
      fc.property(shuffled, probes, ({ vpc, groups }, list) => {
        const [before, after] = [vpc, { ...vpc, groups: [...groups].reverse() }].map((each) => {
          const policy = resolvePolicy(each);
          const match = load(compileImage(policy).bytes);
          return policy.sets.map((_, set) =>
            list.map((probe) =>
              match(set, probe)
                .map((index) => policy.rules[index]!.rule.id)
                .sort(),
            ),
          );
        });
        expect(after).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the size of an image', () => {
  /** Interfaces with a group each, and one that all carry and that lets its members in. */
  const sizeOf = (count: number): number => {
    const each = Array.from({ length: count }, (_, i) => i);
    const policy = resolvePolicy(
      describeVpc({
        groups: [
          group('sg-all', ['in all sg-all']),
          ...each.map((i) => group(`sg-${i}`, [`in tcp/${i} 198.51.100.0/24`])),
        ],
        interfaces: each.map((i) =>
          eni(`eni-${i}`, [`10.0.${i >> 8}.${i & 255}`], ['sg-all', `sg-${i}`]),
        ),
      }),
    );
    return compileImage(policy).bytes.length;
  };

  it('grows with interfaces and rules, not with interfaces x members', () => {
    expect(sizeOf(2000)).toBeLessThan(sizeOf(500) * 5);
  });

  it('is bounded where group sets share a large group', () => {
    const rules = Array.from(
      { length: 1000 },
      (_, i) => `in tcp/${i} 198.51.${i >> 8}.${i & 255}/32`,
    );
    const each = Array.from({ length: 500 }, (_, i) => i);
    const policy = resolvePolicy(
      describeVpc({
        groups: [
          group('sg-base', rules),
          ...each.map((i) => group(`sg-${i}`, ['in udp/53 10.0.0.0/8'])),
        ],
        interfaces: each.map((i) =>
          eni(`eni-${i}`, [`10.0.${i >> 8}.${i & 255}`], ['sg-base', `sg-${i}`]),
        ),
      }),
    );
    const [once, repeated] = [undefined, Infinity].map(
      (most) => compileImage(policy, undefined, most).bytes.length,
    );
    expect(once).toBeLessThan(repeated! / 10);
  });
});

describe('match', () => {
  const policy = resolvePolicy(
    describeVpc({
      groups: [
        group('sg-1', [
          ...['in tcp/80 0.0.0.0/0', 'in tcp/0-65535 198.51.100.0/24', 'in all 198.51.100.7/32'],
          ...['in tcp/79-81 198.51.100.0/25', 'in udp/80 0.0.0.0/0', 'out all 0.0.0.0/0'],
        ]),
      ],
      interfaces: [eni('eni-1', ['10.0.0.1'], ['sg-1'])],
    }),
  );
  const { bytes } = compileImage(policy);
  const probe: Probe = {
    direction: 'ingress',
    remote: parseAddress('198.51.100.7')!,
    protocol: 6,
    port: 80,
  };

  it('tells every rule by hand, over nested prefixes', () => {
    const match = load(bytes);
    expect(match(0, probe)).toEqual([0, 1, 2, 3]);
    expect(match(0, { ...probe, port: 82 })).toEqual([1, 2]);
    expect(match(0, { ...probe, remote: parseAddress('198.51.100.128')! })).toEqual([0, 1]);
    expect(match(0, { ...probe, remote: parseAddress('203.0.113.1')! })).toEqual([0]);
    expect(match(0, { ...probe, direction: 'egress' })).toEqual([5]);
    expect(match(0, { ...probe, protocol: 17 })).toEqual([2, 4]);
    expect(match(0, { ...probe, remote: parseAddress('2001:db8::7')! })).toEqual([]);
  });

  it('tells the rules of more nested prefixes than a cover has room for', () => {
    const lengths = Array.from({ length: 33 }, (_, length) => length);
    const rules = lengths.map((length) => `in tcp/80 198.51.100.7/${32 - length}`);
    const nested = resolvePolicy(
      describeVpc({
        groups: [group('sg-1', rules)],
        interfaces: [eni('eni-1', ['10.0.0.1'], ['sg-1'])],
      }),
    );
    const match = load(compileImage(nested).bytes);
    for (const bit of lengths) {
      // One bit turned: the prefixes that end before it still hold the address.
      const value = probe.remote.value ^ ((1n << BigInt(bit)) >> 1n);
      const found = match(0, { ...probe, remote: { family: 4, value } });
      expect(found).toEqual(lengths.slice(bit));
    }
  });

  it('CT-18: without a port only rules for all ports match', () => {
    expect(load(bytes)(0, { ...probe, port: NO_PORT })).toEqual([1, 2]);
  });

  it('writes no more rules than it was given room for, and counts them all', () => {
    const memory = createMemory();
    const kernel = instantiateKernel(compileKernel(), memory);
    const image = allocate(memory, bytes.length);
    bytesAt(memory, image, bytes.length).set(bytes);
    const out = allocate(memory, 64);
    for (let most = 0; most <= 4; most++) {
      const words = new Uint32Array(memory.buffer, out, 8).fill(0xdead);
      expect(matchInto(kernel, image, 0, probe, out, most)).toBe(4);
      expect(words.filter((word) => word !== 0xdead)).toHaveLength(most);
      expect(words.subarray(most).every((word) => word === 0xdead)).toBe(true);
    }
  });
});
