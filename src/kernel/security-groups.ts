import { countPacket } from './account';
import { Connection, isExpired } from './connection';
import { findConnection } from './connection-index';
import { followsDenied, isDenial, rememberDenial } from './denied';
import { setFlowKey } from './flow-key';
import { judgeFragment } from './fragments';
import {
  ALLOW_RELATED,
  ALLOW_RULE,
  ALLOW_TRACKED,
  CLOSE,
  DROP_ALLOWANCE_EXCEEDED,
  DROP_NOT_OPENED,
  DROP_NO_RULE,
  FLAG_FIRST_FRAGMENT,
  FLAG_LATER_FRAGMENT,
  LAST_LIVE,
  LIVE_ICMP,
  LIVE_OTHER,
  LIVE_UDP,
  NONE,
  NOTED,
  SYN_SENT,
  TIME_WAIT,
  UNTRACKED,
  ASKED,
  PLAIN,
  RECHECK,
} from './layout';
import { judgeMidstream } from './midstream';
import { rememberDenied } from './policy';
import { TCP, UDP, isBareSyn, isIcmp, isIcmpRequest } from './protocol';
import { beginConnection, isPlain } from './record';
import { isRelated } from './related';
import { traceRecord } from './trace';
import { refresh } from './tracked';
import {
  beginUntracked,
  discardIfUntracked,
  isUntracked,
  passUntracked,
  trackOrCut,
} from './untracked';
import { Visit, ruleFor } from './visit';

/** Judges a packet by the security groups of the interface it visits: SG(E, dir, pkt) of section 0. */
export function judgeSecurityGroups(visit: Visit): u8 {
  const fragment = visit.row.flags & (FLAG_FIRST_FRAGMENT | FLAG_LATER_FRAGMENT);
  return fragment ? judgeFragment(visit) : judgeFlow(visit);
}

/** The order of the questions is the semantics. */
export function judgeFlow(visit: Visit): u8 {
  const row = visit.row;
  const tcp = row.protocol == TCP;
  const opens = tcp && isBareSyn(row.tcpFlags);
  if (!visit.hasKey) visit.hasKey = setFlowKey(visit, row, visit.number, visit.direction);
  let noted = false;

  if (visit.hasKey) {
    const c = findConnection(visit);
    visit.connection = c;
    traceRecord(c, row.clockNs);
    if (changetype<usize>(c) != 0) {
      const expired = isExpired(c, row.clockNs);
      if (c.state <= LAST_LIVE) {
        const over = opens && (c.state == TIME_WAIT || c.state == CLOSE);
        if (!expired && !over) {
          if (!(c.flags & RECHECK) || !discardIfUntracked(visit, c)) {
            if (c.flags & RECHECK) recheck(visit, c);
            refresh(c, row, visit.direction);
            countPacket(c, row, visit.direction);
            visit.rule = c.rule;
            return ALLOW_TRACKED;
          }
          noted = true;
        }
      } else if (!expired && isDenial(c)) {
        if (rememberDenied) {
          if (followsDenied(visit, c, opens)) return DROP_NOT_OPENED;
          // Judged afresh, whatever comes of it: the denial is over.
          if (tcp && !opens) c.state = NOTED;
        }
      } else if (!expired && c.state == UNTRACKED) {
        if (!opens) {
          if (!(c.flags & RECHECK)) return passUntracked(visit, c);
          if (!isUntracked(visit, false)) return trackOrCut(visit);
          recheck(visit, c);
          return passUntracked(visit, c);
        }
        noted = true;
      }
    }
  } else if (isRelated(visit)) {
    return ALLOW_RELATED;
  }

  if (tcp || row.protocol == UDP) {
    if (isUntracked(visit, opens)) {
      return noted ? passUntracked(visit, visit.connection) : beginUntracked(visit);
    }
    if (tcp && !opens) return judgeMidstream(visit);
  }
  return judgeOpening(visit);
}

/** A connection that rules have not overtaken: what was concluded of its path is concluded anew. */
function recheck(visit: Visit, c: Connection): void {
  c.flags &= ~RECHECK;
  if (isPlain(visit)) c.flags |= PLAIN;
}

/** The rules decide; what they allow is remembered when it opens a flow, and what they deny too. */
function judgeOpening(visit: Visit): u8 {
  const row = visit.row;
  const protocol = row.protocol;
  const icmp = isIcmp(visit.v6, protocol);
  const rule = ruleFor(visit, row.destinationPort);
  // CT-15: of ICMP, only a query opens.
  const opens = visit.hasKey && (!icmp || isIcmpRequest(visit.v6, <u8>(row.destinationPort >> 8)));
  if (rule == NONE) {
    if (opens) rememberDenial(visit, true);
    return DROP_NO_RULE;
  }
  if (opens) {
    const udp = protocol == UDP;
    const state = protocol == TCP ? SYN_SENT : udp ? LIVE_UDP : icmp ? LIVE_ICMP : LIVE_OTHER;
    const full = beginConnection(visit, visit.direction, state, rule, udp ? ASKED : 0);
    if (full == DROP_ALLOWANCE_EXCEEDED) rememberDenial(visit, false);
    if (full) return full;
  }
  visit.rule = rule;
  return ALLOW_RULE;
}
