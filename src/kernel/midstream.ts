import { isExpired, isRemembered } from './connection';
import {
  ALLOW_INFERRED,
  ESTABLISHED,
  LAST_LIVE,
  LIVE_UDP,
  NOTED,
  DROP_NO_RULE,
  DROP_NO_STATE,
  MIDSTREAM_HISTORY,
  MIDSTREAM_STRICT,
  NONE,
  ASKED,
  WAS_ESTABLISHED,
} from './layout';
import { midstream } from './policy';
import { TCP } from './protocol';
import { beginConnection, beginRecord } from './record';
import { nextTcpState } from './tcp';
import { Visit, ruleFor, ruleForSwapped } from './visit';

/** CT-14: TCP that no live connection knows and that opens none. */
export function judgeMidstream(visit: Visit): u8 {
  if (midstream == MIDSTREAM_STRICT) return DROP_NO_STATE;
  const row = visit.row;
  const c = visit.connection;
  const known = changetype<usize>(c) != 0;
  if (known && midstream == MIDSTREAM_HISTORY && c.state <= LAST_LIVE) {
    if (isRemembered(c, row.clockNs)) {
      if (c.direction != visit.direction) visit.port = row.sourcePort;
      return DROP_NO_STATE;
    }
  }
  let opener = visit.direction;
  let rule = ruleFor(visit, row.destinationPort);
  if (rule == NONE) {
    opener ^= 1;
    rule = ruleForSwapped(visit);
  }
  if (rule == NONE) {
    // Noted only so that the flow is counted once.
    if (known && c.state == NOTED && !isExpired(c, row.clockNs)) c.lastSeen = row.clockNs;
    else beginRecord(visit, NOTED);
    return DROP_NO_RULE;
  }
  return beginInferred(visit, opener, rule);
}

/** A connection whose beginning nobody tracked. */
export function beginInferred(visit: Visit, opener: u32, rule: u32): u8 {
  const row = visit.row;
  const reply = u32(opener != visit.direction);
  let state = LIVE_UDP;
  let flags: u8 = reply ? 0 : ASKED;
  if (row.protocol == TCP) {
    state = nextTcpState(ESTABLISHED, reply, row.tcpFlags);
    flags = WAS_ESTABLISHED;
  }
  const full = beginConnection(visit, opener, state, rule, flags);
  if (full) return full;
  visit.rule = rule;
  return ALLOW_INFERRED;
}
