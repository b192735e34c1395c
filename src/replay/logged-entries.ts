import { readAddress } from '../engine/row-address.js';
import type { LoggedFlow } from '../model/logged-flow.js';
import { TCP } from '../model/protocol.js';
import { mix } from './mix.js';

/** Aggregates of one interval, found by their keys; forgotten all at once. */
export interface LoggedEntries {
  readonly count: number;
  /** Words to write the key into that `place` looks for: `KEY_WORDS` of them. */
  readonly key: Uint32Array;
  /** Place of the key's aggregate; a new one, empty, where there is none. -1 when there is no room for it. */
  place(): number;
  /** Adds a packet to an aggregate. A time is given in words, low and high. */
  add(place: number, bytes: number, tcpFlags: number, low: number, high: number): void;
  /** All of them, in the order in which they began. */
  flows(interfaces: readonly string[]): Generator<LoggedFlow>;
  clear(): void;
}

// Words of a key: both addresses as rows hold them, the ports, the interface, and the rest.
export const KEY_DESTINATION = 4;
/** Source port above destination port. */
export const KEY_PORTS = 8;
export const KEY_ENI = 9;
export const KEY_KIND = 10;
export const KEY_WORDS = 11;
// KEY_KIND: the protocol in the lowest eight bits, and:
export const KIND_IPV6 = 1 << 8;
export const KIND_INGRESS = 1 << 9;
export const KIND_ACCEPTED = 1 << 10;

const FLAGS = KEY_WORDS;
/** Low word, high word. */
const FIRST = 12;
const LAST = 14;
const WORDS = 16;

/** Room for `most`, at least 1. `seed` is secret: whoever makes a capture could make all keys collide. */
export function createLoggedEntries(most: number, seed: number): LoggedEntries {
  const words = new Uint32Array(most * WORDS);
  const sums = new Float64Array(most * 2);
  /** Aggregates from 1; 0 is free. At most half are taken. */
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(most * 2)));
  const key = new Uint32Array(KEY_WORDS);
  let count = 0;

  const isKey = (place: number): boolean => {
    const at = place * WORDS;
    for (let i = 0; i < KEY_WORDS; i++) if (words[at + i] !== key[i]) return false;
    return true;
  };
  return {
    key,
    get count() {
      return count;
    },
    place: () => {
      const mask = slots.length - 1;
      let slot = hashOf(key, seed) & mask;
      for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
        if (isKey(slots[slot]! - 1)) return slots[slot]! - 1;
      }
      if (count === most) return -1;
      words.set(key, count * WORDS);
      words.fill(0, count * WORDS + KEY_WORDS, (count + 1) * WORDS);
      sums.fill(0, count * 2, count * 2 + 2);
      slots[slot] = ++count;
      return count - 1;
    },
    add: (place, bytes, tcpFlags, low, high) => {
      const at = place * WORDS;
      const isNew = sums[place * 2] === 0;
      sums[place * 2]! += 1;
      sums[place * 2 + 1]! += bytes;
      words[at + FLAGS]! |= tcpFlags;
      if (isNew || isBefore(low, high, words[at + FIRST]!, words[at + FIRST + 1]!)) {
        words[at + FIRST] = low;
        words[at + FIRST + 1] = high;
      }
      if (isNew || isBefore(words[at + LAST]!, words[at + LAST + 1]!, low, high)) {
        words[at + LAST] = low;
        words[at + LAST + 1] = high;
      }
    },
    *flows(interfaces) {
      const view = new DataView(words.buffer);
      for (let place = 0; place < count; place++) yield readFlow(view, place, sums, interfaces);
    },
    clear: () => {
      count = 0;
      slots.fill(0);
    },
  };
}

/** Whether one time, in words, is before another. */
export function isBefore(low: number, high: number, otherLow: number, otherHigh: number): boolean {
  return high === otherHigh ? low < otherLow : (high | 0) < (otherHigh | 0);
}

function readFlow(
  view: DataView,
  place: number,
  sums: Float64Array,
  interfaces: readonly string[],
): LoggedFlow {
  const at = place * WORDS * 4;
  const word = (index: number): number => view.getUint32(at + index * 4, true);
  const kind = word(KEY_KIND);
  const ports = word(KEY_PORTS);
  const ipv6 = (kind & KIND_IPV6) !== 0;
  const protocol = kind & 0xff;
  return {
    eni: interfaces[word(KEY_ENI)]!,
    direction: (kind & KIND_INGRESS) === 0 ? 'egress' : 'ingress',
    accepted: (kind & KIND_ACCEPTED) !== 0,
    protocol,
    source: readAddress(view, at, ipv6),
    destination: readAddress(view, at + KEY_DESTINATION * 4, ipv6),
    sourcePort: ports >>> 16,
    destinationPort: ports & 0xffff,
    packets: sums[place * 2]!,
    bytes: sums[place * 2 + 1]!,
    firstTimeNs: view.getBigInt64(at + FIRST * 4, true),
    lastTimeNs: view.getBigInt64(at + LAST * 4, true),
    ...(protocol === TCP && { tcpFlags: word(FLAGS) }),
  };
}

function hashOf(words: Uint32Array, seed: number): number {
  let hash = seed;
  for (let i = 0; i < KEY_WORDS; i++) hash = mix(hash, words[i]!);
  return hash;
}
