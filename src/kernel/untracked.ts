import { countPacket } from './account';
import { givePlaces } from './allowance';
import { Connection } from './connection';
import {
  ALLOW_UNTRACKED,
  DROP_NO_RULE,
  EGRESS,
  INGRESS,
  NONE,
  NOT_JUDGED_STATE_FULL,
  PLAIN,
  UNTRACKED,
} from './layout';
import { beginInferred } from './midstream';
import { isAutoTracked } from './paths';
import { image } from './policy';
import { TCP, UDP } from './protocol';
import { beginRecord, isPlain } from './record';
import { anyPeerMatches, isOpen, sideOf } from './rule-image';
import { Visit, ruleFor, ruleForSwapped } from './visit';

/** CT-4 and CT-6: the packet as initiator or, unless it opens, the swapped packet as initiator. */
export function isUntracked(visit: Visit, opens: bool): bool {
  const row = visit.row;
  const direction = visit.direction;
  return (
    (startsUntracked(visit, direction, row.destinationPort) ||
      (!opens && startsUntracked(visit, direction ^ 1, row.sourcePort))) &&
    !isAutoTracked(visit)
  );
}

/** CT-10: whether rules have become so open that a tracked flow needs no tracking. Then the record only notes it. */
export function discardIfUntracked(visit: Visit, c: Connection): bool {
  const row = visit.row;
  if (row.protocol != TCP && row.protocol != UDP) return false;
  const port = c.direction == visit.direction ? row.destinationPort : row.sourcePort;
  if (!startsUntracked(visit, c.direction, port) || isAutoTracked(visit)) return false;
  givePlaces(c);
  c.state = UNTRACKED;
  c.flags = 0;
  c.lastSeen = row.clockNs;
  c.rule = NONE;
  c.replyRule = NONE;
  return true;
}

/** CT-9, CT-11: rules have become so narrow that a flow needs tracking: it is cut, or tracked from here on. */
export function trackOrCut(visit: Visit): u8 {
  let opener = visit.direction;
  let rule = ruleFor(visit, visit.row.destinationPort);
  if (rule == NONE) {
    opener ^= 1;
    rule = ruleForSwapped(visit);
  }
  return rule == NONE ? DROP_NO_RULE : beginInferred(visit, opener, rule);
}

function startsUntracked(visit: Visit, direction: u32, port: u32): bool {
  const protocol = visit.row.protocol;
  const set = visit.eni.set;
  const v6 = visit.v6;
  if (!isOpen(sideOf(image, set, direction ^ 1, v6), protocol)) return false;
  return anyPeerMatches(image, sideOf(image, set, direction, v6), v6, protocol, port);
}

/** First packet of a flow that is not tracked: the flow is noted, to count it once and to spare the next packets the search. */
export function beginUntracked(visit: Visit): u8 {
  const rule = ruleFor(visit, visit.row.destinationPort);
  if (rule == NONE) return DROP_NO_RULE;
  const note = beginRecord(visit, UNTRACKED);
  if (changetype<usize>(note) == 0) return NOT_JUDGED_STATE_FULL;
  if (isPlain(visit)) note.flags = PLAIN;
  note.rule = visit.direction == EGRESS ? rule : NONE;
  note.replyRule = visit.direction == INGRESS ? rule : NONE;
  countPacket(note, visit.row, visit.direction);
  visit.rule = rule;
  return ALLOW_UNTRACKED;
}

/** CT-6: every packet needs a rule in its own direction. */
export function passUntracked(visit: Visit, note: Connection): u8 {
  const row = visit.row;
  note.lastSeen = row.clockNs;
  let rule = visit.direction == EGRESS ? note.rule : note.replyRule;
  if (rule == NONE) {
    rule = ruleFor(visit, row.destinationPort);
    if (rule == NONE) return DROP_NO_RULE;
    if (visit.direction == EGRESS) note.rule = rule;
    else note.replyRule = rule;
  }
  countPacket(note, row, visit.direction);
  visit.rule = rule;
  return ALLOW_UNTRACKED;
}
