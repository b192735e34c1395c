import { TCP } from '../model/protocol.js';
import {
  BEGAN,
  DROPPED,
  FLOW_WORDS,
  type LiveFlows,
  MARKS,
  PROTOCOL,
  SCRIPT,
  SEEN,
  SENT,
  moveToEnd,
  removeFlow,
} from './live-flows.js';
import { type Random, below, next } from './random.js';
import { SCRIPTS } from './script.js';

/** Whose turn it is. Packets of a flow come in short trains, as bursts and windows make them. */
export interface Served {
  position: number;
  /** Packets that it may still send before another is chosen. */
  train: number;
}

/** No flow is silent for longer, or its connection could expire: no idle limit is shorter than 30 s (CT-12, CT-13, CT-15). */
export const SILENCE_MS = 20_000;
/** Trains have 1 to 4 packets. */
export const MEAN_TRAIN = 2.5;
/**
 * A TCP conversation that must be dropped ends by then at the latest: its denied SYN is remembered for 120 s, whatever
 * follows it (CT-13, CT-25).
 */
const DENIED_MS = 100_000;

/** Chooses the flow that sends next: any, but first one that has been silent for too long. False when there is none. */
export function chooseFlow(served: Served, flows: LiveFlows, random: Random, now: number): boolean {
  const { words } = flows;
  while (served.train === 0) {
    const { count, oldest } = flows;
    if (count === 0) return false;
    const due = oldest !== -1 && now - words[oldest * FLOW_WORDS + SEEN]! >= SILENCE_MS;
    const position = due ? oldest : below(random, count);
    const flow = position * FLOW_WORDS;
    const sent = words[flow + SENT]!;
    if (sent > 0 && isForgotten(words, flow, now)) {
      removeFlow(flows, position);
      continue;
    }
    if (sent === 0) words[flow + BEGAN] = now;
    moveToEnd(flows, position, sent > 0);
    served.position = position;
    served.train = 1 + (next(random) >>> 30);
  }
  return true;
}

const isForgotten = (words: Int32Array, flow: number, now: number): boolean =>
  (words[flow + MARKS]! & DROPPED) !== 0 &&
  words[flow + SCRIPT] === SCRIPTS.conversation &&
  words[flow + PROTOCOL] === TCP &&
  now - words[flow + BEGAN]! >= DENIED_MS;
