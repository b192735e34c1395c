import type { Prefix } from '../model/address.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Direction, Rule } from '../model/security-group.js';
import { DEFAULT_IDLE_SECONDS } from '../model/tracking.js';
import type { IdleSeconds } from '../model/tracking.js';
import type { NetworkInterface, Path, VpcDescription } from '../model/vpc.js';
import { indexPeers, resolvePeer } from './peers.js';
import type { RuleProblem } from './rule-problem.js';

/** A rule and what its peer stands for now. */
export interface ResolvedRule {
  readonly rule: Rule;
  /** Number of the rule in the whole replay, from 0: document order, then the order in which events brought rules. */
  readonly index: number;
  /** Empty when `problem` is set or a group has no members. A prefix matches its own family only (SG-8). */
  readonly prefixes: readonly Prefix[];
  /** Set when the peer is literally 0.0.0.0/0 or ::/0 (CT-4). */
  readonly anyPeer?: 4 | 6;
  /** Set when the peer is reached only over a transit gateway (SG-14). */
  readonly overTransit?: true;
  readonly problem?: RuleProblem;
}

/** The rules of the groups that some interface carries together: their union (SG-2). */
export interface RuleSet {
  /** Sorted, each once. */
  readonly groupIds: readonly string[];
  /** Ascending by `index`. */
  readonly ingress: readonly ResolvedRule[];
  readonly egress: readonly ResolvedRule[];
}

export interface ResolvedInterface {
  readonly eni: NetworkInterface;
  /** Position in `sets`; absent for a service interface without groups (SG-7). */
  readonly set?: number;
  readonly idleSeconds: IdleSeconds;
  /** CIDRs of its subnet; empty when the subnet is not loaded. */
  readonly subnetPrefixes: readonly Prefix[];
  /** First IPv4 block of the interface's VPC, when loaded. */
  readonly primaryVpcPrefix?: Prefix;
}

/** A VPC description with every reference followed. */
export interface ResolvedPolicy {
  /** Ascending by `index`. */
  readonly rules: readonly ResolvedRule[];
  readonly sets: readonly RuleSet[];
  /** In document order. */
  readonly interfaces: readonly ResolvedInterface[];
  readonly paths: readonly Path[];
  readonly warnings: readonly Diagnostic[];
}

/**
 * Follows group references, prefix lists and what connects VPCs (SG-1..SG-19). Never throws: a rule
 * whose peer cannot be followed matches nothing and leaves a warning.
 */
export function resolvePolicy(
  description: VpcDescription,
  numberOf: RuleNumbering = (_, position) => position,
): ResolvedPolicy {
  const { rules, warnings } = resolveRules(description, numberOf);
  const { sets, setOf } = gatherSets(description, rules, warnings);
  const interfaces = resolveInterfaces(description, setOf);
  return { rules, sets, interfaces, paths: description.paths, warnings };
}

/** Number of a rule that stands at a position in document order. */
export type RuleNumbering = (rule: Rule, position: number) => number;

function resolveRules(
  description: VpcDescription,
  numberOf: RuleNumbering,
): {
  rules: ResolvedRule[];
  warnings: Diagnostic[];
} {
  const peers = indexPeers(description);
  const warnings: Diagnostic[] = [];
  const rules = description.groups
    .flatMap((group) => group.rules)
    .map((rule, position): ResolvedRule => {
      const index = numberOf(rule, position);
      const meaning = resolvePeer(rule, peers);
      if ('problem' in meaning) {
        const { problem, fact, fix } = meaning;
        warnings.push({
          severity: 'warning',
          code: `rule-${problem}`,
          place: rule.place,
          fact: `${fact}, so the rule matches nothing`,
          fix,
        });
        return { rule, index, prefixes: [], problem };
      }
      const anyPeer = literalAnyPeer(rule);
      return { rule, index, ...meaning, ...(anyPeer === undefined ? {} : { anyPeer }) };
    });
  rules.sort((one, other) => one.index - other.index);
  return { rules, warnings };
}

