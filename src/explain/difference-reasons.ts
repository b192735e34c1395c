import type { Difference, DifferenceKind } from '../model/agreement.js';
import type { RecordedTraffic } from '../model/logged-flow.js';
import type { IpPacket, Transport } from '../model/packet.js';
import { ACK, ICMP, ICMPV6, SYN, TCP, UDP } from '../model/protocol.js';
import type { RecordedFlow } from '../model/recorded-flow.js';
import { codeText } from '../model/verdict.js';
import { askPacket } from './ask.js';
import { findOut } from './explain.js';
import type { ExplainedWorld } from './world.js';

/** What AWS's answer to the records of a difference may mean, and why ours is as it is. */
export function reasonsFor(
  world: ExplainedWorld,
  difference: DifferenceKind & { readonly example: RecordedFlow },
  isReply: boolean,
): Difference['reasons'] {
  return { aws: awsReason(difference), ours: ourReason(world, difference, isReply) };
}

/** FL-3: the log does not tell which control it was. */
function awsReason({
  accepted,
  rejectReason,
  example: { traffic },
}: DifferenceKind & { readonly example: RecordedFlow }): string {
  if (accepted) return 'the groups and network ACLs of then let it pass';
  if (rejectReason !== undefined && rejectReason !== 'BPA') return `rejected for ${rejectReason}`;
  if (rejectReason === 'BPA') return 'VPC block public access rejected it';
  const { protocol, tcpFlags } = traffic;
  const midway = protocol === TCP && tcpFlags !== undefined && (tcpFlags & SYN) === 0;
  return midway
    ? 'a group or a network ACL denied it or, as there is no SYN among its packets, it came after its connection had closed (FL-3)'
    : 'a group or a network ACL denied it, or it came after its connection had closed: the log does not tell which (FL-3)';
}

/** By the rules alone where that gives the same answer; else what was remembered has a part in it. */
function ourReason(
  world: ExplainedWorld,
  { ours, example }: DifferenceKind & { readonly example: RecordedFlow },
  isReply: boolean,
): string {
  const { timeline } = world;
  const timeNs = BigInt(example.record.start) * 1_000_000_000n;
  const phase = Math.max(
    0,
    timeline.phases.findLastIndex(({ fromNs }, i) => i > 0 && timeNs >= fromNs),
  );
  const ip = packetOf(example, isReply);
  const length = Math.floor(example.traffic.bytes / example.traffic.packets);
  const asked = askPacket(world, { timeNs, length, content: { kind: 'ip', ip } }, phase);
  const answer = asked.verdict.at.at(-1);
  const isSame =
    answer?.code === ours.code && answer.eni === ours.eni && answer.direction === ours.direction;
  const text = isSame ? findOut(world, asked).reason : codeText(ours.code);
  const isIcmp = ip.transport?.kind === 'icmp';
  return isIcmp ? `${text} (asked about an echo: a record does not tell the type)` : text;
}

function packetOf({ traffic, source, destination }: RecordedFlow, isReply: boolean): IpPacket {
  const transport = transportOf(traffic, source.family, isReply);
  const { protocol } = traffic;
  return { source, destination, protocol, ...(transport !== undefined && { transport }) };
}

function transportOf(
  { protocol, sourcePort, destinationPort, tcpFlags }: RecordedTraffic,
  family: 4 | 6,
  isReply: boolean,
): Transport | undefined {
  switch (protocol) {
    case TCP: {
      const opens = tcpFlags === undefined || (tcpFlags & SYN) !== 0;
      const flags = opens ? SYN | (isReply ? ACK : 0) : ACK;
      return { kind: 'tcp', sourcePort, destinationPort, flags };
    }
    case UDP:
      return { kind: 'udp', sourcePort, destinationPort };
    case family === 4 ? ICMP : ICMPV6:
      return {
        kind: 'icmp',
        type: family === 4 ? (isReply ? 0 : 8) : isReply ? 129 : 128,
        code: 0,
        id: 0,
      };
    default:
      return undefined;
  }
}
