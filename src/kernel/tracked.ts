import { Connection } from './connection';
import { ESTABLISHED, LIVE_UDP, LIVE_UDP_STREAM, ASKED, WAS_ESTABLISHED } from './layout';
import { Row } from './row';
import { nextTcpState } from './tcp';

/** A packet of a live connection: refresh it and advance its state (CT-2, CT-12, CT-13). */
export function refresh(c: Connection, row: Row, direction: u32): void {
  c.lastSeen = row.clockNs;
  const reply = u32(c.direction != direction);
  if (c.state < LIVE_UDP) {
    const next = nextTcpState(c.state, reply, row.tcpFlags);
    c.state = next;
    c.flags |= u8(next == ESTABLISHED) * WAS_ESTABLISHED;
  } else if (c.state <= LIVE_UDP_STREAM) {
    if (!reply) c.flags |= ASKED;
    else if (c.flags & ASKED) {
      c.flags &= ~ASKED;
      // A second request-reply turn makes a stream.
      if (c.turns == 0) c.turns = 1;
      else c.state = LIVE_UDP_STREAM;
    }
  }
}