/** CT-4 asks for the literal CIDR: a prefix list holding 0.0.0.0/0 does not qualify. */
function literalAnyPeer({ peer }: Rule): 4 | 6 | undefined {
  return peer.kind === 'cidr' && peer.prefix.length === 0 ? peer.prefix.family : undefined;
}

/** One set for all interfaces that carry the same groups, in whatever order (SG-2). */
function gatherSets(
  { interfaces }: VpcDescription,
  rules: readonly ResolvedRule[],
  warnings: Diagnostic[],
): { sets: RuleSet[]; setOf: ReadonlyMap<NetworkInterface, number> } {
  const rulesOfGroup = byGroup(rules);
  const sets: RuleSet[] = [];
  const positions = new Map<string, number>();
  const setOf = new Map<NetworkInterface, number>();
  for (const eni of interfaces) {
    if (eni.groupIds.length === 0) continue;
    const groupIds = [...new Set(eni.groupIds)].sort();
    const far = isEndpoint(eni) ? farRules(groupIds, rulesOfGroup) : [];
    if (far.length > 0) warnings.push(endpointWarning(eni, far.length));
    const key = JSON.stringify([groupIds, far.length]);
    let position = positions.get(key);
    if (position === undefined) {
      position = sets.push(unite(groupIds, rulesOfGroup, far)) - 1;
      positions.set(key, position);
    }
    setOf.set(eni, position);
  }
  return { sets, setOf };
}

function byGroup(rules: readonly ResolvedRule[]): Map<string, ResolvedRule[]> {
  const groups = new Map<string, ResolvedRule[]>();
  for (const resolved of rules) {
    const group = groups.get(resolved.rule.groupId);
    if (group === undefined) groups.set(resolved.rule.groupId, [resolved]);
    else group.push(resolved);
  }
  return groups;
}

/** SG-14: at an endpoint of PrivateLink, references over a transit gateway do not hold. */
const isEndpoint = ({ type }: NetworkInterface): boolean => type === 'vpc_endpoint';

const farRules = (
  groupIds: readonly string[],
  rulesOfGroup: ReadonlyMap<string, readonly ResolvedRule[]>,
): readonly ResolvedRule[] =>
  groupIds
    .flatMap((groupId) => rulesOfGroup.get(groupId) ?? [])
    .filter(({ overTransit }) => overTransit);

const endpointWarning = ({ id, place }: NetworkInterface, count: number): Diagnostic => ({
  severity: 'warning',
  code: 'endpoint-reference',
  place,
  fact: `${id} is a PrivateLink endpoint: rules that name groups over a transit gateway match nothing there (${count})`,
  fix: 'name CIDRs in them',
});

function unite(
  groupIds: readonly string[],
  rulesOfGroup: ReadonlyMap<string, readonly ResolvedRule[]>,
  without: readonly ResolvedRule[],
): RuleSet {
  const union = groupIds
    .flatMap((groupId) => rulesOfGroup.get(groupId) ?? [])
    .filter((rule) => !without.includes(rule))
    .sort((one, other) => one.index - other.index);
  const towards = (direction: Direction) =>
    union.filter(({ rule }) => rule.direction === direction);
  return { groupIds, ingress: towards('ingress'), egress: towards('egress') };
}

function resolveInterfaces(
  { interfaces, subnets, vpcs }: VpcDescription,
  setOf: ReadonlyMap<NetworkInterface, number>,
): ResolvedInterface[] {
  const subnetPrefixes = new Map(subnets.map(({ id, prefixes }) => [id, prefixes]));
  const vpcPrefixes = new Map(vpcs.map(({ id, prefixes }) => [id, prefixes]));
  return interfaces.map((eni): ResolvedInterface => {
    const set = setOf.get(eni);
    const primary = vpcPrefixes.get(eni.vpcId)?.find(({ family }) => family === 4);
    return {
      eni,
      ...(set === undefined ? {} : { set }),
      idleSeconds: { ...DEFAULT_IDLE_SECONDS, ...eni.idleSeconds },
      subnetPrefixes: (eni.subnetId === undefined ? [] : subnetPrefixes.get(eni.subnetId)) ?? [],
      ...(primary === undefined ? {} : { primaryVpcPrefix: primary }),
    };
  });
}
