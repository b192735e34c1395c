import { countPacket } from './account';
import { Frame } from './batch';
import { Connection, isExpiredAt } from './connection';
import { candidateFor, equalKeys, touchSlot } from './connection-index';
import { countAnswer, countFrame } from './counters';
import { countDrop, touchDropGroup } from './drop-groups';
import {
  ALLOW_TRACKED,
  ALLOW_UNTRACKED,
  DENIED_TCP,
  DENIED_UDP,
  DROP_NOT_OPENED,
  DROP_NO_RULE,
  EGRESS,
  LAST_LIVE,
  NONE,
  PLAIN,
  SEGMENT_BYTES,
  UNTRACKED,
} from './layout';
import { accountsAreKept, rememberDenied } from './policy';
import { isBareSyn } from './protocol';
import { ROUTE_SHIFT, Route } from './route';
import { Row } from './row';
import { traceFirst, traceRecord } from './trace';
import { refresh } from './tracked';
import { writeVerdict } from './verdict';

// The short way, which most packets take: a record tells the answer.

/** Keeps the early reads from being optimised away. */
export let touched: u64 = 0;

/** Reads a record, and its account. */
function touchRecord(record: usize): u64 {
  const account = accountsAreKept ? load<u64>(record + SEGMENT_BYTES) : 0;
  return load<u64>(record, 32) + account;
}

/**
 * Finds the records that a group of routes may need, and reads what judging will read. The loops are tight so that many
 * reads are under way at once: a processor looks some two hundred instructions ahead, and judging a packet takes more.
 */
export function findRecords(routes: usize, size: u32): void {
  const end = routes + ((<usize>size) << ROUTE_SHIFT);
  let read: u64 = 0;
  for (let at = routes; at < end; at += 1 << ROUTE_SHIFT) {
    read += touchSlot(changetype<Route>(at).hash);
  }
  for (let at = routes; at < end; at += 1 << ROUTE_SHIFT) {
    const route = changetype<Route>(at);
    route.candidate = candidateFor(route.hash) & (0 - usize(route.hasKey));
  }
  for (let at = routes; at < end; at += 1 << ROUTE_SHIFT) {
    const candidate = changetype<Route>(at).candidate;
    if (candidate != 0) read += touchRecord(candidate);
  }
  for (let at = routes; at < end; at += 1 << ROUTE_SHIFT) {
    const candidate = changetype<Route>(at).candidate;
    if (candidate != 0) read += touchDropGroup(changetype<Connection>(candidate));
  }
  touched = read;
}

/**
 * Judges a packet at its one interface by the record of its flow, if nothing else has a say about the flow's packets (see
 * record.ts). Gives the answer that `judgeRow` would; false when it cannot.
 */
export function judgeKnown(row: Row, route: Route, at: usize, frame: Frame): bool {
  const c = changetype<Connection>(route.candidate);
  if (changetype<usize>(c) == 0 || !route.isAlone || !(c.flags & PLAIN)) return false;
  if (!equalKeys(changetype<usize>(c), changetype<usize>(route))) return false;
  // A free record has no idle limit: it is expired.
  if (isBareSyn(row.tcpFlags) || isExpiredAt(c, row.clockNs, route.number)) return false;
  const state = c.state;
  if (state > LAST_LIVE && state != UNTRACKED) return judgeDenied(c, row, route, at, frame);
  const number = route.number;
  const direction = route.direction;
  let code = ALLOW_TRACKED;
  let rule = c.rule;
  if (state == UNTRACKED) {
    code = ALLOW_UNTRACKED;
    if (direction != EGRESS) rule = c.replyRule;
    if (rule == NONE) return false;
  }
  if (accountsAreKept) {
    traceFirst(route.index);
    traceRecord(c, row.clockNs);
    countPacket(c, row, direction);
  }
  refresh(c, row, direction);
  writeVerdict(at, number, rule, code, direction);
  countAnswer(number, direction, code, rule, row.length, false);
  countFrame(code, row.length, false);
  return true;
}

/** The same of TCP or UDP whose opening was denied (CT-25): what the rules said then they still say. */
function judgeDenied(c: Connection, row: Row, route: Route, at: usize, frame: Frame): bool {
  if (c.state < DENIED_TCP || c.state > DENIED_UDP || !rememberDenied) return false;
  if (accountsAreKept) {
    traceFirst(route.index);
    traceRecord(c, row.clockNs);
  }
  const number = route.number;
  const direction = route.direction;
  const original = c.direction == direction;
  const opens = original && c.state == DENIED_UDP;
  if (opens) c.lastSeen = row.clockNs;
  const code = opens ? DROP_NO_RULE : DROP_NOT_OPENED;
  route.row = row;
  route.port = original ? row.destinationPort : row.sourcePort;
  writeVerdict(at, number, NONE, code, direction);
  countAnswer(number, direction, code, NONE, row.length, false);
  countFrame(code, row.length, false);
  const known = original ? c.rule : c.replyRule;
  const group = countDrop(code, route, true, frame.number, false, known);
  if (original) c.rule = group;
  else c.replyRule = group;
  return true;
}
