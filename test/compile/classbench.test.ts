import { describe, expect, it } from 'vitest';
import { compileImage } from '../../src/compile/rule-image.js';
import { type ResolvedPolicy, resolvePolicy } from '../../src/policy/resolve.js';
import { describeVpc, eni } from '../policy/describe-vpc.js';
import { filterGroup, filtersAbsent } from './classbench.js';
import { type Probe, createImageLoader } from './matcher.js';

if (filtersAbsent) console.warn('../shared is absent: images of large filter sets are not checked');

const load = createImageLoader(1 << 26, 10_000);

describe.skipIf(filtersAbsent)(
  'images of 10,000 rules find what a look at every rule finds',
  () => {
    it.each([
      { name: 'acl1_10k', rules: 9500, probes: 60_000 },
      { name: 'fw1_10k', rules: 9000, probes: 20_000 },
      { name: 'ipc1_10k', rules: 9000, probes: 20_000 },
    ])('$name, $probes packets', ({ name, rules, probes }) => {
      const policy = resolvePolicy(
        describeVpc({
          groups: [filterGroup(name)],
          interfaces: [eni('eni-1', ['10.0.0.1'], ['sg-filters'])],
        }),
      );
      expect(policy.rules.length).toBeGreaterThan(rules);
      const match = load(compileImage(policy).bytes);
      const bruteForce = createBruteForce(policy);
      let matches = 0;
      for (const probe of packetsNear(policy, probes)) {
        const found = match(0, probe);
        const wanted = bruteForce(probe);
        if (found.join() !== wanted.join())
          expect({ probe, found }).toEqual({ probe, found: wanted });
        matches += found.length;
      }
      expect(matches).toBeGreaterThan(probes);
    });
  },
);

/** All rules in columns of numbers: 20,000 packets times 10,000 rules are too many for objects. */
function createBruteForce({ rules }: ResolvedPolicy): (probe: Probe) => number[] {
  const column = (of: (i: number) => number): Float64Array =>
    Float64Array.from(rules, (_, i) => of(i));
  const first = column((i) => Number(rules[i]!.prefixes[0]!.value));
  const last = column((i) => first[i]! + 2 ** (32 - rules[i]!.prefixes[0]!.length) - 1);
  const traffic = rules.map(({ rule }) => rule.traffic);
  const protocol = column((i) => {
    const each = traffic[i]!;
    return each.kind === 'all' ? -1 : each.protocol;
  });
  const range = (i: number): readonly [number, number] => {
    const each = traffic[i]!;
    return each.kind === 'ports' ? [each.from, each.to] : [0, 65_535];
  };
  const from = column((i) => range(i)[0]);
  const to = column((i) => range(i)[1]);
  return (probe) => {
    const address = Number(probe.remote.value);
    const found: number[] = [];
    for (let i = 0; i < rules.length; i++) {
      if (address < first[i]! || address > last[i]!) continue;
      if (protocol[i] !== -1 && protocol[i] !== probe.protocol) continue;
      if (probe.port >= from[i]! && probe.port <= to[i]!) found.push(i);
    }
    return found;
  };
}

/** Packets at and around what the rules name: no two random addresses would meet the same rule. */
function* packetsNear({ rules }: ResolvedPolicy, count: number): Generator<Probe> {
  const random = randomNumbers(20_260_414);
  const step = (): number => (random() % 3) - 1;
  for (let n = 0; n < count; n++) {
    const { prefixes, rule } = rules[random() % rules.length]!;
    const { value, length } = prefixes[0]!;
    const space = 2 ** (32 - length);
    const inside = random() % 2 === 0 ? random() % space : random() % 2 === 0 ? 0 : space - 1;
    const address = (Number(value) + inside + step() + 2 ** 32) % 2 ** 32;
    const other = rules[random() % rules.length]!.rule.traffic;
    const traffic = random() % 4 === 0 ? other : rule.traffic;
    const edge = traffic.kind !== 'ports' ? 0 : random() % 2 === 0 ? traffic.from : traffic.to;
    const protocol = traffic.kind === 'all' ? [1, 6, 17, 47][random() % 4]! : traffic.protocol;
    yield {
      direction: 'ingress',
      remote: { family: 4, value: BigInt(address) },
      protocol,
      port: Math.min(65_535, Math.max(0, edge + step())),
    };
  }
}

/** A repeatable source of 31-bit numbers (Lehmer, modulus 2^31 - 1). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647);
}
