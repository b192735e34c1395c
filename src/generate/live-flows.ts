/**
 * Flows that have begun or are about to, 24 words each: one flow after the other, without gaps. Those of which a packet was
 * sent are also in a chain, the one that has been silent for longest first.
 */
export interface LiveFlows {
  readonly words: Int32Array;
  count: number;
  /** Positions in the chain's ends; -1 when it is empty. */
  oldest: number;
  newest: number;
}

export const FLOW_WORDS = 24;

// Words of a flow. What differs by side stands twice: the opener's, then the other's.

/** What is said, and in which order: see script.ts. */
export const SCRIPT = 0;
export const PROTOCOL = 1;
/** Packets to come. */
export const LEFT = 2;
export const SENT = 3;
/** TCP: next sequence number of each side. ICMP: where the payload of the last request stands, and its size. */
export const SEQUENCE = 4;
/** Ports; ICMP: the identifier, then 0. */
export const PORT = 6;
/** Positions in a table of MAC addresses. */
export const MAC = 8;
/** Four words each. */
export const ADDRESS = 10;
/** One's complement sum of both addresses. */
export const ADDRESS_SUM = 18;
/** Milliseconds of packet time since the start: of its first packet, of its last. */
export const BEGAN = 19;
export const SEEN = 20;
/** What is true of the whole flow: bits. */
export const MARKS = 21;
const BEFORE = 22;
const BEHIND = 23;

/** Its packets must be dropped. */
export const DROPPED = 1;
export const IPV6 = 2;

export function createLiveFlows(capacity: number): LiveFlows {
  const words = new Int32Array(capacity * FLOW_WORDS);
  return { words, count: 0, oldest: -1, newest: -1 };
}

/** Puts a flow last in the chain; `sent` tells whether it was in it before. */
export function moveToEnd(flows: LiveFlows, position: number, sent: boolean): void {
  if (flows.newest === position) return;
  if (sent) unlink(flows, position);
  const { words, newest } = flows;
  words[position * FLOW_WORDS + BEFORE] = newest;
  words[position * FLOW_WORDS + BEHIND] = -1;
  if (newest === -1) flows.oldest = position;
  else words[newest * FLOW_WORDS + BEHIND] = position;
  flows.newest = position;
}

/** Takes a flow out; the last one takes its place. */
export function removeFlow(flows: LiveFlows, position: number): void {
  unlink(flows, position);
  const { words } = flows;
  const last = --flows.count;
  if (last === position) return;
  const at = position * FLOW_WORDS;
  words.copyWithin(at, last * FLOW_WORDS, (last + 1) * FLOW_WORDS);
  if (words[at + SENT] === 0) return;
  const before = words[at + BEFORE]!;
  const behind = words[at + BEHIND]!;
  if (before === -1) flows.oldest = position;
  else words[before * FLOW_WORDS + BEHIND] = position;
  if (behind === -1) flows.newest = position;
  else words[behind * FLOW_WORDS + BEFORE] = position;
}

function unlink(flows: LiveFlows, position: number): void {
  const { words } = flows;
  const before = words[position * FLOW_WORDS + BEFORE]!;
  const behind = words[position * FLOW_WORDS + BEHIND]!;
  if (before === -1) flows.oldest = behind;
  else words[before * FLOW_WORDS + BEHIND] = behind;
  if (behind === -1) flows.newest = before;
  else words[behind * FLOW_WORDS + BEFORE] = before;
}
