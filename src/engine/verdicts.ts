import {
  ANSWER_CODE,
  ANSWER_DIRECTION,
  ANSWER_INTERFACE,
  ANSWER_RULE,
  EGRESS,
  NONE,
  ROW_CAPTURE,
  ROW_SIZE,
  ROW_TIME,
  VERDICT_ANSWERS,
  VERDICT_CODE,
  VERDICT_FIRST,
  VERDICT_SECOND,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import {
  type FrameVerdict,
  type InterfaceVerdict,
  VERDICT_CODES,
  type VerdictCode,
} from '../model/verdict.js';
import { viewAt } from './memory.js';

/** Names that the kernel's numbers stand for. */
export interface VerdictNames {
  readonly interfaces: readonly string[];
  readonly rules: readonly string[];
  /** As the user named them; origins are told when there are several. */
  readonly captures?: readonly string[];
}

const CODE_NAMES = new Map<number, (typeof VERDICT_CODES)[number]>(
  VERDICT_CODES.map((entry) => [entry.number, entry]),
);

/** Name of a verdict code's number. */
export function codeName(number: number): VerdictCode {
  return CODE_NAMES.get(number)!.name;
}

/** The verdicts of judged rows, in frame order. `framesRead` counts on, capture by capture, from batch to batch. */
export function* readVerdicts(
  memory: WebAssembly.Memory,
  rows: number,
  verdicts: number,
  count: number,
  firstFrame: number,
  names: VerdictNames,
  framesRead: number[] = [],
): Generator<FrameVerdict> {
  const { captures = [] } = names;
  const times = viewAt(memory, rows, count * ROW_SIZE);
  const view = viewAt(memory, verdicts, count * VERDICT_SIZE);
  for (let i = 0; i < count; i++) {
    const at = i * VERDICT_SIZE;
    const { name, verdict } = CODE_NAMES.get(view.getUint8(at + VERDICT_CODE))!;
    const answers = view.getUint8(at + VERDICT_ANSWERS);
    const where: InterfaceVerdict[] = [];
    if (answers > 0) where.push(readAnswer(view, at + VERDICT_FIRST, names));
    if (answers > 1) where.push(readAnswer(view, at + VERDICT_SECOND, names));
    const timeNs = times.getBigInt64(i * ROW_SIZE + ROW_TIME, true);
    const judged = { frame: firstFrame + i, timeNs, verdict, code: name, at: where };
    if (captures.length < 2) {
      yield judged;
    } else {
      const capture = times.getUint16(i * ROW_SIZE + ROW_CAPTURE, true);
      const frame = (framesRead[capture] = framesRead[capture]! + 1);
      yield { ...judged, origin: { capture: captures[capture]!, frame } };
    }
  }
}

function readAnswer(view: DataView, at: number, names: VerdictNames): InterfaceVerdict {
  const rule = view.getUint32(at + ANSWER_RULE, true);
  const { name, verdict } = CODE_NAMES.get(view.getUint8(at + ANSWER_CODE))!;
  return {
    eni: names.interfaces[view.getUint32(at + ANSWER_INTERFACE, true)]!,
    direction: view.getUint8(at + ANSWER_DIRECTION) === EGRESS ? 'egress' : 'ingress',
    verdict,
    code: name,
    ...(rule === NONE ? {} : { rule: names.rules[rule]! }),
  };
}
