import { resolvePolicy } from '../src/policy/resolve.js';
import { runChild } from './child.js';
import { type Comparison, createContest, growthOf, runContests } from './rules/compare.js';
import type { CompileTime } from './rules/compile-time.js';
import { createClassifiers } from './rules/image-classifier.js';
import { RULE_SETS, type RuleSetName, ruleSet } from './rules/rule-sets.js';
import { median, spread } from './spread.js';

const SIZES = [10, 100, 1000, 10_000] as const;
const MANY = 100_000;
const ROUNDS = 7;
const COMPILE_ROUNDS = 3;

/** Compile time, image size, and look-ups of new flows beside two scans, by size; of one set or of all. */
export async function benchRules(only?: RuleSetName): Promise<void> {
  if (!RULE_SETS.includes('acl1')) console.log('ClassBench filters are absent: left out\n');
  const names = RULE_SETS.filter((name) => only === undefined || name === only);
  compileTimes(names);
  const classifierOf = await createClassifiers();
  console.log(
    `\nthe first matching rule of a new flow, ns, one core, ${ROUNDS} rounds; answers checked\n`,
  );
  console.log(
    'set       rules  match  image                 million/s  linear scan            ratio  ip-address scan       ratio',
  );
  for (const name of names) {
    const policies = SIZES.map((size) => resolvePolicy(ruleSet(name, size)));
    const contests = policies.map((policy) => createContest(policy, classifierOf));
    const bySize = runContests(contests, ROUNDS);
    bySize.forEach((comparison, i) => {
      console.log(lookupLine(name, policies[i]!.rules.length, comparison));
    });
    for (const i of [0, 1] as const) {
      const growth = growthOf(bySize[i]!, bySize.at(-1)!);
      const log = Math.log(SIZES.at(-1)!) / Math.log(SIZES[i]);
      console.log(
        `${' '.repeat(17)}from ${SIZES[i]} to ${SIZES.at(-1)!} rules ${spread(growth)} times the cost; the logarithm grows ${log.toFixed(2)} times`,
      );
    }
    console.log('');
  }
}

function compileTimes(names: readonly RuleSetName[]): void {
  console.log(
    `resolve and compile, ms, a process each; image size; median of ${COMPILE_ROUNDS} processes\n`,
  );
  console.log('set       rules   group sets  cold                    warm   image MB');
  for (const name of names) {
    const sizes = isFilterSet(name) ? SIZES : [...SIZES, MANY];
    for (const size of sizes) {
      const times = Array.from(
        { length: COMPILE_ROUNDS },
        () => runChild(['rules', name, String(size)]) as CompileTime,
      );
      const [{ rules, groupSets, imageBytes }] = times as [CompileTime];
      const cells = [
        name.padEnd(8),
        String(rules).padStart(6),
        String(groupSets).padStart(12),
        ` ${spread(times.map(({ cold }) => cold)).padEnd(22)}`,
        median(times.map(({ warm }) => warm))
          .toFixed(1)
          .padStart(6),
        (imageBytes / 1e6).toFixed(2).padStart(10),
      ];
      console.log(cells.join(' '));
    }
  }
}

const isFilterSet = (name: RuleSetName): boolean => /\d$/.test(name);

function lookupLine(name: string, rules: number, comparison: Comparison): string {
  const { image, linear, address, matched } = comparison;
  const ratio = (other: readonly number[]): string =>
    median(other.map((ns, round) => ns / image[round]!))
      .toFixed(1)
      .padStart(7);
  return [
    name.padEnd(8),
    String(rules).padStart(6),
    `${(matched * 100).toFixed(0)} %`.padStart(6),
    ` ${spread(image).padEnd(20)}`,
    (1000 / median(image)).toFixed(1).padStart(10),
    ` ${spread(linear).padEnd(20)}`,
    ratio(linear),
    ` ${spread(address).padEnd(20)}`,
    ratio(address),
  ].join(' ');
}
