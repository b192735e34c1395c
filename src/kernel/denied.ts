import { Connection, isExpired } from './connection';
import {
  DENIED_ICMP,
  DENIED_OTHER,
  DENIED_TCP,
  DENIED_UDP,
  NONE,
  PLAIN,
  VIA_LOAD_BALANCER,
} from './layout';
import { isViaLoadBalancer } from './paths';
import { TCP, UDP, isIcmp } from './protocol';
import { beginRecord, isPlain } from './record';
import { Visit, ruleFor } from './visit';

export function isDenial(c: Connection): bool {
  return c.state >= DENIED_TCP;
}

/**
 * CT-25: whether a packet only exists because a denied opening was answered. `opens`: it is a bare SYN. The opener's side
 * is judged afresh, but TCP that goes on only when a rule allows it by now.
 */
export function followsDenied(visit: Visit, c: Connection, opens: bool): bool {
  if (opens) return false;
  const row = visit.row;
  const tcp = row.protocol == TCP;
  if (c.direction == visit.direction) return tcp && ruleFor(visit, row.destinationPort) == NONE;
  if (tcp || row.protocol == UDP) visit.port = row.sourcePort;
  return true;
}

/** Remembers a denied opener, or refreshes the memory of it. `byRules`: no rule matched, which is so for all of its packets. */
export function rememberDenial(visit: Visit, byRules: bool): void {
  const c = visit.connection;
  const now = visit.row.clockNs;
  const known = changetype<usize>(c) != 0 && isDenial(c) && !isExpired(c, now);
  if (known && c.direction == visit.direction) c.lastSeen = now;
  else {
    const note = beginRecord(visit, stateOfDenial(visit));
    if (changetype<usize>(note) == 0) return;
    // No group so far: an address that may be read.
    note.rule = <u32>changetype<usize>(note);
    note.replyRule = <u32>changetype<usize>(note);
    if (byRules && isPlain(visit)) note.flags = PLAIN;
    if (isViaLoadBalancer(visit)) note.flags |= VIA_LOAD_BALANCER;
  }
}

/** A denial is remembered as long as the entry that the opener would have made. */
function stateOfDenial(visit: Visit): u8 {
  const protocol = visit.row.protocol;
  if (protocol == TCP) return DENIED_TCP;
  if (protocol == UDP) return DENIED_UDP;
  return isIcmp(visit.v6, protocol) ? DENIED_ICMP : DENIED_OTHER;
}
