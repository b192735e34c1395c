import { ASKED, Connection, LIVE_UDP, WAS_ESTABLISHED } from './connection';
import { Row } from './row';
import { ESTABLISHED, nextTcpState } from './tcp';

/** A packet of a live connection: refresh it and advance its state (CT-2, CT-12, CT-13). */
export function refresh(c: Connection, row: Row, direction: u32): void {
  c.lastSeen = row.clockNs;
  const reply = u32(c.direction != direction);
  if (c.state < LIVE_UDP) {
    c.state = nextTcpState(c.state, reply, row.tcpFlags);
    if (c.state == ESTABLISHED) c.flags |= WAS_ESTABLISHED;
  } else if (c.state == LIVE_UDP) {
    if (!reply) c.flags |= ASKED;
    else if (c.flags & ASKED) {
      c.flags &= ~ASKED;
      if (c.turns < 2) c.turns++;
    }
  }
}
