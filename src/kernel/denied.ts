import { Connection, isExpired } from './connection';
import { DENIED_ICMP, DENIED_OTHER, DENIED_TCP, DENIED_UDP } from './layout';
import { TCP, UDP, isIcmp } from './protocol';
import { beginRecord } from './record';
import { Visit } from './visit';

export function isDenial(c: Connection): bool {
  return c.state >= DENIED_TCP;
}

/**
 * CT-25: whether a packet only exists because a denied opening was answered. `opens`: it is a bare SYN. The opener's side
 * is judged afresh, but not TCP that goes on: the rules that denied its opening have not changed since.
 */
export function followsDenied(visit: Visit, c: Connection, opens: bool): bool {
  if (opens) return false;
  const row = visit.row;
  const tcp = row.protocol == TCP;
  if (c.direction == visit.direction) return tcp;
  if (tcp || row.protocol == UDP) visit.port = row.sourcePort;
  return true;
}

/** Remembers a denied opener, or refreshes the memory of it. */
export function rememberDenial(visit: Visit): void {
  const c = visit.connection;
  const now = visit.row.clockNs;
  const known = changetype<usize>(c) != 0 && isDenial(c) && !isExpired(c, now);
  if (known && c.direction == visit.direction) c.lastSeen = now;
  else beginRecord(visit, stateOfDenial(visit));
}

/** A denial is remembered as long as the entry that the opener would have made. */
function stateOfDenial(visit: Visit): u8 {
  const protocol = visit.row.protocol;
  if (protocol == TCP) return DENIED_TCP;
  if (protocol == UDP) return DENIED_UDP;
  return isIcmp(visit.v6, protocol) ? DENIED_ICMP : DENIED_OTHER;
}
