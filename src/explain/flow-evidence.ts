import { type Address, formatAddress } from '../model/address.js';
import type { Evidence } from '../model/evidence.js';
import type { Flow } from '../model/flow.js';
import type { Packet, Transport } from '../model/packet.js';
import { SYN, TCP, UDP } from '../model/protocol.js';
import { askPacket } from './ask.js';
import type { ExplainedWorld } from './world.js';

/** Finds the first packet of a flow among evidence in the order of frames, as far as addresses and ports tell. */
export function evidenceFinder(packets: readonly Evidence[]): (flow: Flow) => Evidence | undefined {
  const byEnds = new Map<string, Evidence[]>();
  for (const evidence of packets) {
    const { content } = evidence.packet;
    if (content.kind !== 'ip') continue;
    const { source, destination, protocol, transport } = content.ip;
    const [from, to] =
      transport === undefined || transport.kind === 'icmp'
        ? [undefined, undefined]
        : [transport.sourcePort, transport.destinationPort];
    const key = endsKey(protocol, endText(source, from), endText(destination, to));
    const known = byEnds.get(key);
    if (known === undefined) byEnds.set(key, [evidence]);
    else known.push(evidence);
  }
  return ({ protocol, source, destination, sourcePort, destinationPort, firstFrame }) => {
    const ends = [endText(source, sourcePort), endText(destination, destinationPort)] as const;
    const found = byEnds.get(endsKey(protocol, ...ends)) ?? [];
    return found.find(({ verdict }) => verdict.frame >= firstFrame);
  };
}

/** The same for both directions. */
const endsKey = (protocol: number, ...ends: readonly [string, string]): string =>
  [protocol, ...ends.toSorted()].join(' ');

const endText = (address: Address, port: number | undefined): string =>
  `${formatAddress(address)} ${port ?? '-'}`;

/**
 * The first packet of a flow, judged by the reference, which remembers nothing: undefined when the kernel, which may have
 * remembered something, gave another answer.
 */
export function firstEvidence(
  world: ExplainedWorld,
  flow: Flow,
  phase: number,
): Evidence | undefined {
  const evidence = askPacket(world, firstPacket(flow), phase);
  const { code, at } = evidence.verdict;
  const isSame =
    code === flow.code && JSON.stringify(at.map(placeOf)) === JSON.stringify(flow.at.map(placeOf));
  return isSame
    ? { ...evidence, verdict: { ...evidence.verdict, frame: flow.firstFrame } }
    : undefined;
}

const placeOf = ({ eni, direction, code }: Flow['at'][number]): readonly string[] => [
  eni,
  direction,
  code,
];

/** Flags are known of all packets together: who opens sends a SYN. */
function firstPacket(flow: Flow): Packet {
  const { source, destination, protocol } = flow;
  const transport = transportOf(flow);
  const ip = { source, destination, protocol, ...(transport && { transport }) };
  return { timeNs: flow.firstTimeNs, length: LENGTH, content: { kind: 'ip', ip } };
}

/** Bytes; nothing hangs on it. */
const LENGTH = 60;

function transportOf(flow: Flow): Transport | undefined {
  const { protocol, sourcePort, destinationPort, icmp, tcpFlags } = flow;
  if (icmp !== undefined) return { kind: 'icmp', ...icmp };
  if (sourcePort === undefined || destinationPort === undefined) return undefined;
  const ports = { sourcePort, destinationPort };
  if (protocol === UDP) return { kind: 'udp', ...ports };
  if (protocol !== TCP) return undefined;
  return { kind: 'tcp', ...ports, flags: (tcpFlags & SYN) === 0 ? tcpFlags : SYN };
}
