import { TCP } from '../model/protocol.js';
import { BEGAN, DROPPED, FLOW_WORDS, KIND, PROTOCOL_SHIFT, SCRIPT_MASK } from './flow-words.js';
import { type LiveFlows, removeFlow } from './live-flows.js';
import { type Random, below, next } from './random.js';
import { SCRIPTS } from './script.js';

/** Whose turn it is. Packets of a flow come in short trains, as bursts and windows make them. */
export interface Served {
  position: number;
  /** Packets that it may still send before another is chosen. */
  train: number;
  /** Flows from here on were looked at since the last round: see SILENT_MS. */
  hand: number;
}

/**
 * A flow that is found silent for so long is served. All are looked at round by round, two for every train, from the last to
 * the first, so that those that are moved to a gap are not missed; a round takes no longer than ROUND_MS, for no more flows live
 * than that many trains can serve. So nobody is silent for 30 s, the shortest idle limit (CT-12, CT-13, CT-15).
 */
const SILENT_MS = 12_000;
export const ROUND_MS = 15_000;
/** Trains have 1 to 4 packets. */
export const MEAN_TRAIN = 2.5;
/**
 * A TCP conversation that must be dropped ends by then at the latest: its denied SYN is remembered for 120 s, whatever
 * follows it (CT-13, CT-25).
 */
const DENIED_MS = 100_000;

export const createServed = (): Served => ({ position: 0, train: 0, hand: 0 });

/** Chooses the flow that sends next. False when there is none. */
export function chooseFlow(served: Served, flows: LiveFlows, random: Random, now: number): boolean {
  const { words, seen } = flows;
  while (served.train === 0) {
    if (flows.count === 0) return false;
    let position = below(random, flows.count);
    for (let looks = 0; looks < 2; looks++) {
      served.hand =
        (served.hand > flows.count || served.hand === 0 ? flows.count : served.hand) - 1;
      const at = seen[served.hand]!;
      if (at < 0 || now - at < SILENT_MS) continue;
      position = served.hand;
      break;
    }
    const flow = position * FLOW_WORDS;
    if (seen[position]! < 0) words[flow + BEGAN] = now;
    else if (isForgotten(words, flow, now)) {
      removeFlow(flows, position);
      continue;
    }
    served.position = position;
    served.train = 1 + (next(random) >>> 30);
  }
  return true;
}

const DENIED_CONVERSATION = SCRIPTS.conversation | DROPPED;

const isForgotten = (words: Int32Array, flow: number, now: number): boolean =>
  (words[flow + KIND]! & (SCRIPT_MASK | DROPPED)) === DENIED_CONVERSATION &&
  words[flow + KIND]! >>> PROTOCOL_SHIFT === TCP &&
  now - words[flow + BEGAN]! >= DENIED_MS;
