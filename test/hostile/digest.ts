import {
  FLAG_QUOTE,
  FRAME_AT,
  FRAME_SIZE,
  ROW_FLAGS,
  ROW_QUOTE_PROTOCOL,
  ROW_QUOTE_SOURCE,
  ROW_SIZE,
  VERDICT_ANSWERS,
  VERDICT_FIRST,
  VERDICT_SECOND,
  VERDICT_SIZE,
} from '../../src/kernel/layout.js';

/** A number that tells whether two readings gave the same frames, rows and verdicts. */
export interface Digest {
  addFrame(at: number): void;
  addRow(at: number): void;
  addVerdict(at: number): void;
  value(): number;
}

/** Of records at addresses in `memory`. What layout.ts leaves undefined is left out, and where a frame lies. */
export function createDigest(words: Uint32Array, bytes: Uint8Array): Digest {
  let hash = 0;
  const add = (from: number, to: number): void => {
    for (let i = from >>> 2; i < to >>> 2; i++) {
      hash = Math.imul(hash ^ words[i]!, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
  };
  return {
    addFrame: (at) => {
      add(at, at + FRAME_AT);
      add(at + FRAME_AT + 4, at + FRAME_SIZE);
    },
    addRow: (at) => {
      const quotes = (bytes[at + ROW_FLAGS]! & FLAG_QUOTE) !== 0;
      add(at, at + (quotes ? ROW_SIZE : ROW_QUOTE_SOURCE));
      // What is known, and the capture, stand behind the quoted protocol.
      const [known, low, high] = bytes.subarray(at + ROW_QUOTE_PROTOCOL + 1, at + ROW_SIZE);
      hash = Math.imul(hash ^ known! ^ (low! << 8) ^ (high! << 16), 0x85ebca6b);
    },
    addVerdict: (at) => {
      const answers = bytes[at + VERDICT_ANSWERS]!;
      hash = Math.imul(hash ^ bytes[at]! ^ (answers << 8), 0x85ebca6b);
      for (let i = 0; i < answers; i++) {
        const answer = at + (i === 0 ? VERDICT_FIRST : VERDICT_SECOND);
        add(answer, answer + 8);
        hash = Math.imul(hash ^ bytes[answer + 8]! ^ (bytes[answer + 9]! << 8), 0x85ebca6b);
      }
    },
    value: () => hash >>> 0,
  };
}

export const strides = { frame: FRAME_SIZE, row: ROW_SIZE, verdict: VERDICT_SIZE } as const;
