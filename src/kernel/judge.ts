import {
  FRAGMENT_WAITS,
  CODE_VERDICT_SHIFT,
  CONTENT_IP,
  DROP_SOURCE_DEST_CHECK,
  DROP_UNSUPPORTED,
  FLAG_IPV6,
  FRAME_SIZE,
  INGRESS,
  NONE,
  NOT_FILTERED_EXEMPT,
  NOT_FILTERED_LOCAL,
  NOT_FILTERED_NO_GROUPS,
  NOT_FILTERED_NOT_APPLICABLE,
  NOT_FILTERED_RECORDED_TWICE,
  NOT_JUDGED_NO_INTERFACE,
  ROW_SIZE,
  VERDICT_FIRST,
  VERDICT_PORT,
  VERDICT_SECOND,
  VERDICT_SIZE,
} from './layout';
import { accountFrame } from './account';
import { Frame } from './batch';
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
import { findRecords, judgeKnown } from './known';
import { changePhase } from './phase';
import { image, phaseEndsNs } from './policy';
import { isRecordedTwice } from './recorded';
import { ROUTE_SHIFT, Route, findRoute, setKey } from './route';
import { Row } from './row';
import { NO_PORT } from './rule-image';
import { judgeSecurityGroups } from './security-groups';
import { positionAt, touchRows } from './shards';
import { traceBatch, traceFirst, traceSecond } from './trace';
import { Verdict, writeAnswer } from './verdict';
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

/** `scratch` is private memory of SCRATCH_SIZE bytes. */
export function setupJudge(scratch: usize): void {
  routes = scratch;
  secondVisit = changetype<Visit>(scratch + ROUTES_SIZE);
}

/**
 * Judges `count` rows of a batch, in order: all of them, or those whose positions stand at `order`, which is 0 for all.
 * `frames` is the batch's table of frames; `traces` has room for a trace of each of its rows, or is 0. Returns how many rows
 * wait (FRAGMENT_WAITS): their verdicts stand only if nothing else comes, and are not counted.
 */
export function judgeRows(
  rows: usize,
  verdicts: usize,
  count: u32,
  frames: usize,
  order: usize,
  traces: usize,
): u32 {
  waiting = 0;
  traceBatch(traces);
  let next: u32 = 0;
  while (next < count) {
    if (order != 0) touchRows(rows, order, next, min(count, next + GROUP));
    let size: u32 = 0;
    for (; next < count && size < GROUP; next++) {
      const index = order == 0 ? next : positionAt(order, next);
      const row = changetype<Row>(rows + <usize>index * ROW_SIZE);
      if (row.clockNs >= phaseEndsNs) {
        // The rows before it are judged by the rules that held then.
        if (size != 0) break;
        changePhase(row.clockNs);
      }
      const route = changetype<Route>(routes + ((<usize>size) << ROUTE_SHIFT));
      route.index = index;
      findRoute(route, row);
      size++;
    }
    findRecords(routes, size);
    const end = routes + ((<usize>size) << ROUTE_SHIFT);
    for (let at = routes; at < end; at += 1 << ROUTE_SHIFT) {
      const route = changetype<Route>(at);
      const index = <usize>route.index;
      const row = changetype<Row>(rows + index * ROW_SIZE);
      const verdict = verdicts + index * VERDICT_SIZE;
      const frame = changetype<Frame>(frames + index * FRAME_SIZE);
      if (!judgeKnown(row, route, verdict, frame)) judgeRow(row, route, verdict, frame);
    }
  }
  return waiting;
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
    countDrop(code, visit, visit.port != NO_PORT, frame.number, begins, 0);
  }
  settle(verdict, visit.row, code, begins);
}

function settle(verdict: Verdict, row: Row, code: u8, begins: bool): void {
  verdict.code = code;
  verdict.begins = u8(begins);
  countFrame(code, row.length, begins);
}
