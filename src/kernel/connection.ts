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
import { TCP, UDP, ICMP, ICMPV6 } from './protocol';

/**
 * Tracked state of a flow at one interface, 64 bytes, one cache line:
 *
 *   0       16       32      36      40          48     52           56     57         58     59     60
 *   | local | remote | ports | scope | last seen | rule | reply rule | state direction flags turns | hash
 *
 * The first 40 bytes are the key. The same record also remembers what is not a live connection: an ended one (CT-14),
 * a denied opening (CT-25), a flow that is not tracked, the verdict of a first fragment (CT-18).
 */
@unmanaged
export class Connection {
  localHi: u64;
  localLo: u64;
  remoteHi: u64;
  remoteLo: u64;
  /** Local port above remote port; ICMP: id above pair and requester; fragments: their id. */
  ports: u32;
  /** Interface, kind of key, protocol: see `scopeOf`. */
  scope: u32;
  lastSeen: i64;
  /** The rule that opened it; untracked: the egress rule. */
  rule: u32;
  /** Untracked: the ingress rule. */
  replyRule: u32;
  state: u8;
  /** Direction of the packet that opened it. */
  direction: u8;
  flags: u8;
  /** UDP: request-reply turns; fragment: verdict code. */
  turns: u8;
  hash: u32;
}
export const CONNECTION_SHIFT: usize = 6;
if (offsetof<Connection>() != 64) ERROR('connection: size');
if (offsetof<Connection>('ports') != 32) ERROR('connection: key');
if (offsetof<Connection>('lastSeen') != 40) ERROR('connection: key');

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

const SECOND: i64 = 1_000_000_000;
const NOTE_SECONDS: i64 = 60;

// Kinds of key, beside the family bit.
export const KIND_FLOW: u32 = 0;
export const KIND_FRAGMENT_EGRESS: u32 = 2;
export const KIND_FRAGMENT_INGRESS: u32 = 4;

export function scopeOf(eni: u32, kind: u32, v6: bool, protocol: u8): u32 {
  return (eni << 11) | ((kind | u32(v6)) << 8) | protocol;
}

/** How long a record in its state lives without a packet, in nanoseconds (CT-12, CT-13, CT-15, CT-17, CT-18, CT-25). */
export function idleNs(image: usize, c: Connection): i64 {
  switch (c.state) {
    case ESTABLISHED:
      return <i64>ownerOf(image, c).tcpEstablishedNs;
    case LIVE_UDP:
      return <i64>(c.turns >= 2 ? ownerOf(image, c).udpStreamNs : ownerOf(image, c).udpNs);
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
      return ((c.scope >> 8) & 1 ? 60 : 30) * SECOND;
    default:
      return deniedNs(image, c);
  }
}

/** A denied opening is remembered as long as the entry it would have made (CT-25). */
function deniedNs(image: usize, c: Connection): i64 {
  const protocol = <u8>c.scope;
  if (protocol == TCP) return 120 * SECOND;
  if (protocol == UDP) return <i64>ownerOf(image, c).udpNs;
  return (protocol == ((c.scope >> 8) & 1 ? ICMPV6 : ICMP) ? 30 : 600) * SECOND;
}

function ownerOf(image: usize, c: Connection): Interface {
  return interfaceOf(image, c.scope >> 11);
}

export function isExpired(image: usize, c: Connection, now: i64): bool {
  return now - c.lastSeen >= idleNs(image, c);
}

/** Whether an expired record still tells that its connection once was (CT-14 a). */
export function isRemembered(image: usize, c: Connection, now: i64, historyNs: i64): bool {
  return (c.flags & WAS_ESTABLISHED) != 0 && now - c.lastSeen - idleNs(image, c) < historyNs;
}

/** Whether nothing can depend on a record any more. */
export function isForgotten(
  image: usize,
  c: Connection,
  now: i64,
  midstream: u32,
  historyNs: i64,
): bool {
  if (!isExpired(image, c, now)) return false;
  return midstream != MIDSTREAM_HISTORY || !isRemembered(image, c, now, historyNs);
}
