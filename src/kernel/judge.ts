import { countAnswer, countFrame } from './counters';
import { touchRecord, touchSlot } from './connection-table';
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
import { Interface, holderOf, interfaceOf, ownerOfMac } from './interfaces';
import {
  CODE_VERDICT_SHIFT,
  CONTENT_IP,
  DROP_SOURCE_DEST_CHECK,
  DROP_UNSUPPORTED,
  EGRESS,
  FLAG_IPV6,
  INGRESS,
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
import { Answer, Row, Verdict } from './row';
import { NO_PORT } from './rule-image';
import {
  answerBegins,
  answerPort,
  answerRule,
  clearAnswer,
  flowHash,
  judgeSecurityGroups,
} from './security-groups';

const VERDICT_ALLOW: u32 = 0;
const VERDICT_DROP: u32 = 1;

let image: usize = 0;

/** `scratch` is private memory of 512 bytes. */
export function setupJudge(at: usize, scratch: usize): void {
  image = at;
  places = scratch;
}

/** What is found out about a row before it is judged: its interfaces, numbered from 1, and its key's hash at the first. */
@unmanaged
class Place {
  sender: u32;
  receiver: u32;
  hash: u32;
  holders: u32;
}
const PLACE: usize = 16;
const GROUP: u32 = 32;
let places: usize = 0;
/** Keeps the early reads from being optimised away. */
export let touched: u64 = 0;

/**
 * Judges the rows of one shard, in order. Three rounds over a few rows each: find their places, fetch their connections,
 * judge them; so that the memory's latencies overlap instead of adding up.
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
      const place = changetype<Place>(places + <usize>i * PLACE);
      const row = changetype<Row>(group + <usize>i * ROW_SIZE);
      place.sender = NONE;
      place.hash = 0;
      if (shards > 1 && <u32>((<u64>row.shardHash * shards) >> 32) != shard) continue;
      locate(place, row);
      if (place.hash != 0) read += touchSlot(place.hash);
    }
    for (let i: u32 = 0; i < size; i++) {
      const hash = changetype<Place>(places + <usize>i * PLACE).hash;
      if (hash != 0) read += touchRecord(hash);
    }
    touched = read;
    for (let i: u32 = 0; i < size; i++) {
      const place = changetype<Place>(places + <usize>i * PLACE);
      if (place.sender == NONE) continue;
      const row = changetype<Row>(group + <usize>i * ROW_SIZE);
      const verdict = verdicts + <usize>(first + i) * VERDICT_SIZE;
      judgeRow(row, place, verdict, firstFrame + first + i);
    }
  }
}

/** The MAC address tells which interface a frame is at, even when it carries somebody else's address. */
function locate(place: Place, row: Row): void {
  place.sender = 0;
  if (row.content != CONTENT_IP) return;
  const v6 = (row.flags & FLAG_IPV6) != 0;
  const holderOfSource = holderOf(image, v6, row.sourceHi, row.sourceLo);
  const holderOfDestination = holderOf(image, v6, row.destinationHi, row.destinationLo);
  const sender = ownerOfMac(image, row, row.sourceMac) || holderOfSource;
  const receiver = ownerOfMac(image, row, row.destinationMac) || holderOfDestination;
  place.sender = sender;
  place.receiver = receiver;
  place.holders = u32(sender == holderOfSource) | (u32(receiver == holderOfDestination) << 1);
  if (sender != receiver) {
    place.hash = sender != 0 ? flowHash(row, sender, EGRESS) : flowHash(row, receiver, INGRESS);
  }
}

/** Judges one frame and writes its verdict. Egress at the sender comes first; what it drops never reaches the receiver. */
function judgeRow(row: Row, place: Place, at: usize, frame: u64): void {
  const verdict = changetype<Verdict>(at);
  verdict.answers = 0;
  if (row.content != CONTENT_IP) return settle(verdict, row, row.content, false);
  if (isNeighborDiscovery(row)) return settle(verdict, row, NOT_FILTERED_NOT_APPLICABLE, false);

  const sender = place.sender;
  const receiver = place.receiver;
  if (sender == receiver) return settle(verdict, row, codeNowhere(row, sender), false);

  let begins = false;
  let code: u8 = 0;
  if (sender != 0) {
    code = answerAt(
      changetype<Answer>(at + VERDICT_FIRST),
      row,
      sender,
      EGRESS,
      (place.holders & 1) != 0,
      place.hash,
    );
    begins = answerBegins;
    verdict.answers = 1;
    if (isFinal(code)) return conclude(verdict, row, sender, EGRESS, code, begins, frame);
  }
  if (receiver != 0) {
    const answer = at + (sender != 0 ? VERDICT_SECOND : VERDICT_FIRST);
    const last = answerAt(
      changetype<Answer>(answer),
      row,
      receiver,
      INGRESS,
      (place.holders & 2) != 0,
      sender != 0 ? 0 : place.hash,
    );
    if (sender == 0) begins = answerBegins;
    verdict.answers++;
    if (isFinal(last)) return conclude(verdict, row, receiver, INGRESS, last, begins, frame);
    // The last interface that allowed it speaks for the packet; one that does not filter says nothing.
    if (sender == 0 || verdictOf(last) == VERDICT_ALLOW || verdictOf(code) != VERDICT_ALLOW)
      code = last;
  }
  settle(verdict, row, code, begins);
}

/** The answer at one interface; leaves what it was made of in answerRule, answerBegins and answerPort. */
function answerAt(
  answer: Answer,
  row: Row,
  number: u32,
  direction: u32,
  holds: bool,
  hash: u32,
): u8 {
  clearAnswer(row);
  const code = judgeAt(row, number, interfaceOf(image, number), direction, holds, hash);
  answer.eni = number - 1;
  answer.rule = answerRule;
  answer.code = code;
  answer.direction = <u8>direction;
  countAnswer(number, direction, code, answerRule, row.length, answerBegins);
  return code;
}

/** `holds`: the local address is one of the interface's. */
function judgeAt(
  row: Row,
  number: u32,
  eni: Interface,
  direction: u32,
  holds: bool,
  hash: u32,
): u8 {
  const v6 = (row.flags & FLAG_IPV6) != 0;
  if (eni.sourceDestCheck && !holds) {
    const hi = direction == EGRESS ? row.sourceHi : row.destinationHi;
    const lo = direction == EGRESS ? row.sourceLo : row.destinationLo;
    const everybodys =
      isLinkScoped(v6, hi, lo) ||
      (direction == INGRESS && (isMulticast(v6, hi, lo) || isSubnetBroadcast(image, eni, row)));
    if (!everybodys) return DROP_SOURCE_DEST_CHECK;
  }
  if (isExemptAt(image, eni, row, direction)) return NOT_FILTERED_EXEMPT;
  if (isMulticast(v6, row.destinationHi, row.destinationLo) || isSubnetBroadcast(image, eni, row)) {
    return DROP_UNSUPPORTED;
  }
  if (eni.set == NONE) return NOT_FILTERED_NO_GROUPS;
  return judgeSecurityGroups(row, number, eni, direction, hash);
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

function conclude(
  verdict: Verdict,
  row: Row,
  eni: u32,
  direction: u32,
  code: u8,
  begins: bool,
  frame: u64,
): void {
  if (verdictOf(code) == VERDICT_DROP) {
    const hasPort = answerPort != NO_PORT;
    countDrop(code, eni, direction, row, answerPort, hasPort, frame, begins);
  }
  settle(verdict, row, code, begins);
}

function settle(verdict: Verdict, row: Row, code: u8, begins: bool): void {
  verdict.code = code;
  countFrame(code, row.length, begins);
}
