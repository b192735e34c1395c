import { existsSync, readFileSync } from 'node:fs';
import { parseFilters } from '../../bench/rules/classbench.js';
import type { SecurityGroup } from '../../src/model/security-group.js';

/** ClassBench filter sets; not part of the repository. */
const RULES = new URL('../../../shared/corpus/rules/', import.meta.url);

export const filtersAbsent = !existsSync(RULES);

/** A filter set as ingress rules of one group. */
export function filterGroup(name: string): SecurityGroup {
  const text = readFileSync(new URL(name, RULES), 'utf8');
  const id = 'sg-filters';
  return { id, name, vpcId: 'vpc-1', place: name, rules: parseFilters(name, text, id) };
}
