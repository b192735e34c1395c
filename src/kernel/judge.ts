import {
  ALLOW_TRACKED,
  CODE_VERDICT_SHIFT,
  CONTENT_IP,
  DROP_SOURCE_DEST_CHECK,
  DROP_UNSUPPORTED,
  EGRESS,
  FLAG_FIRST_FRAGMENT,
  FLAG_IPV6,
  FLAG_LATER_FRAGMENT,
  INGRESS,
  LAST_LIVE,
  NONE,
  NOT_FILTERED_EXEMPT,
  NOT_FILTERED_LOCAL,
  NOT_FILTERED_NO_GROUPS,
  NOT_FILTERED_NOT_APPLICABLE,
  NOT_JUDGED_NO_INTERFACE,
  ROW_SIZE,
  VERDICT_FIRST,
  VERDICT_SECOND,
  VERDICT_SIZE,
} from './layout';
import { PLAIN, isExpired } from './connection';
import { findConnection, touchRecord, touchSlot } from './connection-table';
import { countAnswer, countFrame } from './counters';
import { countDrop } from './drop-groups';
import {
  isDhcp,
  isExemptAt,
  isExemptRange,
  isLinkScoped,
  isMulticast,
  isNeighborDiscovery,
  isSubnetBroadcast,
} from './exempt';
import { setFlowKey } from './flow-key';
import { holderOf, ownerOfMac } from './interfaces';
import { image } from './policy';
import { isBareSyn } from './protocol';
import { Answer, Row, Verdict } from './row';
import { NO_PORT } from './rule-image';
import { judgeSecurityGroups } from './security-groups';
import { refresh } from './tracked';
import { VISIT_SIZE, Visit, arrive } from './visit';

const VERDICT_ALLOW: u32 = 0;
const VERDICT_DROP: u32 = 1;

/** Rows judged together: enough that the memory's latencies overlap, few enough to stay in the first-level cache. */
const GROUP: u32 = 32;

/** A row's interfaces, numbered from 1, and its visit to the first of them. */
@unmanaged
class Route extends Visit {
  sender: u32;
  receiver: u32;
  receiverHolds: bool;
}
const ROUTE_SIZE: usize = 112;
if (offsetof<Route>() > ROUTE_SIZE) ERROR('route: size');
export const SCRATCH_SIZE: usize = <usize>GROUP * ROUTE_SIZE + VISIT_SIZE;

let routes: usize = 0;
let secondVisit: usize = 0;
/** Keeps the early reads from being optimised away. */
export let touched: u64 = 0;

/** `scratch` is private memory of SCRATCH_SIZE bytes. */
export function setupJudge(scratch: usize): void {
  routes = scratch;
  secondVisit = scratch + <usize>GROUP * ROUTE_SIZE;
}

/**
 * Judges the rows of one shard, in order. Three rounds over a few rows each: find their interfaces and keys, fetch their
 * connections, judge them; so that the memory's latencies overlap instead of adding up.
 */
export function judgeRows(
  rows: usize,
  verdicts: usize,
  count: u32,
  firstFrame: u64,
  shard: u32,
  shards: u32,
): void {
  for (let first: u32 = 0; first < count; first += GROUP) {
    const size = min<u32>(GROUP, count - first);
    const group = rows + <usize>first * ROW_SIZE;
    let read: u64 = 0;
    for (let i: u32 = 0; i < size; i++) {
      const route = changetype<Route>(routes + <usize>i * ROUTE_SIZE);
      const row = changetype<Row>(group + <usize>i * ROW_SIZE);
      route.hasKey = false;
      if (shards > 1 && <u32>((<u64>row.shardHash * shards) >> 32) != shard) {
        route.sender = NONE;
        continue;
      }
      findRoute(route, row);
      if (route.hasKey) read += touchSlot(route.hash);
    }
    for (let i: u32 = 0; i < size; i++) {
      const route = changetype<Route>(routes + <usize>i * ROUTE_SIZE);
      if (route.hasKey) read += touchRecord(route.hash);
    }
    touched = read;
    for (let i: u32 = 0; i < size; i++) {
      const route = changetype<Route>(routes + <usize>i * ROUTE_SIZE);
      if (route.sender == NONE) continue;
      const row = changetype<Row>(group + <usize>i * ROW_SIZE);
      judgeRow(row, route, verdicts + <usize>(first + i) * VERDICT_SIZE, firstFrame + first + i);
    }
  }
}

