import type { Explanation } from './explanation.js';

/** One answer to a question about several packets, and who shares it. */
export interface Answer {
  readonly explanation: Explanation;
  /** Of a question about several members, such as interfaces of a group: those that share this answer. */
  readonly subjects?: readonly string[];
}

/** The answers to one question, largest first. */
export interface Answers {
  readonly shown: readonly Answer[];
  /** All that there are, those shown among them. */
  readonly total: AnswerTotal;
}

export interface AnswerTotal {
  readonly answers: number;
  /** Captured packets that the question was about; absent where none was captured. */
  readonly packets?: number;
  readonly flows?: number;
  /** Members that the question was about; absent where it was about none. */
  readonly subjects?: number;
}
