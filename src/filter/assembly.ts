import { FILTER_INSTRUCTION_SIZE } from '../kernel/layout.js';
import type { Fact } from './facts.js';

/** Instructions as they are written, four words each: code, operand, where to go if true, where if false. */
export interface Assembly {
  readonly words: number[];
  /** What to throw when the program gets too large, or needs more scratch words than there are. */
  readonly tooLarge: () => Error;
}

/** A way out of an instruction whose aim is not written yet, and what is known of the frame on it. */
export interface Edge {
  /** The instruction; -1 for the way into the program. */
  readonly at: number;
  readonly taken: boolean;
  readonly facts: readonly Fact[];
  /** What the accumulator and the index register hold, if that is known. */
  readonly a?: string | undefined;
  readonly x?: string | undefined;
}

export const ENTRY: Edge = { at: -1, taken: true, facts: [] };

/** Larger programs are refused: they would not be filters that somebody wrote. */
export const INSTRUCTIONS_MAX = 65_536;

const WORDS = FILTER_INSTRUCTION_SIZE / 4;

/** Writes an instruction and returns its number. */
export function emit(assembly: Assembly, code: number, operand: number): number {
  const { words } = assembly;
  const at = words.length / WORDS;
  if (at >= INSTRUCTIONS_MAX) throw assembly.tooLarge();
  words.push(code, operand >>> 0, 0, 0);
  return at;
}

/** Lets edges lead to the instruction that is written next. */
export function point(assembly: Assembly, edges: readonly Edge[]): void {
  const next = assembly.words.length / WORDS;
  for (const { at, taken } of edges)
    if (at >= 0) assembly.words[at * WORDS + (taken ? 2 : 3)] = next;
}
