import { existsSync, readFileSync } from 'node:fs';
import type { VpcDescription } from '../../src/model/vpc.js';
import { AWS_SHAPES, type AwsShape, awsSet, vpcOf } from './aws-sets.js';
import { parseFilters } from './classbench.js';

/** ClassBench filters lie beside the repository; seen from dist/, where this runs. */
const FILTERS = new URL('../../shared/corpus/rules/', import.meta.url);

const FILTER_SETS = ['acl1', 'fw1', 'ipc1'] as const;

export type RuleSetName = AwsShape | (typeof FILTER_SETS)[number];

/** Names of the sets that can be made here. */
export const RULE_SETS: readonly RuleSetName[] = existsSync(FILTERS)
  ? [...FILTER_SETS, ...AWS_SHAPES]
  : AWS_SHAPES;

/** A set of that many rules. ClassBench's have some 9,500 at most; of them, rules evenly far apart are taken. */
export function ruleSet(name: RuleSetName, count: number): VpcDescription {
  if (name !== 'acl1' && name !== 'fw1' && name !== 'ipc1') return awsSet(name, count);
  const text = readFileSync(new URL(`${name}_10k`, FILTERS), 'utf8');
  const all = parseFilters(name, text, 'sg-0');
  const taken = Math.min(count, all.length);
  const rules = Array.from({ length: taken }, (_, i) => all[Math.floor((i * all.length) / taken)]!);
  return vpcOf([rules], [[0]]);
}