/** The MAC address tells which interface a frame is at, even when it carries somebody else's address. */
function findRoute(route: Route, row: Row): void {
  route.sender = 0;
  route.receiver = 0;
  if (row.content != CONTENT_IP) return;
  const v6 = (row.flags & FLAG_IPV6) != 0;
  const holderOfSource = holderOf(v6, row.sourceHi, row.sourceLo);
  const holderOfDestination = holderOf(v6, row.destinationHi, row.destinationLo);
  const sender = ownerOfMac(row, row.sourceMac) || holderOfSource;
  const receiver = ownerOfMac(row, row.destinationMac) || holderOfDestination;
  route.sender = sender;
  route.receiver = receiver;
  if (sender == receiver) return;
  const receiverHolds = receiver == holderOfDestination;
  route.receiverHolds = receiverHolds;
  const sent = sender != 0;
  const first = sender | (receiver & (u32(sent) - 1));
  const holds = sent ? sender == holderOfSource : receiverHolds;
  arrive(route, row, first, u32(!sent), holds);
  setKey(route, row);
}

/** Fragments have a key of another kind: see fragments.ts. */
function setKey(visit: Visit, row: Row): void {
  if (row.flags & (FLAG_FIRST_FRAGMENT | FLAG_LATER_FRAGMENT)) return;
  visit.hasKey = setFlowKey(visit, row, visit.number, visit.direction);
}

/** Judges one frame and writes its verdict. Egress at the sender comes first; what it drops never reaches the receiver. */
function judgeRow(row: Row, route: Route, at: usize, frame: u64): void {
  const verdict = changetype<Verdict>(at);
  verdict.answers = 0;
  if (row.content != CONTENT_IP) return settle(verdict, row, row.content, false);
  if (isNeighborDiscovery(row)) return settle(verdict, row, NOT_FILTERED_NOT_APPLICABLE, false);
  const receiver = route.receiver;
  if (route.sender == receiver) return settle(verdict, row, codeNowhere(row, receiver), false);

  verdict.answers = 1;
  let code = answer(changetype<Answer>(at + VERDICT_FIRST), route);
  const begins = route.begins;
  if (isFinal(code)) return conclude(verdict, route, code, begins, frame);
  if (route.direction == EGRESS && receiver != 0) {
    const visit = changetype<Visit>(secondVisit);
    arrive(visit, row, receiver, INGRESS, route.receiverHolds);
    setKey(visit, row);
    verdict.answers = 2;
    const last = answer(changetype<Answer>(at + VERDICT_SECOND), visit);
    if (isFinal(last)) return conclude(verdict, visit, last, begins, frame);
    // The last interface that allowed it speaks for the packet; one that does not filter says nothing.
    if (verdictOf(last) == VERDICT_ALLOW || verdictOf(code) != VERDICT_ALLOW) code = last;
  }
  settle(verdict, row, code, begins);
}

/** The answer at one interface. */
function answer(to: Answer, visit: Visit): u8 {
  const code = isPlainlyTracked(visit) ? <u8>ALLOW_TRACKED : judgeAt(visit);
  to.eni = visit.number - 1;
  to.rule = visit.rule;
  to.code = code;
  to.direction = <u8>visit.direction;
  countAnswer(visit.number, visit.direction, code, visit.rule, visit.row.length, visit.begins);
  return code;
}

/** Most packets: they belong to a live connection about whose packets nothing else has a say (see record.ts). */
function isPlainlyTracked(visit: Visit): bool {
  if (!visit.hasKey) return false;
  const c = findConnection(visit);
  if (changetype<usize>(c) == 0 || c.state > LAST_LIVE || !(c.flags & PLAIN)) return false;
  const row = visit.row;
  if (isBareSyn(row.tcpFlags) || isExpired(c, row.clockNs)) return false;
  refresh(c, row, visit.direction);
  visit.rule = c.rule;
  return true;
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

/** Exempt whatever the interface: for packets whose interface nobody described. */
function isExemptAnywhere(row: Row, v6: bool): bool {
  if (isDhcp(row)) return true;
  if (isMulticast(v6, row.destinationHi, row.destinationLo)) return false;
  return (
    isExemptRange(v6, row.sourceHi, row.sourceLo) ||
    isExemptRange(v6, row.destinationHi, row.destinationLo)
  );
}

function verdictOf(code: u8): u32 {
  return (<u32>code) >> CODE_VERDICT_SHIFT;
}

/** Dropped, or not to be judged: the packet goes no further. */
function isFinal(code: u8): bool {
  return (verdictOf(code) & 1) != 0;
}

function conclude(verdict: Verdict, visit: Visit, code: u8, begins: bool, frame: u64): void {
  if (verdictOf(code) == VERDICT_DROP) countDrop(code, visit, visit.port != NO_PORT, frame, begins);
  settle(verdict, visit.row, code, begins);
}

function settle(verdict: Verdict, row: Row, code: u8, begins: bool): void {
  verdict.code = code;
  countFrame(code, row.length, begins);
}
