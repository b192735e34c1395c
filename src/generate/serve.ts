import { TCP } from '../model/protocol.js';
import {
  BEGAN,
  DROPPED,
  FLOW_WORDS,
  KIND,
  LEFT,
  PROTOCOL_SHIFT,
  SCRIPT_MASK,
  SENT,
} from './flow-words.js';
import { type LiveFlows, removeFlow } from './live-flows.js';
import { type Random, below, next } from './random.js';
import { SCRIPTS } from './script.js';

/** Whose turn it is. Packets of a flow come in short trains, as bursts and windows make them. */
export interface Served {
  position: number;
  /** Packets that it may still send before another is chosen. */
  train: number;
  /** Flows from here on were looked at in this round. */
  hand: number;
}

/** Trains have 1 to 4 packets. */
export const MEAN_TRAIN = 2.5;

/**
 * Milliseconds of silence after which a flow is served before others. Flows are looked at round by round, LOOKS for every
 * train. A round takes less than 6 s, as long as not too many flows live (see `concurrentFlows`), and a flow that is moved
 * meanwhile may have to wait for the end of the next: so nobody is silent for the shortest of idle limits, which are 30 s for
 * UDP, ICMP and the last ACK of TCP, and 60 s for the rest of TCP and what is not tracked (CT-12, CT-13, CT-15, CT-21).
 */
const PATIENCE = { short: 16_000, long: 40_000 } as const;
const LOOKS = 4;

/** Milliseconds for which a flow that has just sent a packet may be silent. */
export function patienceOf(words: Int32Array, flow: number): number {
  const isTcp = words[flow + KIND]! >>> PROTOCOL_SHIFT === TCP;
  return isTcp && words[flow + LEFT] !== 1 ? PATIENCE.long : PATIENCE.short;
}

/**
 * A TCP conversation that must be dropped ends by then at the latest: its denied SYN is remembered for 120 s, whatever
 * follows it (CT-13, CT-25).
 */
const DENIED_MS = 100_000;

export const createServed = (): Served => ({ position: 0, train: 0, hand: 0 });

/** Chooses the flow that sends next: any, unless one is due. False when there is none. */
export function chooseFlow(served: Served, flows: LiveFlows, random: Random, now: number): boolean {
  const { words } = flows;
  while (served.train === 0) {
    if (flows.count === 0) return false;
    const any = below(random, flows.count);
    const due = findDue(served, flows, now);
    const position = due === -1 ? any : due;
    const flow = position * FLOW_WORDS;
    if (words[flow + SENT] === 0) words[flow + BEGAN] = now;
    else if (isForgotten(words, flow, now)) {
      removeFlow(flows, position);
      continue;
    }
    served.position = position;
    served.train = 1 + (next(random) >>> 30);
  }
  return true;
}

/** Moves the hand on, from the last flow to the first, so that whoever is moved to a gap before it is not missed. */
function findDue(served: Served, { due, count }: LiveFlows, now: number): number {
  for (let looks = 0; looks < LOOKS; looks++) {
    const at = (served.hand > count || served.hand === 0 ? count : served.hand) - 1;
    served.hand = at;
    if (due[at]! <= now) return at;
  }
  return -1;
}

const DENIED_CONVERSATION = SCRIPTS.conversation | DROPPED;

const isForgotten = (words: Int32Array, flow: number, now: number): boolean =>
  (words[flow + KIND]! & (SCRIPT_MASK | DROPPED)) === DENIED_CONVERSATION &&
  now - words[flow + BEGAN]! >= DENIED_MS;
