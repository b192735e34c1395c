import type { Address } from '../model/address.js';
import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';
import { ruleIdentity } from '../model/rule-identity.js';
import type { Peer, Rule, SecurityGroup, Traffic } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';
import { LAST_PORT, NO_PORT, hasPorts } from './carries.js';
import { type ResolvedPolicy, type ResolvedRule, resolvePolicy } from './resolve.js';
import { createRuleMatcher } from './rule-matcher.js';
import { type RuleSpace, createRuleSpace } from './rule-cover.js';
import type { RuleNeed } from './rule-need.js';
import { type PrefixWidths, createPeerFinder } from './suggest-peers.js';

/** From so many ports on that a peer addressed by one protocol, all between the first and the last are let pass. */
export const MANY_PORTS = 16;

/**
 * The description with the fewest rules that let pass what is needed, and nothing that the old ones do not: each new rule is a
 * part of an old one, in the same group. Rules of groups that no interface of the policy carries stay as they are, and so do
 * `kept` ones, by number.
 */
export function suggestRules(
  description: VpcDescription,
  policy: ResolvedPolicy,
  needs: readonly RuleNeed[],
  kept: ReadonlySet<number>,
  widths: PrefixWidths,
): VpcDescription {
  const carried = new Set(policy.sets.flatMap(({ groupIds }) => groupIds));
  const find = createPeerFinder(description, policy.rules, widths);
  const parts = policy.rules.filter(({ index }) => kept.has(index)).map(({ rule }): Rule => rule);
  const assigned = [...assign(policy, needs, kept)];
  assigned.sort(([one], [other]) => one.index - other.index);
  for (const [rule, of] of assigned) parts.push(...narrow(rule, of, find));
  const merged = mergePorts(parts);
  const groups = description.groups.map((group): SecurityGroup => {
    if (!carried.has(group.id)) return group;
    return { ...group, rules: numbered(merged.filter(({ groupId }) => groupId === group.id)) };
  });
  return withoutCovered({ ...description, groups }, carried);
}

/** Which old rule stands for each need: of those that match, one of the group that the fewest interfaces carry. */
function assign(
  policy: ResolvedPolicy,
  needs: readonly RuleNeed[],
  kept: ReadonlySet<number>,
): ReadonlyMap<ResolvedRule, RuleNeed[]> {
  const matcher = createRuleMatcher(policy);
  const carriers = new Map<string, number>();
  for (const { set } of policy.interfaces) {
    if (set === undefined) continue;
    for (const id of policy.sets[set]!.groupIds) carriers.set(id, (carriers.get(id) ?? 0) + 1);
  }
  const cost = ({ rule, index }: ResolvedRule): readonly number[] => [
    kept.has(index) ? 0 : 1,
    carriers.get(rule.groupId) ?? 0,
    rule.peer.kind === 'group' ? 0 : 1,
    index,
  ];
  const assigned = new Map<ResolvedRule, RuleNeed[]>();
  for (const need of needs) {
    const { set, direction, remote, protocol, port } = need;
    const carriedBy = { family: remote.family, protocol, port };
    const [best] = [...matcher.matching(set, direction, remote, carriedBy)].sort((one, other) =>
      compareLists(cost(one), cost(other)),
    );
    if (best === undefined || kept.has(best.index)) continue;
    const known = assigned.get(best);
    if (known === undefined) assigned.set(best, [need]);
    else known.push(need);
  }
  return assigned;
}

const compareLists = (one: readonly number[], other: readonly number[]): number => {
  const at = one.findIndex((value, i) => value !== other[i]);
  return at < 0 ? 0 : one[at]! - other[at]!;
};

/** The parts of an old rule that are needed. */
function narrow(
  of: ResolvedRule,
  needs: readonly RuleNeed[],
  find: ReturnType<typeof createPeerFinder>,
): Rule[] {
  const byTraffic = new Map<string, { need: RuleNeed; remotes: Address[] }>();
  for (const need of needs) {
    const key = `${need.remote.family} ${need.protocol} ${need.port}`;
    const known = byTraffic.get(key);
    if (known === undefined) byTraffic.set(key, { need, remotes: [need.remote] });
    else known.remotes.push(need.remote);
  }
  /** By peer and protocol: a group may stand for addresses of both families. */
  const byPeer = new Map<string, { peer: Peer; need: RuleNeed; ports: Set<number> }>();
  for (const { need, remotes } of byTraffic.values()) {
    for (const peer of find(of, remotes)) {
      const family = peer.kind === 'cidr' || isIcmpOfOther(need) ? need.remote.family : 0;
      const key = `${ruleIdentity({ ...of.rule, traffic: ALL, peer })} ${need.protocol} ${family}`;
      const known = byPeer.get(key) ?? { peer, need, ports: new Set<number>() };
      byPeer.set(key, { ...known, ports: known.ports.add(need.port) });
    }
  }
  return [...byPeer.values()].flatMap(({ peer, need, ports }) =>
    trafficOf(of.rule.traffic, need, ports).map((traffic): Rule => ({ ...of.rule, traffic, peer })),
  );
}

