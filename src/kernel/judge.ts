import {
  ALLOW_TRACKED,
  FRAGMENT_WAITS,
  CODE_VERDICT_SHIFT,
  CONTENT_IP,
  DROP_SOURCE_DEST_CHECK,
  DROP_UNSUPPORTED,
  FLAG_IPV6,
  INGRESS,
  LAST_LIVE,
  NONE,
  NOT_FILTERED_EXEMPT,
  NOT_FILTERED_LOCAL,
  NOT_FILTERED_NO_GROUPS,
  NOT_FILTERED_NOT_APPLICABLE,
  NOT_FILTERED_RECORDED_TWICE,
  NOT_JUDGED_NO_INTERFACE,
  PLAIN,
  ROW_SIZE,
  VERDICT_FIRST,
  VERDICT_PORT,
  VERDICT_SECOND,
  VERDICT_SIZE,
} from './layout';
import { accountFrame, countPacket } from './account';
import { Frame, frameAt } from './batch';
import { isExpired } from './connection';
import { findConnection, touchRecord, touchSlot } from './connection-table';
import { countAnswer, countFrame } from './counters';
import { countDrop } from './drop-groups';
import {
  isExemptAnywhere,
  isExemptAt,
  isLinkScoped,
  isMulticast,
  isNeighborDiscovery,
  isSubnetBroadcast,
} from './exempt';
import { changePhase } from './phase';
import { accountsAreKept, image, phaseEndsNs } from './policy';
import { isBareSyn } from './protocol';
import { isRecordedTwice } from './recorded';
import { ROUTE_SHIFT, Route, findRoute, setKey } from './route';
import { Answer, Row, Verdict } from './row';
import { NO_PORT } from './rule-image';
import { judgeSecurityGroups } from './security-groups';
import { traceBatch, traceFirst, traceRecord, traceSecond } from './trace';
import { refresh } from './tracked';
import { VISIT_SIZE, Visit, arrive } from './visit';

const VERDICT_ALLOW: u32 = 0;
const VERDICT_DROP: u32 = 1;
const VERDICT_NOT_FILTERED: u32 = 2;

/** Rows judged together: enough that the latencies of their look-ups overlap, few enough to stay in the nearest cache. */
const GROUP: u32 = 32;
const ROUTES_SIZE: usize = (<usize>GROUP) << ROUTE_SHIFT;
export const SCRATCH_SIZE: usize = ROUTES_SIZE + VISIT_SIZE;

let routes: usize = 0;
let secondVisit: Visit = changetype<Visit>(0);
/** Rows of the batch that wait for the first fragment of their datagram. */
let waiting: u32 = 0;
/** Keeps the early reads from being optimised away. */
export let touched: u64 = 0;

/** `scratch` is private memory of SCRATCH_SIZE bytes. */
export function setupJudge(scratch: usize): void {
  routes = scratch;
  secondVisit = changetype<Visit>(scratch + ROUTES_SIZE);
}

/**
 * Judges the rows of one shard out of `shards`, in order. `frames` is the batch's table of frames; `traces` has room for a
 * trace of each row, or is 0. Returns how many rows wait (FRAGMENT_WAITS): their verdicts stand only if nothing else comes,
 * and are not counted.
 */
export function judgeRows(
  rows: usize,
  verdicts: usize,
  count: u32,
  frames: usize,
  shard: u32,
  shards: u32,
  traces: usize,
): u32 {
  waiting = 0;
  traceBatch(traces);
  let next: u32 = 0;
  while (next < count) {
    let size: u32 = 0;
    for (; next < count && size < GROUP; next++) {
      const row = changetype<Row>(rows + <usize>next * ROW_SIZE);
      if (shards > 1 && <u32>((<u64>row.shardHash * shards) >> 32) != shard) continue;
      if (row.clockNs >= phaseEndsNs) {
        // The rows before it are judged by the rules that held then.
        if (size != 0) break;
        changePhase(row.clockNs);
      }
      const route = changetype<Route>(routes + ((<usize>size) << ROUTE_SHIFT));
      route.index = next;
      findRoute(route, row);
      size++;
    }
    fetchConnections(size);
    for (let i: u32 = 0; i < size; i++) {
      const route = changetype<Route>(routes + ((<usize>i) << ROUTE_SHIFT));
      const row = changetype<Row>(rows + <usize>route.index * ROW_SIZE);
      const verdict = verdicts + <usize>route.index * VERDICT_SIZE;
      if (!passTracked(row, route, verdict))
        judgeRow(row, route, verdict, frameAt(frames, route.index));
    }
  }
  return waiting;
}

