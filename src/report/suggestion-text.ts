import type { Outcome } from '../model/outcome.js';
import type { SecurityGroup } from '../model/security-group.js';
import { count, counted } from './quantity.js';

/** What is told of rules that were suggested. */
export interface SuggestionSummary {
  readonly outcome: Outcome;
  readonly before: readonly SecurityGroup[];
  readonly after: readonly SecurityGroup[];
  /** Openings that are let pass, by family. */
  readonly space: Readonly<Record<'before' | 'after', Readonly<Record<4 | 6, bigint>>>>;
  readonly newlyDropped: number;
  readonly newlyAllowed: number;
}

/** AWS's default quota of rules of a group in one direction (PR-7). */
const QUOTA = 60;

/** A few lines: how many rules, how much they let pass, and what the replay under them showed. */
export function suggestionText(summary: SuggestionSummary): string {
  const { outcome, before, after, space, newlyDropped, newlyAllowed } = summary;
  const { packets } = outcome.byVerdict.allow;
  const families = ([4, 6] as const).filter((family) => space.before[family] > 0n);
  const lines = [
    `suggested  ${counted(rulesOf(after), 'rule')} instead of ${count(rulesOf(before))}, in ${counted(after.length, 'group')}`,
    ...families.map(
      (family) =>
        `admitted   IPv${family}: ${power(space.after[family])} openings instead of ${power(space.before[family])}`,
    ),
    `replayed   of ${counted(packets, 'allowed packet')} ${count(newlyDropped)} newly dropped; ${count(newlyAllowed)} newly allowed`,
    ...overQuota(after),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

const rulesOf = (groups: readonly SecurityGroup[]): number =>
  groups.reduce((sum, { rules }) => sum + rules.length, 0);

/** A number of any size as a power of two: `2^48.0`. */
function power(value: bigint): string {
  if (value < 1000n) return String(value);
  const digits = value.toString(2).length;
  const head = Number(value >> BigInt(Math.max(0, digits - 53)));
  return `2^${(Math.log2(head) + Math.max(0, digits - 53)).toFixed(1)}`;
}

function overQuota(groups: readonly SecurityGroup[]): string[] {
  const over = groups.filter(({ rules }) =>
    (['ingress', 'egress'] as const).some(
      (direction) => rules.filter((rule) => rule.direction === direction).length > QUOTA,
    ),
  );
  if (over.length === 0) return [];
  const verb = over.length === 1 ? 'has' : 'have';
  return [
    `quota      ${counted(over.length, 'group')} ${verb} more than ${QUOTA} rules in a direction: a lower --max-prefix makes fewer`,
  ];
}
