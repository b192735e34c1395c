import { CODES, EGRESS, INGRESS } from '../kernel/layout.js';
import { type EngineCounters, type GroupCounters, tallyOffsets } from '../engine/counters.js';
import { codeName } from '../engine/verdicts.js';
import { formatAddress } from '../model/address.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type {
  CaptureSummary,
  DropGroup,
  InterfaceTally,
  Outcome,
  Reading,
} from '../model/outcome.js';
import type { FlowTally, RuleTally, Tally } from '../model/tally.js';
import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';
import { formatRule } from '../model/rule-text.js';
import type { TrackingOptions } from '../model/tracking.js';
import { VERDICT_CODES, type Verdict } from '../model/verdict.js';
import { assumptionsOf } from '../policy/assumptions.js';
import type { ResolvedPolicy } from '../policy/resolve.js';
import type { Timeline } from '../policy/timeline.js';
import { causeOfKey, mergeDropGroups } from './drop-groups.js';

/** Adds up the shards and gives the numbers their names, and so many dropped flows theirs. */
export function describeOutcome(
  timeline: Timeline,
  tracking: TrackingOptions,
  captures: readonly CaptureSummary[],
  reading: Reading,
  shards: readonly EngineCounters[],
  dropGroupsMost = Infinity,
): Outcome {
  const { phases } = timeline;
  const { policy } = phases[0]!;
  const tallies = addUp(shards);
  const offsets = tallyOffsets(policy.interfaces.length, phases.length);
  const codesOfPhases = phases.map((_, phase) => codeTallies(tallies, phase * CODES * 3));
  const codes = VERDICT_CODES.map(({ name: code }, i) => ({
    code,
    ...sum(codesOfPhases.map((each) => each[i]!)),
  }));
  return {
    captures,
    reading,
    totals: sum(codes),
    byVerdict: byVerdict(codesOfPhases.flat()),
    byCode: codes.filter(({ packets }) => packets > 0),
    byInterface: interfaceTallies(policy, tallies, offsets.interfaces),
    byRule: ruleTallies(timeline, tallies, offsets.rules),
    ...dropGroups(policy, shards, dropGroupsMost),
    phases: phases.map(({ fromNs, events }, phase) => ({
      ...(phase === 0 ? {} : { fromNs }),
      events,
      byVerdict: byVerdict(codesOfPhases[phase]!),
    })),
    assumptions: assumptionsOf(timeline, tracking),
    warnings: phases.flatMap(({ policy: { warnings } }, phase) =>
      warnings.filter((one) => phase === 0 || !isKnown(phases[phase - 1]!.policy, one)),
    ),
  };
}

/** Whether a warning was true before an event too. */
function isKnown({ warnings }: ResolvedPolicy, { code, place, fact }: Diagnostic): boolean {
  return warnings.some((one) => one.code === code && one.place === place && one.fact === fact);
}

type VerdictTally = FlowTally & { readonly verdict: Verdict };

function codeTallies(tallies: Float64Array, first: number): VerdictTally[] {
  return VERDICT_CODES.map(({ number, verdict }) => ({
    verdict,
    ...flowTally(tallies, first + number * 3),
  }));
}

function byVerdict(codes: readonly VerdictTally[]): Record<Verdict, FlowTally> {
  const total = (verdict: Verdict): FlowTally =>
    sum(codes.filter((each) => each.verdict === verdict));
  return {
    allow: total('allow'),
    drop: total('drop'),
    'not-filtered': total('not-filtered'),
    'not-judged': total('not-judged'),
  };
}

function addUp(shards: readonly EngineCounters[]): Float64Array {
  const total = new Float64Array(shards[0]!.tallies.length);
  for (const { tallies } of shards) tallies.forEach((count, i) => (total[i]! += count));
  return total;
}

function tally(tallies: Float64Array, at: number): Tally {
  return { packets: tallies[at]!, bytes: tallies[at + 1]! };
}

