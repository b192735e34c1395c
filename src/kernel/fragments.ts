import { isExpired } from './connection';
import { findConnection } from './connection-index';
import { setFragmentKey } from './flow-key';
import {
  ALLOW_RULE,
  FRAGMENT_COVERS,
  FRAGMENT_WAITS,
  DROP_NO_RULE,
  FLAG_FIRST_FRAGMENT,
  FRAGMENT4,
  FRAGMENT6,
  NONE,
  NOT_JUDGED_STATE_FULL,
} from './layout';
import { TCP, UDP, isIcmp } from './protocol';
import { beginRecord } from './record';
import { NO_PORT } from './rule-image';
import { judgeFlow } from './security-groups';
import { traceRecord } from './trace';
import { Visit, ruleFor } from './visit';

/**
 * CT-18: the verdict of a datagram's first fragment covers the later ones. A later one that comes before it gets the answer
 * that stands if it never comes, and waits: see replay/early-fragments.ts.
 */
export function judgeFragment(visit: Visit): u8 {
  return visit.row.flags & FLAG_FIRST_FRAGMENT ? judgeFirst(visit) : judgeLater(visit);
}

function judgeFirst(visit: Visit): u8 {
  const code = judgeFlow(visit);
  const begins = visit.begins;
  setFragmentKey(visit, visit.row, visit.number, visit.direction);
  visit.connection = findConnection(visit);
  const note = beginRecord(visit, visit.v6 ? FRAGMENT6 : FRAGMENT4);
  visit.begins = begins;
  if (changetype<usize>(note) == 0) return NOT_JUDGED_STATE_FULL;
  note.rule = visit.rule;
  note.replyRule = visit.port;
  note.turns = code;
  visit.datagram = FRAGMENT_COVERS;
  return code;
}

function judgeLater(visit: Visit): u8 {
  const row = visit.row;
  setFragmentKey(visit, row, visit.number, visit.direction);
  const note = findConnection(visit);
  traceRecord(note, row.clockNs);
  if (changetype<usize>(note) != 0 && !isExpired(note, row.clockNs)) {
    visit.rule = note.rule;
    visit.port = note.replyRule;
    return note.turns;
  }
  const protocol = row.protocol;
  const portless = protocol != TCP && protocol != UDP && !isIcmp(visit.v6, protocol);
  if (portless) return judgeFlow(visit);
  visit.datagram = FRAGMENT_WAITS;
  visit.rule = ruleFor(visit, NO_PORT);
  return visit.rule == NONE ? DROP_NO_RULE : ALLOW_RULE;
}
