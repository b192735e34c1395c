import type { Prefix } from '../src/model/address.js';
import type { Direction, Traffic } from '../src/model/security-group.js';
import type { ResolvedPolicy, ResolvedRule } from '../src/policy/resolve.js';

/** A rule as programs without security groups can be told it. */
export interface FlatRule {
  readonly groupId: string;
  readonly direction: Direction;
  readonly traffic: Traffic;
  /** IPv4, at least one. */
  readonly peers: readonly Prefix[];
}

/** Those of some rules that speak of IPv4, in the same order. */
export function flatRules(rules: readonly ResolvedRule[]): readonly FlatRule[] {
  return rules
    .map(({ rule, prefixes }) => ({
      groupId: rule.groupId,
      direction: rule.direction,
      traffic: rule.traffic,
      peers: prefixes.filter(({ family }) => family === 4),
    }))
    .filter(({ peers }) => peers.length > 0);
}

/** The VPC's own block, which tells such programs what comes in and what goes out. Throws when no document has it. */
export function ownBlock({ interfaces }: ResolvedPolicy): Prefix {
  const block = interfaces.find(({ primaryVpcPrefix }) => primaryVpcPrefix)?.primaryVpcPrefix;
  if (block === undefined) throw new Error('the VPC has no CIDR');
  return block;
}
