import type { Address } from '../model/address.js';
import type { IpPacket, Transport } from '../model/packet.js';
import { ICMP, ICMP_QUERIES, ICMPV6, TCP, UDP } from '../model/protocol.js';
import type { FlowEnds } from '../model/remembered.js';
import type { Direction } from '../model/security-group.js';
import { FIXED_IDLE_SECONDS } from '../model/tracking.js';
import type { IdleSeconds } from '../model/tracking.js';
import { localAddress, remoteAddress } from './reference-exempt.js';
import { isBareSynFlags, isOver, nextTcpState, tcpIdleSeconds } from './reference-tcp.js';
import type { TcpState } from './reference-tcp.js';

/** How far a connection has come: what its idle limit hangs on. */
export type Progress =
  | { readonly kind: 'tcp'; readonly state: TcpState; readonly wasEstablished: boolean }
  /** `turns`: requests followed by a reply, so far (CT-12). */
  | { readonly kind: 'udp'; readonly turns: number; readonly lastWasOriginal: boolean }
  | { readonly kind: 'icmp' }
  | { readonly kind: 'other' };

/**
 * What the packets of a connection have in common, seen from the interface that the packet leaves or comes to
 * (CT-3). Undefined for packets that no connection can hold: ICMP other than queries, and later fragments of
 * protocols with ports.
 */
export function connectionKey(packet: IpPacket, direction: Direction): string | undefined {
  const flow = flowOf(packet, direction);
  return flow && keyOfFlow(flow);
}

/** Both ends of the flow of a packet; undefined when no connection can hold it. */
export function flowOf(packet: IpPacket, direction: Direction): FlowEnds | undefined {
  const { protocol, transport } = packet;
  const local = localAddress(packet, direction);
  const remote = remoteAddress(packet, direction);
  const ends = { local, remote, protocol };
  if (isIcmp(packet)) {
    const query = icmpQuery(packet);
    if (query === undefined) return undefined;
    const { request, id, isRequest } = query;
    return { ...ends, query: { request, id, byLocal: isRequest === (direction === 'egress') } };
  }
  if (protocol !== TCP && protocol !== UDP) return ends;
  if (transport?.kind !== 'tcp' && transport?.kind !== 'udp') return undefined;
  const { sourcePort, destinationPort } = transport;
  return direction === 'egress'
    ? { ...ends, localPort: sourcePort, remotePort: destinationPort }
    : { ...ends, localPort: destinationPort, remotePort: sourcePort };
}

/** Equal for two packets exactly when they are of one flow. */
export function keyOfFlow(flow: FlowEnds): string {
  const { local, remote, protocol, localPort, remotePort, query } = flow;
  const ends = `${text(local)} ${text(remote)}`;
  if (query !== undefined) {
    const requester = query.byLocal ? 'local' : 'remote';
    return `${ends} icmp ${query.request} id ${query.id} by ${requester}`;
  }
  return localPort === undefined
    ? `${ends} ${protocol}`
    : `${ends} ${protocol} ${localPort} ${remotePort}`;
}

/** ICMP in its own family; in the other one 1 and 58 are protocols like any other. */
export function isIcmp({ source, protocol }: IpPacket): boolean {
  return protocol === (source.family === 4 ? ICMP : ICMPV6);
}

/** SYN without ACK, RST and FIN: the only packet that opens a TCP connection (CT-13). */
export function isBareSyn({ transport }: Pick<IpPacket, 'transport'>): boolean {
  return transport?.kind === 'tcp' && isBareSynFlags(transport.flags);
}

/** The progress that a packet makes by opening a connection; undefined when it can open none (CT-13, CT-15). */
export function openingProgress(packet: IpPacket): Progress | undefined {
  if (isIcmp(packet)) {
    return icmpQuery(packet)?.isRequest === true ? { kind: 'icmp' } : undefined;
  }
  if (packet.protocol === TCP) {
    return isBareSyn(packet) ? { kind: 'tcp', state: 'SS', wasEstablished: false } : undefined;
  }
  if (packet.protocol === UDP) return { kind: 'udp', turns: 0, lastWasOriginal: true };
  return { kind: 'other' };
}

/** CT-14: a TCP connection whose beginning was not captured, before its first captured packet. */
export const INFERRED_PROGRESS: Progress = { kind: 'tcp', state: 'ES', wasEstablished: true };

/** The progress after one more permitted packet (CT-12, CT-13). */
export function advance(
  progress: Progress,
  fromOpener: boolean,
  transport: Transport | undefined,
): Progress {
  switch (progress.kind) {
    case 'tcp': {
      const flags = transport?.kind === 'tcp' ? transport.flags : 0;
      const state = nextTcpState(progress.state, fromOpener, flags);
      return { kind: 'tcp', state, wasEstablished: progress.wasEstablished || state === 'ES' };
    }
    case 'udp': {
      const isTurn = progress.lastWasOriginal && !fromOpener;
      const turns = progress.turns + (isTurn ? 1 : 0);
      return { kind: 'udp', turns, lastWasOriginal: fromOpener };
    }
    case 'icmp':
    case 'other':
      return progress;
  }
}

/** How long a connection may be silent, in seconds (CT-12, CT-13, CT-15, CT-17). */
export function idleSecondsOf(progress: Progress, limits: IdleSeconds): number {
  switch (progress.kind) {
    case 'tcp':
      return tcpIdleSeconds(progress.state, limits.tcpEstablished);
    case 'udp':
      return progress.turns > 1 ? limits.udpStream : limits.udp;
    case 'icmp':
      return FIXED_IDLE_SECONDS.icmp;
    case 'other':
      return FIXED_IDLE_SECONDS.other;
  }
}

/** Whether a bare SYN that meets the connection begins another one (CT-13). */
export function isClosed(progress: Progress): boolean {
  return progress.kind === 'tcp' && isOver(progress.state);
}

/** Whether its end is remembered: a connection that was never established leaves no trace (CT-14). */
export function leavesHistory(progress: Progress): boolean {
  return progress.kind === 'tcp' && progress.wasEstablished;
}

interface IcmpQuery {
  /** Type of the request: names the pair (CT-15). */
  readonly request: number;
  readonly isRequest: boolean;
  readonly id: number;
}

function icmpQuery({ source, transport }: IpPacket): IcmpQuery | undefined {
  if (transport?.kind !== 'icmp') return undefined;
  const { type, id } = transport;
  const pair = ICMP_QUERIES.find(
    ({ family, request, reply }) =>
      family === source.family && (type === request || type === reply),
  );
  return pair && { request: pair.request, isRequest: type === pair.request, id };
}

function text({ family, value }: Address): string {
  return `${family}:${value.toString(16)}`;
}
