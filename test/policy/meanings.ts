import { formatPrefix } from '../../src/model/address.js';
import { renderDiagnostic } from '../../src/model/diagnostic.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { resolvePolicy } from '../../src/policy/resolve.js';

/** What each rule stands for by its id: its prefixes, or the rendered warning of why it stands for none. */
export function meanings(description: VpcDescription): Record<string, string> {
  const { rules, warnings } = resolvePolicy(description);
  const byPlace = new Map(warnings.map((warning) => [warning.place, renderDiagnostic(warning)]));
  return Object.fromEntries(
    rules.map(({ rule, problem, prefixes }) => [
      rule.id,
      problem === undefined
        ? prefixes.map(formatPrefix).join(' ')
        : (byPlace.get(rule.place) ?? `${problem} without a warning`),
    ]),
  );
}
