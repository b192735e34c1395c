import type { Address } from './address.js';
import type { Tally } from './tally.js';
import type { Direction } from './security-group.js';
import type { VerdictCode } from './verdict.js';

/** Where a tracked flow stands: what its idle limit hangs on. TCP's have Linux's names (CT-13). */
export const FLOW_STATES = [
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'SYN_SENT2',
  'UDP',
  'UDP_STREAM',
  'ICMP',
  'OTHER',
] as const;

export type FlowState = (typeof FLOW_STATES)[number];

/**
 * What an interface remembered under one key: a connection, live or over (CT-2, CT-14); a denied opening (CT-25); a flow
 * that is not tracked (CT-6); a mid-stream flow that no rule allowed, noted only to count it once; the verdict of a
 * datagram's first fragment (CT-18).
 */
export interface Remembered {
  readonly kind: 'connection' | 'denied' | 'untracked' | 'noted' | 'first-fragment';
  readonly eni: string;
  readonly flow: FlowEnds;
  /** Of a connection. */
  readonly state?: FlowState;
  /** Direction of the packet that began it. */
  readonly original: Direction;
  /** Id of the rule that opened the connection, or that answered for the first fragment. */
  readonly rule?: string;
  /** Of a first fragment: its answer, and the destination port that it tells, or its ICMP type * 256 + code. */
  readonly code?: VerdictCode;
  readonly port?: number;
  /** Time of the last packet that counts, in nanoseconds of packet time. */
  readonly lastSeenNs: bigint;
  /** Over when silent for so long, in seconds. */
  readonly idleSeconds: number;
  /** TCP: it has been ESTABLISHED, so its end is remembered (CT-14). */
  readonly wasEstablished: boolean;
  /** UDP: requests followed by a reply, 2 for any more (CT-12), and whether the last packet was a request. */
  readonly turns: number;
  readonly lastWasOriginal: boolean;
  readonly account: Account;
}

/** Both ends of a flow, seen from an interface (CT-3). */
export interface FlowEnds {
  readonly local: Address;
  readonly remote: Address;
  readonly protocol: number;
  /** TCP and UDP. */
  readonly localPort?: number;
  readonly remotePort?: number;
  /** ICMP: type of the request, identifier, who asks. */
  readonly query?: { readonly request: number; readonly id: number; readonly byLocal: boolean };
  /** Identifier of a fragmented datagram. */
  readonly datagram?: number;
}

/** When it began, and what passed since; dropped packets do not count. */
export interface Account {
  readonly createdNs: bigint;
  readonly createdFrame: number;
  readonly original: Tally;
  readonly reply: Tally;
}

/** Whether it was over at a time, in nanoseconds: expired, or closed and then expired. */
export function isOver({ lastSeenNs, idleSeconds }: Remembered, nowNs: bigint): boolean {
  return nowNs - lastSeenNs >= BigInt(idleSeconds) * 1_000_000_000n;
}
