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
  judgeSecurityGroups,
} from './security-groups';

const VERDICT_ALLOW: u32 = 0;
const VERDICT_DROP: u32 = 1;

let image: usize = 0;

export function setupJudge(at: usize): void {
  image = at;
}

/** Judges one frame and writes its verdict. Egress at the sender comes first; what it drops never reaches the receiver. */
export function judgeRow(row: Row, at: usize, frame: u64): void {
  memory.fill(at, 0, VERDICT_SIZE);
  const verdict = changetype<Verdict>(at);
  if (row.content != CONTENT_IP) return settle(verdict, row, row.content, false);
  if (isNeighborDiscovery(row)) return settle(verdict, row, NOT_FILTERED_NOT_APPLICABLE, false);

  const v6 = (row.flags & FLAG_IPV6) != 0;
  const holderOfSource = holderOf(image, v6, row.sourceHi, row.sourceLo);
  const holderOfDestination = holderOf(image, v6, row.destinationHi, row.destinationLo);
  // The MAC address tells which interface a frame is at, even when it carries somebody else's address.
  const sender = ownerOfMac(image, row, row.sourceMac) || holderOfSource;
  const receiver = ownerOfMac(image, row, row.destinationMac) || holderOfDestination;
  if (sender == receiver) {
    const code =
      sender != 0
        ? NOT_FILTERED_LOCAL
        : isExemptAnywhere(row, v6)
          ? NOT_FILTERED_EXEMPT
          : NOT_JUDGED_NO_INTERFACE;
    return settle(verdict, row, <u8>code, false);
  }

  let begins = false;
  let code: u8 = 0;
  if (sender != 0) {
    code = answerAt(changetype<Answer>(at + VERDICT_FIRST), row, sender, EGRESS, holderOfSource);
    begins = answerBegins;
    verdict.answers = 1;
    if (isFinal(code)) return conclude(verdict, row, sender, EGRESS, code, begins, frame);
  }
  if (receiver != 0) {
    const answer = at + (sender != 0 ? VERDICT_SECOND : VERDICT_FIRST);
    const last = answerAt(changetype<Answer>(answer), row, receiver, INGRESS, holderOfDestination);
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
function answerAt(answer: Answer, row: Row, number: u32, direction: u32, holder: u32): u8 {
  clearAnswer(row);
  const code = judgeAt(row, number, interfaceOf(image, number), direction, holder);
  answer.eni = number - 1;
  answer.rule = answerRule;
  answer.code = code;
  answer.direction = <u8>direction;
  countAnswer(number, direction, code, answerRule, row.length, answerBegins);
  return code;
}

/** `holder` is the interface that holds the local address. */
function judgeAt(row: Row, number: u32, eni: Interface, direction: u32, holder: u32): u8 {
  const v6 = (row.flags & FLAG_IPV6) != 0;
  if (eni.sourceDestCheck && holder != number) {
    const hi = direction == EGRESS ? row.sourceHi : row.destinationHi;
    const lo = direction == EGRESS ? row.sourceLo : row.destinationLo;
    const everybodys =
      isLinkScoped(v6, hi, lo) || (direction == INGRESS && isMulticast(v6, hi, lo));
    if (!everybodys) return DROP_SOURCE_DEST_CHECK;
  }
  if (isExemptAt(image, eni, row, direction)) return NOT_FILTERED_EXEMPT;
  if (isMulticast(v6, row.destinationHi, row.destinationLo) || isSubnetBroadcast(image, eni, row)) {
    return DROP_UNSUPPORTED;
  }
  if (eni.set == NONE) return NOT_FILTERED_NO_GROUPS;
  return judgeSecurityGroups(row, number, eni, direction);
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
