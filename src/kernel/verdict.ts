import * as layout from './layout';
import { VERDICT_ANSWERS, VERDICT_FIRST } from './layout';

/** The answer for one frame, see layout.ts. */
@unmanaged
export class Verdict {
  code: u8;
  answers: u8;
  flags: u8;
  begins: u8;
}

@unmanaged
export class Answer {
  eni: u32;
  rule: u32;
  code: u8;
  direction: u8;
}

// A record that drifts from the layout does not compile.
if (offsetof<Verdict>('flags') != layout.VERDICT_FLAGS) ERROR('verdict: flags');
if (offsetof<Verdict>('begins') != layout.VERDICT_BEGINS) ERROR('verdict: begins');
if (offsetof<Answer>('rule') != layout.ANSWER_RULE) ERROR('answer: rule');
if (offsetof<Answer>('code') != layout.ANSWER_CODE) ERROR('answer: code');
if (offsetof<Answer>('direction') != layout.ANSWER_DIRECTION) ERROR('answer: direction');
if (offsetof<Verdict>('code') != 0 || VERDICT_ANSWERS != 1 || VERDICT_FIRST != 4)
  ERROR('verdict: words');

/** The whole verdict, at an address, on a packet that one interface has answered for and that begins nothing. */
export function writeVerdict(at: usize, number: u32, rule: u32, code: u8, direction: u32): void {
  const words: u64 = ((<u64>(number - 1)) << 32) | (1 << 8) | code;
  store<u64>(at, words);
  store<u64>(at, ((<u64>((direction << 8) | code)) << 32) | rule, 8);
}

/** One answer, at its address. */
export function writeAnswer(at: usize, number: u32, rule: u32, code: u8, direction: u32): void {
  const to = changetype<Answer>(at);
  to.eni = number - 1;
  to.rule = rule;
  to.code = code;
  to.direction = <u8>direction;
}