const ALL: Traffic = { kind: 'all' };

/** 1 in IPv6 and 58 in IPv4 are protocols without ports. */
const isIcmpOfOther = ({ protocol, remote }: RuleNeed): boolean =>
  (protocol === ICMP || protocol === ICMPV6) && !hasPorts(remote.family, protocol);

function trafficOf(old: Traffic, { protocol, remote }: RuleNeed, ports: Set<number>): Traffic[] {
  // Nothing but all protocols lets those pass that have a name of their own in the other family (PR-3).
  if (isIcmpOfOther({ protocol, remote } as RuleNeed)) return [old];
  if (protocol === ICMP || protocol === ICMPV6) {
    if (ports.has(NO_PORT)) return [{ kind: 'icmp', protocol, type: -1, code: -1 }];
    return [...ports].map((port) => ({
      kind: 'icmp',
      protocol,
      ...{ type: port >> 8, code: port & 0xff },
    }));
  }
  if (protocol !== TCP && protocol !== UDP) return [{ kind: 'protocol', protocol }];
  const range = (from: number, to: number): Traffic => ({ kind: 'ports', protocol, from, to });
  if (ports.has(NO_PORT)) return [range(0, LAST_PORT)];
  const sorted = [...ports].sort((a, b) => a - b);
  if (sorted.length >= MANY_PORTS) return [range(sorted[0]!, sorted.at(-1)!)];
  return sorted.map((port) => range(port, port));
}

/** Ports that follow each other become one range, but never all ports: later fragments would pass by it (CT-18). */
function mergePorts(rules: readonly Rule[]): Rule[] {
  const merged: Rule[] = [];
  const ranges = new Map<string, Rule[]>();
  for (const rule of rules) {
    if (rule.traffic.kind !== 'ports') {
      merged.push(rule);
      continue;
    }
    const { protocol } = rule.traffic;
    const key = ruleIdentity({ ...rule, traffic: { kind: 'protocol', protocol } });
    const known = ranges.get(key);
    if (known === undefined) ranges.set(key, [rule]);
    else known.push(rule);
  }
  for (const list of ranges.values()) merged.push(...joined(list));
  return [...new Map(merged.map((rule) => [ruleIdentity(rule), rule])).values()];
}

type Ports = Extract<Traffic, { kind: 'ports' }>;

function joined(rules: readonly Rule[]): Rule[] {
  const found: (Rule & { traffic: Ports })[] = [];
  const sorted = rules
    .map((rule) => ({ ...rule, traffic: rule.traffic as Ports }))
    .sort((one, other) => one.traffic.from - other.traffic.from);
  for (const rule of sorted) {
    const last = found.at(-1);
    const { from, to } = rule.traffic;
    if (last === undefined || from > last.traffic.to + 1) {
      found.push(rule);
      continue;
    }
    const end = Math.max(last.traffic.to, to);
    const isWhole = last.traffic.from === 0 && end === LAST_PORT;
    if (isWhole && end !== last.traffic.to) found.push(rule);
    else last.traffic = { ...last.traffic, to: end };
  }
  return found;
}

/** Without rules that others of the same group cover. Those open to any peer decide on tracking too (CT-4): they stay. */
function withoutCovered(description: VpcDescription, carried: ReadonlySet<string>): VpcDescription {
  const { rules } = resolvePolicy(description);
  const groups = description.groups.map((group): SecurityGroup => {
    if (!carried.has(group.id)) return group;
    const left = (['ingress', 'egress'] as const).flatMap((direction) => {
      let own = rules.filter(
        ({ rule }) => rule.groupId === group.id && rule.direction === direction,
      );
      const isFree = (rule: ResolvedRule, space: RuleSpace): boolean =>
        rule.anyPeer === undefined && rule.prefixes.length > 0 && space.coverOf(rule) !== undefined;
      const all = createRuleSpace(own);
      // Of two that cover each other one must stay.
      for (const each of own.filter((rule) => isFree(rule, all)).reverse()) {
        if (isFree(each, createRuleSpace(own))) own = own.filter((other) => other !== each);
      }
      return own.map(({ rule }) => rule);
    });
    return { ...group, rules: numbered(left) };
  });
  return { ...description, groups };
}

/** With the ids that a loader gives them, which AWS's new ones will replace. */
function numbered(rules: readonly Rule[]): Rule[] {
  return (['ingress', 'egress'] as const).flatMap((direction) =>
    rules
      .filter((rule) => rule.direction === direction)
      .map((rule, i) => ({ ...rule, id: `${rule.groupId}:${direction}:${i + 1}`, place: '' })),
  );
}