/**
 * Reads what the look-ups of a group will need. The loops are tight so that many reads are under way at once: a processor
 * looks some two hundred instructions ahead, and judging a packet takes more.
 */
function fetchConnections(size: u32): void {
  let read: u64 = 0;
  for (let i: u32 = 0; i < size; i++) {
    read += touchSlot(changetype<Route>(routes + ((<usize>i) << ROUTE_SHIFT)).hash);
  }
  for (let i: u32 = 0; i < size; i++) {
    read += touchRecord(changetype<Route>(routes + ((<usize>i) << ROUTE_SHIFT)).hash);
  }
  touched = read;
}

/**
 * Most packets: one interface, and a live connection about whose packets nothing else has a say (see record.ts). Gives
 * the answer that `judgeRow` would, on a shorter way; false when it cannot.
 */
function passTracked(row: Row, route: Route, at: usize): bool {
  if (!route.hasKey || (route.sender != 0 && route.receiver != 0)) return false;
  const c = findConnection(route);
  if (changetype<usize>(c) == 0 || c.state > LAST_LIVE || !(c.flags & PLAIN)) return false;
  if (isBareSyn(row.tcpFlags) || isExpired(c, row.clockNs)) return false;
  const direction = route.direction;
  if (accountsAreKept) {
    traceFirst(route.index);
    traceRecord(c, row.clockNs);
    countPacket(c, row, direction);
  }
  refresh(c, row, direction);
  const verdict = changetype<Verdict>(at);
  verdict.code = ALLOW_TRACKED;
  verdict.answers = 1;
  verdict.flags = 0;
  verdict.begins = 0;
  writeAnswer(at + VERDICT_FIRST, route.number, c.rule, ALLOW_TRACKED, direction);
  countAnswer(route.number, direction, ALLOW_TRACKED, c.rule, row.length, false);
  countFrame(ALLOW_TRACKED, row.length, false);
  return true;
}

/** Judges one frame and writes its verdict. Egress at the sender comes first; what it drops never reaches the receiver. */
function judgeRow(row: Row, route: Route, at: usize, frame: Frame): void {
  const verdict = changetype<Verdict>(at);
  verdict.answers = 0;
  verdict.flags = 0;
  verdict.begins = 0;
  accountFrame(frame.number);
  traceFirst(route.index);
  if (row.content != CONTENT_IP) return settle(verdict, row, row.content, false);
  if (isNeighborDiscovery(row)) return settle(verdict, row, NOT_FILTERED_NOT_APPLICABLE, false);
  const receiver = route.receiver;
  if (route.sender == receiver) return settle(verdict, row, codeNowhere(row, receiver), false);

  const sent = route.sender != 0;
  if (sent && receiver != 0 && isRecordedTwice(row, route.sender, receiver)) {
    return settle(verdict, row, NOT_FILTERED_RECORDED_TWICE, false);
  }
  arrive(route, row, route.number, route.direction, sent ? route.senderHolds : route.receiverHolds);
  const first = answer(at + VERDICT_FIRST, route);
  verdict.answers = 1;
  if (isFinal(first) || !sent || receiver == 0) {
    if (isSettled(verdict, route, first, route.datagram, at)) {
      countVisit(route, first);
      conclude(verdict, route, first, route.begins, frame);
    }
    return;
  }
  const visit = secondVisit;
  arrive(visit, row, receiver, INGRESS, route.receiverHolds);
  setKey(visit, row);
  traceSecond();
  const second = answer(at + VERDICT_SECOND, visit);
  verdict.answers = 2;
  // The last interface that allowed it speaks for the packet; one that does not filter says nothing.
  const silent = verdictOf(second) == VERDICT_NOT_FILTERED && verdictOf(first) == VERDICT_ALLOW;
  const code = silent ? first : second;
  if (isSettled(verdict, visit, code, route.datagram | (visit.datagram << 1), at)) {
    countVisit(route, first);
    countVisit(visit, second);
    conclude(verdict, visit, code, route.begins, frame);
  }
}

