import { FlowKey, scopeInterface } from './flow-key';
import { interfaceOf } from './interfaces';
import {
  DENIED_UDP,
  ESTABLISHED,
  INTERFACE_IDLE,
  LIVE_UDP,
  LIVE_UDP_STREAM,
  MIDSTREAM_HISTORY,
} from './layout';
import { historyNs, midstream } from './policy';

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
  /** UDP: whether a request-reply turn was seen; fragment: verdict code. */
  turns: u8;
}
export const CONNECTION_SHIFT: usize = 6;
if (offsetof<Connection>() != 64) ERROR('connection: size');

// Flags
export const WAS_ESTABLISHED: u8 = 1;
/** UDP: the last packet went in the original direction. */
export const ASKED: u8 = 2;
/** Nothing but the security groups has a say about the flow's packets, either way: they need not be asked again. */
export const PLAIN: u8 = 4;
/** The flow goes through a Network Load Balancer (CT-23). */
export const VIA_LOAD_BALANCER: u8 = 8;
/** Rules have changed since its last packet (CT-9 to CT-11). */
export const RECHECK: u8 = 16;
/** Takes a place in its instance's allowance (CT-19) ... */
export const COUNTED: u8 = 32;
/** ... or two (CT-7). */
export const COUNTED_TWICE: u8 = 64;

/** CT-23, in nanoseconds. */
const LOAD_BALANCER_TCP: i64 = 350_000_000_000;
const LOAD_BALANCER_UDP: i64 = 120_000_000_000;

/** How long a record in its state lives without a packet, in nanoseconds: the interface says. */
function idleNs(c: Connection): i64 {
  const state = c.state;
  if (c.flags & VIA_LOAD_BALANCER) {
    if (state == ESTABLISHED) return LOAD_BALANCER_TCP;
    if (state == LIVE_UDP || state == LIVE_UDP_STREAM || state == DENIED_UDP)
      return LOAD_BALANCER_UDP;
  }
  const eni = changetype<usize>(interfaceOf(scopeInterface(c.scope)));
  return load<i64>(eni + ((<usize>state) << 3), INTERFACE_IDLE);
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
