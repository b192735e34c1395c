import { FlowKey, scopeInterface } from './flow-key';
import { idleLimit } from './interfaces';
import * as layout from './layout';
import {
  CONNECTION_SIZE,
  DENIED_UDP,
  ESTABLISHED,
  LIVE_UDP,
  LIVE_UDP_STREAM,
  MIDSTREAM_HISTORY,
  VIA_LOAD_BALANCER,
  WAS_ESTABLISHED,
} from './layout';
import { historyNs, midstream, recalledNs } from './policy';

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
  /** The rule that opened it; untracked: the egress rule; denied: the drop group of its packets in the original direction. */
  rule: u32;
  lastSeen: i64;
  /** Untracked: the ingress rule; denied: the group of its replies; fragment: the port that its drops are counted under. */
  replyRule: u32;
  state: u8;
  /** Direction of the packet that opened it. */
  direction: u8;
  flags: u8;
  /** UDP: whether a request-reply turn was seen; fragment: verdict code. */
  turns: u8;
}
export const CONNECTION_SHIFT: usize = 6;
if (offsetof<Connection>() != CONNECTION_SIZE) ERROR('connection: size');
if (offsetof<Connection>('localHi') != layout.CONNECTION_LOCAL) ERROR('connection: local');
if (offsetof<Connection>('remoteHi') != layout.CONNECTION_REMOTE) ERROR('connection: remote');
if (offsetof<Connection>('ports') != layout.CONNECTION_PORTS) ERROR('connection: ports');
if (offsetof<Connection>('scope') != layout.CONNECTION_SCOPE) ERROR('connection: scope');
if (offsetof<Connection>('hash') != layout.CONNECTION_HASH) ERROR('connection: hash');
if (offsetof<Connection>('rule') != layout.CONNECTION_RULE) ERROR('connection: rule');
if (offsetof<Connection>('lastSeen') != layout.CONNECTION_LAST_SEEN) ERROR('connection: last seen');
if (offsetof<Connection>('replyRule') != layout.CONNECTION_REPLY_RULE)
  ERROR('connection: reply rule');
if (offsetof<Connection>('state') != layout.CONNECTION_STATE) ERROR('connection: state');
if (offsetof<Connection>('direction') != layout.CONNECTION_DIRECTION)
  ERROR('connection: direction');
if (offsetof<Connection>('flags') != layout.CONNECTION_FLAGS) ERROR('connection: flags');
if (offsetof<Connection>('turns') != layout.CONNECTION_TURNS) ERROR('connection: turns');

/** CT-23, in nanoseconds. */
const LOAD_BALANCER_TCP: i64 = 350_000_000_000;
const LOAD_BALANCER_UDP: i64 = 120_000_000_000;

/** How long a record in its state lives without a packet, in nanoseconds: the interface says. */
function idleNs(c: Connection, number: u32): i64 {
  const state = c.state;
  if (c.flags & VIA_LOAD_BALANCER) {
    if (state == ESTABLISHED) return LOAD_BALANCER_TCP;
    if (state == LIVE_UDP || state == LIVE_UDP_STREAM || state == DENIED_UDP)
      return LOAD_BALANCER_UDP;
  }
  return idleLimit(number, state);
}

/** `isExpired` for whoever knows the record's interface. */
export function isExpiredAt(c: Connection, now: i64, number: u32): bool {
  return now - c.lastSeen >= idleNs(c, number);
}

export function isExpired(c: Connection, now: i64): bool {
  return isExpiredAt(c, now, scopeInterface(c.scope));
}

/** Whether an expired record still tells that its connection once was (CT-14 a). */
export function isRemembered(c: Connection, now: i64): bool {
  return (
    (c.flags & WAS_ESTABLISHED) != 0 &&
    now - c.lastSeen - idleNs(c, scopeInterface(c.scope)) < historyNs
  );
}

/** When nothing can depend on a record any more, nor anybody may want to be told of it, if no packet comes. */
export function forgottenAtNs(c: Connection): i64 {
  const told = midstream == MIDSTREAM_HISTORY && (c.flags & WAS_ESTABLISHED) != 0;
  const kept = told ? max<i64>(recalledNs, historyNs) : recalledNs;
  return c.lastSeen + idleNs(c, scopeInterface(c.scope)) + kept;
}

export function isForgotten(c: Connection, now: i64): bool {
  return now >= forgottenAtNs(c);
}