/** Judges at one interface. */
function answer(at: usize, visit: Visit): u8 {
  const code = judgeAt(visit);
  writeAnswer(at, visit.number, visit.rule, code, visit.direction);
  return code;
}

/** CT-18: tells of fragments what others of their datagram must know. False for a verdict that may still change. */
function isSettled(verdict: Verdict, last: Visit, code: u8, flags: u8, at: usize): bool {
  if (flags == 0) return true;
  verdict.flags = flags;
  store<u32>(at, last.port, VERDICT_PORT);
  if (!(flags & (FRAGMENT_WAITS | (FRAGMENT_WAITS << 1)))) return true;
  verdict.code = code;
  waiting++;
  return false;
}

function countVisit(visit: Visit, code: u8): void {
  countAnswer(visit.number, visit.direction, code, visit.rule, visit.row.length, visit.begins);
}

function writeAnswer(at: usize, number: u32, rule: u32, code: u8, direction: u32): void {
  const to = changetype<Answer>(at);
  to.eni = number - 1;
  to.rule = rule;
  to.code = code;
  to.direction = <u8>direction;
}

function judgeAt(visit: Visit): u8 {
  const row = visit.row;
  const v6 = visit.v6;
  const eni = visit.eni;
  const ingress = visit.direction == INGRESS;
  const broadcast =
    isMulticast(v6, row.destinationHi, row.destinationLo) ||
    isSubnetBroadcast(image, eni, v6, row.destinationLo);
  if (eni.sourceDestCheck && !visit.holds) {
    const hi = ingress ? row.destinationHi : row.sourceHi;
    const lo = ingress ? row.destinationLo : row.sourceLo;
    if (!isLinkScoped(v6, hi, lo) && !(ingress && broadcast)) return DROP_SOURCE_DEST_CHECK;
  }
  if (isExemptAt(image, eni, row, visit.direction)) return NOT_FILTERED_EXEMPT;
  if (broadcast) return DROP_UNSUPPORTED;
  if (eni.set == NONE) return NOT_FILTERED_NO_GROUPS;
  return judgeSecurityGroups(visit);
}

/** Both ends on one interface, or on none that anybody described. */
function codeNowhere(row: Row, eni: u32): u8 {
  if (eni != 0) return NOT_FILTERED_LOCAL;
  const v6 = (row.flags & FLAG_IPV6) != 0;
  return isExemptAnywhere(row, v6) ? NOT_FILTERED_EXEMPT : NOT_JUDGED_NO_INTERFACE;
}

function verdictOf(code: u8): u32 {
  return (<u32>code) >> CODE_VERDICT_SHIFT;
}

/** Dropped, or not to be judged: the packet goes no further. */
function isFinal(code: u8): bool {
  return (verdictOf(code) & 1) != 0;
}

function conclude(verdict: Verdict, visit: Visit, code: u8, begins: bool, frame: Frame): void {
  if (verdictOf(code) == VERDICT_DROP) {
    countDrop(code, visit, visit.port != NO_PORT, frame.number, begins);
  }
  settle(verdict, visit.row, code, begins);
}

function settle(verdict: Verdict, row: Row, code: u8, begins: bool): void {
  verdict.code = code;
  verdict.begins = u8(begins);
  countFrame(code, row.length, begins);
}
