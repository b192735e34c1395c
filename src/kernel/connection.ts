import { FlowKey, scopeInterface, scopeIsIpv6 } from './flow-key';
import { historyNs, midstream } from './policy';
import { Interface, interfaceOf } from './interfaces';
import { MIDSTREAM_HISTORY } from './layout';
import {
  CLOSE,
  CLOSE_WAIT,
  ESTABLISHED,
  FIN_WAIT,
  LAST_ACK,
  SYN_RECEIVED,
  SYN_SENT,
  SYN_SENT2,
  TIME_WAIT,
} from './tcp';
import { TCP, UDP, isIcmp } from './protocol';

/**
 * Tracked state of a flow at one interface, 64 bytes, one cache line:
 *
 *   0                      40     44     48          56           60      61          62      63
 *   | key: see flow-key.ts | hash | rule | last seen | reply rule | state | direction | flags | turns |
 *
 * The same record also remembers what is not a live connection: an ended one (CT-14), a denied opening (CT-25), a flow
 * that is not tracked, the verdict of a first fragment (CT-18).
 */
@unmanaged
export class Connection extends FlowKey {
  /** The rule that opened it; untracked: the egress rule. */
  rule: u32;
  lastSeen: i64;
  /** Untracked: the ingress rule; fragment: the port that its drops are counted under. */
  replyRule: u32;
  state: u8;
  /** Direction of the packet that opened it. */
  direction: u8;
  flags: u8;
  /** UDP: request-reply turns; fragment: verdict code. */
  turns: u8;
}
export const CONNECTION_SHIFT: usize = 6;
if (offsetof<Connection>() != 64) ERROR('connection: size');

// States: 1 to 9 are TCP's.
export const FREE: u8 = 0;
export const LIVE_UDP: u8 = 10;
export const LIVE_ICMP: u8 = 11;
export const LIVE_OTHER: u8 = 12;
export const LAST_LIVE: u8 = 12;
export const UNTRACKED: u8 = 13;
export const DENIED: u8 = 14;
/** A denied mid-stream flow: only so that it is counted once. */
export const NOTED: u8 = 15;
export const FRAGMENT: u8 = 16;

// Flags
export const WAS_ESTABLISHED: u8 = 1;
/** UDP: the last packet went in the original direction. */
export const ASKED: u8 = 2;
/** Nothing but the security groups has a say about the flow's packets, either way: they need not be asked again. */
export const PLAIN: u8 = 4;

const SECOND: i64 = 1_000_000_000;
const NOTE_SECONDS: i64 = 60;

/** How long a record in its state lives without a packet, in nanoseconds (CT-12, CT-13, CT-15, CT-17, CT-18, CT-25). */
function idleNs(c: Connection): i64 {
  if (c.state == ESTABLISHED) return <i64>ownerOf(c).tcpEstablishedNs;
  switch (c.state) {
    case LIVE_UDP:
      return <i64>(c.turns >= 2 ? ownerOf(c).udpStreamNs : ownerOf(c).udpNs);
    case SYN_SENT:
    case SYN_SENT2:
    case FIN_WAIT:
    case TIME_WAIT:
      return 120 * SECOND;
    case SYN_RECEIVED:
    case CLOSE_WAIT:
      return 60 * SECOND;
    case LAST_ACK:
    case LIVE_ICMP:
      return 30 * SECOND;
    case CLOSE:
      return 10 * SECOND;
    case LIVE_OTHER:
      return 600 * SECOND;
    case UNTRACKED:
    case NOTED:
      return NOTE_SECONDS * SECOND;
    case FRAGMENT:
      return (scopeIsIpv6(c.scope) ? 60 : 30) * SECOND;
    default:
      return deniedNs(c);
  }
}

/** A denied opening is remembered as long as the entry it would have made (CT-25). */
function deniedNs(c: Connection): i64 {
  const protocol = <u8>c.scope;
  if (protocol == TCP) return 120 * SECOND;
  if (protocol == UDP) return <i64>ownerOf(c).udpNs;
  return (isIcmp(scopeIsIpv6(c.scope), protocol) ? 30 : 600) * SECOND;
}

function ownerOf(c: Connection): Interface {
  return interfaceOf(scopeInterface(c.scope));
}

export function isExpired(c: Connection, now: i64): bool {
  return now - c.lastSeen >= idleNs(c);
}

/** Whether an expired record still tells that its connection once was (CT-14 a). */
export function isRemembered(c: Connection, now: i64): bool {
  return (c.flags & WAS_ESTABLISHED) != 0 && now - c.lastSeen - idleNs(c) < historyNs;
}

/** Whether nothing can depend on a record any more. */
export function isForgotten(c: Connection, now: i64): bool {
  if (!isExpired(c, now)) return false;
  return midstream != MIDSTREAM_HISTORY || !isRemembered(c, now);
}
