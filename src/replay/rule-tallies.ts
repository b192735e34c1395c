import type { RuleTally } from '../model/tally.js';
import type { Rule } from '../model/security-group.js';
import type { RuleUse } from '../model/rule-use.js';
import { coveredRules } from '../policy/covered-rules.js';
import { type SeenPrefixes, createSeenPrefixes } from '../policy/seen-prefixes.js';
import { type SeenTraffic, createSeenTraffic } from '../policy/seen-traffic.js';
import type { Timeline } from '../policy/timeline.js';
import { type SeenMembers, createSeenMembers } from '../policy/seen-members.js';
import type { Finding } from './rule-findings.js';
import type { Address } from '../model/address.js';

/** A packet that rules let pass. */
export interface Seen {
  readonly family: 4 | 6;
  readonly protocol: number;
  readonly port: number;
  readonly replyPort: number;
  readonly remote: Address;
  readonly direction: 'ingress' | 'egress';
}

/** What is counted of each rule. */
export interface RuleTallies {
  /** The rule decided on a packet whose time stands there. */
  hit(rule: number, words: Uint32Array, time: number): void;
  /** A flow hangs on rules; `before` tells on which it was counted to hang. */
  count(finding: Finding, before: readonly Finding[]): void;
  /** A packet is one that the rules let pass. */
  see(finding: Finding, packet: Seen): void;
  report(rules: readonly RuleTally[]): RuleUse[];
}

/** Prefixes, ports and members that a report names of a rule. */
const NAMED_MAX = 8;

interface RuleNotes {
  firstNs?: bigint;
  lastNs?: bigint;
  matched: number;
  sole: number;
  byTracking: number;
  readonly traffic: SeenTraffic;
  readonly peers: SeenPrefixes;
  members?: SeenMembers;
}

export function createRuleTallies(timelineOf: () => Timeline): RuleTallies {
  const notes = new Map<number, RuleNotes>();
  const notesOf = (rule: number): RuleNotes => {
    let found = notes.get(rule);
    if (found === undefined) {
      const [traffic, peers] = [createSeenTraffic(), createSeenPrefixes(NAMED_MAX)];
      notes.set(rule, (found = { matched: 0, sole: 0, byTracking: 0, traffic, peers }));
    }
    return found;
  };
  const membersOf = (rule: number): SeenMembers =>
    (notesOf(rule).members ??= createSeenMembers(timelineOf().phases, rule));
  return {
    hit(rule, words, time) {
      const of = notesOf(rule);
      const timeNs = (BigInt(words[time + 1]! | 0) << 32n) | BigInt(words[time]!);
      if (of.firstNs === undefined || timeNs < of.firstNs) of.firstNs = timeNs;
      if (of.lastNs === undefined || timeNs > of.lastNs) of.lastNs = timeNs;
    },
    count({ matched, only, otherwise }, before) {
      for (const rule of matched) {
        if (!before.some((each) => each.matched.includes(rule))) notesOf(rule).matched++;
      }
      const isSole = (rule: number): boolean =>
        before.some((each) => each.only === rule || each.otherwise.includes(rule));
      if (only >= 0) {
        const of = notesOf(only);
        if (!isSole(only)) of.sole++;
        // It was counted as one that other rules let pass.
        else if (!before.some((each) => each.only === only)) of.byTracking--;
      }
      for (const rule of otherwise) {
        if (isSole(rule)) continue;
        notesOf(rule).sole++;
        notesOf(rule).byTracking++;
      }
    },
    see({ matched }, { family, protocol, port, replyPort, remote, direction }) {
      const { rules } = timelineOf();
      for (const rule of matched) {
        const of = notesOf(rule);
        of.traffic.note(family, protocol, rules[rule]!.direction === direction ? port : replyPort);
        of.peers.note(remote);
        if (rules[rule]!.peer.kind !== 'cidr') membersOf(rule).note(remote);
      }
    },
    report(tallies) {
      const { phases, rules } = timelineOf();
      const numbers = new Map(rules.map((rule, number) => [keyOf(rule.groupId, rule.id), number]));
      const covers = coveredThroughout(timelineOf());
      const matching = new Set(
        phases.flatMap(({ policy }) =>
          policy.rules.flatMap(({ index, prefixes }) => (prefixes.length > 0 ? [index] : [])),
        ),
      );
      const used = tallies.map((tally): RuleUse => {
        const number = numbers.get(keyOf(tally.groupId, tally.rule))!;
        const { traffic, peer } = rules[number]!;
        const of = notes.get(number);
        const members = peer.kind === 'cidr' ? undefined : membersOf(number);
        return {
          ...tally,
          ...(of?.firstNs !== undefined && { firstTimeNs: of.firstNs }),
          ...(of?.lastNs !== undefined && { lastTimeNs: of.lastNs }),
          matchedFlows: of?.matched ?? 0,
          soleFlows: of?.sole ?? 0,
          soleByTracking: of?.byTracking ?? 0,
          usedTraffic: of?.traffic.used(NAMED_MAX) ?? [],
          unusedTraffic: of?.traffic.unused(traffic, NAMED_MAX) ?? [],
          seenPeers: of?.peers.prefixes() ?? [],
          isPeersMerged: of?.peers.isMerged ?? false,
          members: members?.count ?? 0,
          usedMembers: members?.used() ?? 0,
          unusedMembers: members?.unused(NAMED_MAX) ?? [],
          coveredBy: (covers.get(number) ?? []).map((each) => rules[each]!.id),
          matchesNothing: !matching.has(number),
        };
      });
      // Sorting is stable: rules that are alike in this stay as the outcome has them.
      return used.sort((one, other) => other.soleFlows - one.soleFlows);
    },
  };
}

const keyOf = (groupId: string, id: Rule['id']): string => JSON.stringify([groupId, id]);

/** Rules that others cover in each phase that has them, by all that do in any. */
function coveredThroughout({ phases }: Timeline): ReadonlyMap<number, readonly number[]> {
  const covers = new Map<number, Set<number>>();
  const uncovered = new Set<number>();
  for (const { policy } of phases.slice(0, PHASES_MAX)) {
    const now = coveredRules(policy);
    for (const { ingress, egress } of policy.sets) {
      for (const { index, prefixes } of [...ingress, ...egress]) {
        const by = now.get(index);
        if (by === undefined && prefixes.length > 0) uncovered.add(index);
        for (const each of by ?? []) {
          const known = covers.get(index) ?? new Set();
          covers.set(index, known.add(each));
        }
      }
    }
  }
  if (phases.length > PHASES_MAX) return new Map();
  return new Map(
    [...covers].flatMap(([rule, by]) =>
      uncovered.has(rule) ? [] : [[rule, [...by].sort((a, b) => a - b)] as const],
    ),
  );
}

/** With more, which rules are covered is not told: it is worked out anew for each. */
const PHASES_MAX = 64;
