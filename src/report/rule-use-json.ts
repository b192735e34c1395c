import { formatPrefix } from '../model/address.js';
import type { RuleUse, RuleUseReport } from '../model/rule-use.js';
import { sumFlowTallies } from './cut.js';

/** Which rules flows make use of, key by key; the list is cut at `top`. */
export function ruleUseJson({ rules, flowsMax, isFlowsMaxReached }: RuleUseReport, top: number) {
  const omitted = rules.slice(Math.max(0, top));
  return {
    rules: rules.slice(0, Math.max(0, top)).map(entry),
    flowsMax,
    countedTwice: isFlowsMaxReached,
    omitted: {
      count: omitted.length,
      withSoleFlows: omitted.filter(({ soleFlows }) => soleFlows > 0).length,
      ...sumFlowTallies(omitted),
    },
  };
}

const entry = (use: RuleUse) => ({
  rule: use.rule,
  groupId: use.groupId,
  direction: use.direction,
  text: use.text,
  packets: use.packets,
  bytes: use.bytes,
  flows: use.flows,
  firstTimeNs: use.firstTimeNs === undefined ? null : String(use.firstTimeNs),
  lastTimeNs: use.lastTimeNs === undefined ? null : String(use.lastTimeNs),
  matchedFlows: use.matchedFlows,
  soleFlows: use.soleFlows,
  soleByTracking: use.soleByTracking,
  usedTraffic: use.usedTraffic,
  unusedTraffic: use.unusedTraffic,
  seenPeers: use.seenPeers.map(formatPrefix),
  peersMerged: use.isPeersMerged,
  members: use.members,
  usedMembers: use.usedMembers,
  unusedMembers: use.unusedMembers.map(formatPrefix),
  coveredBy: use.coveredBy,
  matchesNothing: use.matchesNothing,
});
