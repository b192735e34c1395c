import { Connection, DENIED, isExpired } from './connection';
import { NONE } from './layout';
import { TCP, UDP } from './protocol';
import { beginRecord } from './record';
import { Visit, ruleFor } from './visit';

/** CT-25: whether a packet only exists because a denied opening was answered. `opens`: it is a bare SYN. */
export function followsDenied(visit: Visit, c: Connection, opens: bool): bool {
  if (opens) return false;
  const row = visit.row;
  const tcp = row.protocol == TCP;
  if (c.direction == visit.direction) {
    // The opener's side again: judged afresh, but TCP only if a rule has come to allow it.
    return tcp && ruleFor(visit, row.destinationPort) == NONE;
  }
  if (tcp || row.protocol == UDP) visit.port = row.sourcePort;
  return true;
}

/** Remembers a denied opener, or refreshes the memory of it. */
export function rememberDenial(visit: Visit): void {
  const c = visit.connection;
  const now = visit.row.clockNs;
  const known = changetype<usize>(c) != 0 && c.state == DENIED && !isExpired(c, now);
  if (known && c.direction == visit.direction) c.lastSeen = now;
  else beginRecord(visit, DENIED);
}
