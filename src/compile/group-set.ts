import {
  EGRESS,
  IMAGE_SETS,
  INGRESS,
  OPEN_TCP,
  OPEN_UDP,
  PART_SIZE,
  SET_SIZE,
  SIDE_ANY_PEER,
  SIDE_OPEN,
  SIDE_PART,
  SIDE_SHARED,
  SIDE_SIZE,
} from '../kernel/layout.js';
import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';
import type { ResolvedRule, RuleSet } from '../policy/resolve.js';
import { type ImageWriter, putU32, putWords, reserve } from './image-writer.js';
import { createPeers, writePeers } from './peers.js';
import { writeRuleList } from './rule-list.js';
import { type PartContext, writePart } from './rule-part.js';
import { type SidePlan, planSharing } from './sharing.js';

/** Writes all group sets, each of four sides, by direction and family, what they share, and the peers of all their rules. */
export function writeGroupSets(
  writer: ImageWriter,
  header: number,
  sets: readonly RuleSet[],
  repeatedMax: number,
): void {
  const first = reserve(writer, sets.length * SET_SIZE);
  putU32(writer, header + IMAGE_SETS, first);
  const context = { peers: createPeers(), written: new Map<string, number>() };
  const plans = planSharing(sets, repeatedMax);
  for (const family of [4, 6] as const) {
    const partOf = createSharedParts(writer, family, context);
    plans.forEach(({ egress, ingress }, i) => {
      const set = first + i * SET_SIZE + (family === 6 ? SIDE_SIZE : 0);
      writeSide(writer, set + EGRESS * 2 * SIDE_SIZE, egress, family, context, partOf);
      writeSide(writer, set + INGRESS * 2 * SIDE_SIZE, ingress, family, context, partOf);
    });
  }
  writePeers(writer, header, context.peers);
}

/** Offset of a part that several sides have. */
type SharedPartOf = (rules: readonly ResolvedRule[]) => number;

function createSharedParts(writer: ImageWriter, family: 4 | 6, context: PartContext): SharedPartOf {
  const offsets = new Map<readonly ResolvedRule[], number>();
  return (rules) => {
    let offset = offsets.get(rules);
    if (offset === undefined) {
      offsets.set(rules, (offset = reserve(writer, PART_SIZE, 4)));
      writePart(writer, offset, speaking(rules, family), family, context);
    }
    return offset;
  };
}

function writeSide(
  writer: ImageWriter,
  side: number,
  { own, shared }: SidePlan,
  family: 4 | 6,
  context: PartContext,
  partOf: SharedPartOf,
): void {
  writePart(writer, side + SIDE_PART, speaking(own, family), family, context);
  if (shared.length > 0) {
    putU32(writer, side + SIDE_SHARED, putWords(writer, [shared.length, ...shared.map(partOf)]));
  }
  const anyPeer = [own, ...shared]
    .flatMap((rules) => rules.filter((rule) => rule.anyPeer === family))
    .sort((one, other) => one.index - other.index);
  const spoken = speaking(anyPeer, family);
  if (spoken.length === 0) return;
  putU32(writer, side + SIDE_ANY_PEER, writeRuleList(writer, spoken, context.written));
  putU32(writer, side + SIDE_OPEN, openProtocols(spoken));
}

/** PR-3: icmp is IPv4's alone, icmpv6 IPv6's. */
function speaking(rules: readonly ResolvedRule[], family: 4 | 6): readonly ResolvedRule[] {
  const own = family === 4 ? ICMP : ICMPV6;
  return rules.filter(
    ({ rule: { traffic } }) => traffic.kind !== 'icmp' || traffic.protocol === own,
  );
}

/** Protocols of which one any-peer rule covers every port: CT-4 (b). */
function openProtocols(anyPeer: readonly ResolvedRule[]): number {
  let open = 0;
  for (const { traffic } of anyPeer.map(({ rule }) => rule)) {
    if (traffic.kind === 'all') open |= OPEN_TCP | OPEN_UDP;
    if (traffic.kind !== 'ports' || traffic.from !== 0 || traffic.to !== 65_535) continue;
    if (traffic.protocol === TCP) open |= OPEN_TCP;
    if (traffic.protocol === UDP) open |= OPEN_UDP;
  }
  return open;
}
