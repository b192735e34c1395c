import {
  ANSWER_CODE,
  ANSWER_DIRECTION,
  ANSWER_INTERFACE,
  ANSWER_RULE,
  EGRESS,
  FRAME_CAPTURE,
  FRAME_NUMBER,
  FRAME_ORIGIN,
  FRAME_SIZE,
  FRAME_TIME,
  NONE,
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

/** Where a judged batch stands in memory: addresses of its frames and verdicts. */
export interface JudgedBatch {
  readonly table: number;
  readonly verdicts: number;
}

/** The verdicts of `count` judged frames, in frame order. */
export function* readVerdicts(
  memory: WebAssembly.Memory,
  { table, verdicts }: JudgedBatch,
  count: number,
  names: VerdictNames,
): Generator<FrameVerdict> {
  const { captures = [] } = names;
  const frames = viewAt(memory, table, count * FRAME_SIZE);
  const view = viewAt(memory, verdicts, count * VERDICT_SIZE);
  for (let i = 0; i < count; i++) {
    const at = i * VERDICT_SIZE;
    const of = i * FRAME_SIZE;
    const { name, verdict } = CODE_NAMES.get(view.getUint8(at + VERDICT_CODE))!;
    const where = readAnswers(view, at, view.getUint8(at + VERDICT_ANSWERS), names);
    const frame = Number(frames.getBigUint64(of + FRAME_NUMBER, true));
    const timeNs = frames.getBigInt64(of + FRAME_TIME, true);
    const judged = { frame, timeNs, verdict, code: name, at: where };
    if (captures.length < 2) {
      yield judged;
    } else {
      const capture = captures[frames.getUint16(of + FRAME_CAPTURE, true)]!;
      const origin = Number(frames.getBigUint64(of + FRAME_ORIGIN, true));
      yield { ...judged, origin: { capture, frame: origin } };
    }
  }
}

/** The answers of a verdict at an offset. */
export function readAnswers(
  view: DataView,
  at: number,
  count: number,
  names: VerdictNames,
): InterfaceVerdict[] {
  const where: InterfaceVerdict[] = [];
  if (count > 0) where.push(readAnswer(view, at + VERDICT_FIRST, names));
  if (count > 1) where.push(readAnswer(view, at + VERDICT_SECOND, names));
  return where;
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
