import { FLOW_WORDS } from './flow-words.js';

/** Flows that have begun or are about to, one after the other, without gaps. */
export interface LiveFlows {
  /** See flow-words.ts. */
  readonly words: Int32Array;
  /** Of each: milliseconds of packet time from the start until it has been silent for too long; NEVER before its first packet. */
  readonly due: Int32Array;
  count: number;
}

export const NEVER = 0x7fff_ffff;

export function createLiveFlows(capacity: number): LiveFlows {
  return {
    words: new Int32Array(capacity * FLOW_WORDS),
    due: new Int32Array(capacity),
    count: 0,
  };
}

/** Takes a flow out; the last one takes its place. */
export function removeFlow(flows: LiveFlows, position: number): void {
  const { words, due } = flows;
  const last = --flows.count;
  if (last === position) return;
  const from = last * FLOW_WORDS;
  const to = position * FLOW_WORDS;
  for (let i = 0; i < FLOW_WORDS; i++) words[to + i] = words[from + i]!;
  due[position] = due[last]!;
}
