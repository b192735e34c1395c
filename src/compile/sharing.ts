import type { ResolvedRule, RuleSet } from '../policy/resolve.js';

/**
 * The rules of a group are written with those of each group set that has it, so that a lookup asks one table. Once more rules
 * than these would be repeated, the groups that cost most are written once, as a part of their own: one more table to ask.
 */
export const REPEATED_MAX = 1 << 16;

/** One direction of a group set, as it is written. */
export interface SidePlan {
  /** Ascending by index. */
  readonly own: readonly ResolvedRule[];
  /** Lists of rules, each one and the same for all sides that have it. */
  readonly shared: readonly (readonly ResolvedRule[])[];
}

export interface SetPlan {
  readonly egress: SidePlan;
  readonly ingress: SidePlan;
}

/** `repeatedMax`: see REPEATED_MAX. */
export function planSharing(sets: readonly RuleSet[], repeatedMax: number): SetPlan[] {
  const parts = new Map<string, Part>();
  const gathered = sets.map(({ egress, ingress }) => ({
    egress: gather(egress, parts),
    ingress: gather(ingress, parts),
  }));
  const shared = costliest([...parts.values()], repeatedMax);
  return sets.map(({ egress, ingress }, i) => ({
    egress: planSide(egress, gathered[i]!.egress, shared),
    ingress: planSide(ingress, gathered[i]!.ingress, shared),
  }));
}

/** What of a side's rules is one group's: all of them, or where references are cut short, fewer (SG-14). */
interface Part {
  readonly groupId: string;
  readonly rules: readonly ResolvedRule[];
  uses: number;
}

function gather(rules: readonly ResolvedRule[], parts: Map<string, Part>): Part[] {
  const groups = new Map<string, ResolvedRule[]>();
  for (const each of rules) {
    const group = groups.get(each.rule.groupId);
    if (group === undefined) groups.set(each.rule.groupId, [each]);
    else group.push(each);
  }
  return [...groups].map(([groupId, own]) => {
    const name = JSON.stringify([groupId, own[0]!.rule.direction, own.length]);
    let part = parts.get(name);
    if (part === undefined) parts.set(name, (part = { groupId, rules: own, uses: 0 }));
    part.uses++;
    return part;
  });
}

/** Those whose cost, the highest first, brings the sum down to what may be repeated. */
function costliest(parts: readonly Part[], repeatedMax: number): ReadonlySet<Part> {
  const costs = parts.map((part) => ({ part, cost: (part.uses - 1) * part.rules.length }));
  costs.sort((one, other) => other.cost - one.cost);
  let left = costs.reduce((sum, { cost }) => sum + cost, 0);
  const chosen = new Set<Part>();
  for (const { part, cost } of costs) {
    if (left <= repeatedMax) break;
    left -= cost;
    chosen.add(part);
  }
  return chosen;
}

function planSide(
  side: readonly ResolvedRule[],
  parts: readonly Part[],
  shared: ReadonlySet<Part>,
): SidePlan {
  const apart = parts.filter((part) => shared.has(part));
  if (apart.length === 0) return { own: side, shared: [] };
  const groupIds = new Set(apart.map(({ groupId }) => groupId));
  return {
    own: side.filter(({ rule }) => !groupIds.has(rule.groupId)),
    shared: apart.map(({ rules }) => rules),
  };
}