function flowTally(tallies: Float64Array, at: number): FlowTally {
  return { ...tally(tallies, at), flows: tallies[at + 2]! };
}

function sum(tallies: readonly FlowTally[]): FlowTally {
  return tallies.reduce<FlowTally>(
    (a, b) => ({
      packets: a.packets + b.packets,
      bytes: a.bytes + b.bytes,
      flows: a.flows + b.flows,
    }),
    { packets: 0, bytes: 0, flows: 0 },
  );
}

function interfaceTallies(
  policy: ResolvedPolicy,
  tallies: Float64Array,
  first: number,
): InterfaceTally[] {
  const rows = policy.interfaces.flatMap(({ eni }, i) =>
    ([INGRESS, EGRESS] as const).map((direction): InterfaceTally => {
      const at = (verdict: number): Tally =>
        tally(tallies, first + i * 16 + (direction * 4 + verdict) * 2);
      return {
        eni: eni.id,
        ...(eni.name === undefined ? {} : { name: eni.name }),
        direction: direction === INGRESS ? 'ingress' : 'egress',
        allowed: at(0),
        dropped: at(1),
        notFiltered: at(2),
        notJudged: at(3),
      };
    }),
  );
  return rows.filter(
    (row) =>
      row.allowed.packets + row.dropped.packets + row.notFiltered.packets + row.notJudged.packets >
      0,
  );
}

function ruleTallies(
  { phases, rules }: Timeline,
  tallies: Float64Array,
  first: number,
): RuleTally[] {
  const attached = new Set<number>();
  for (const { policy } of phases) {
    for (const { set } of policy.interfaces) {
      if (set === undefined) continue;
      const { ingress, egress } = policy.sets[set]!;
      for (const { index } of [...ingress, ...egress]) attached.add(index);
    }
  }
  // Sorting is stable: rules with the same number of packets stay in document order.
  return rules
    .map((rule, index) => ({ rule, index }))
    .filter(({ index }) => attached.has(index))
    .map(({ rule, index }) => ({
      rule: rule.id,
      groupId: rule.groupId,
      direction: rule.direction,
      text: formatRule(rule),
      ...flowTally(tallies, first + index * 3),
    }))
    .sort((a, b) => b.packets - a.packets);
}

function dropGroups(
  policy: ResolvedPolicy,
  shards: readonly EngineCounters[],
  most: number,
): Pick<Outcome, 'droppedFlows' | 'otherDroppedFlows'> {
  const { groups, shift } = mergeDropGroups(shards);
  groups.sort((a, b) => b.packets - a.packets || a.frame - b.frame);
  const others = groups.slice(most);
  return {
    droppedFlows: groups.slice(0, most).map((group) => describeGroup(policy, group, shift)),
    otherDroppedFlows: { count: others.length, ...sum(others) },
  };
}

function describeGroup(policy: ResolvedPolicy, group: GroupCounters, shift: number): DropGroup {
  const { code, hasPort, direction, eni, protocol, port } = causeOfKey(group.key);
  const address = (value: bigint): string =>
    formatAddress(
      group.ipv6 ? { family: 6, value } : { family: 4, value: BigInt.asUintN(32, value) },
    );
  const transport = hasPort && (protocol === TCP || protocol === UDP);
  const icmp = hasPort && protocol === (group.ipv6 ? ICMPV6 : ICMP);
  return {
    code: codeName(code),
    eni: policy.interfaces[eni]!.eni.id,
    direction: direction === INGRESS ? 'ingress' : 'egress',
    protocol,
    ...(transport || icmp ? { ports: { from: port, to: port + 2 ** shift - 1 } } : {}),
    packets: group.packets,
    bytes: group.bytes,
    flows: group.flows,
    firstTimeNs: group.firstNs,
    lastTimeNs: group.lastNs,
    example: {
      frame: group.frame,
      source: address(group.source),
      destination: address(group.destination),
      ...(transport
        ? { sourcePort: group.sourcePort, destinationPort: group.destinationPort }
        : {}),
    },
  };
}
