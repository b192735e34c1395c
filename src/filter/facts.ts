import type { Load, Test } from './condition.js';

/** What an earlier test has shown. */
export interface Fact {
  readonly test: Test;
  readonly holds: boolean;
}

/** Older facts are forgotten, so that a long expression takes time linear in its length. */
const FACTS_MAX = 16;
/** Where more ways meet than this, nothing is known. */
const EDGES_MAX = 32;

/** Newest first. */
export function addFact(facts: readonly Fact[], test: Test, holds: boolean): readonly Fact[] {
  return [{ test, holds }, ...facts.slice(0, FACTS_MAX - 1)];
}

/** The answer of a test whose bytes an earlier one has read, if that one settles it. */
export function outcomeOf(facts: readonly Fact[], test: Test): boolean | undefined {
  for (const fact of facts) {
    if (!sameLoad(fact.test.load, test.load)) continue;
    if (sameTest(fact.test, test)) return fact.holds;
    const known = fact.holds && fact.test.compare === 'equal' && fact.test.mask === ALL;
    if (known) return answer(test, fact.test.value);
  }
  return undefined;
}

/** What is known on every one of the ways. */
export function sharedFacts(
  edges: readonly { readonly facts: readonly Fact[] }[],
): readonly Fact[] {
  const [first, ...others] = edges;
  if (first === undefined || edges.length > EDGES_MAX) return [];
  return first.facts.filter((fact) =>
    others.every(({ facts }) =>
      facts.some((other) => other.holds === fact.holds && sameTest(other.test, fact.test)),
    ),
  );
}

const ALL = 0xffff_ffff;

function answer({ mask, compare, value }: Test, bytes: number): boolean {
  const masked = (bytes & mask) >>> 0;
  switch (compare) {
    case 'equal':
      return masked === value;
    case 'above':
      return masked > value;
    case 'from':
      return masked >= value;
    case 'set':
      return (masked & value) !== 0;
  }
}

function sameLoad(one: Load, other: Load): boolean {
  return one.at === other.at && one.size === other.size && one.behindIpv4 === other.behindIpv4;
}

function sameTest(one: Test, other: Test): boolean {
  return (
    one.compare === other.compare &&
    one.value === other.value &&
    one.mask === other.mask &&
    sameLoad(one.load, other.load)
  );
}
