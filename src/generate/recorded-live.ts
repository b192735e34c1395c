import type { OrderedFlow } from '../model/recorded-flow.js';
import { addressWords } from './recorded-frame.js';
import { type RecordedPackets, packetsOf } from './recorded-packets.js';

/** A record whose packets are not all out. */
export interface LiveRecord {
  readonly ordered: OrderedFlow;
  readonly packets: RecordedPackets;
  readonly words: Int32Array;
  next: number;
  /** Of the next packet. */
  time: number;
  /** Of records with one time, that which came first goes first. */
  readonly turn: number;
}

/** Records under way; the one whose next packet is the earliest is on top. */
export interface LiveRecords {
  readonly top: LiveRecord | undefined;
  add(ordered: OrderedFlow): void;
  /** The top's packet is out. */
  advance(): void;
}

export function createLiveRecords(thinned: boolean): LiveRecords {
  const heap: LiveRecord[] = [];
  let turn = 0;
  const isBefore = (one: LiveRecord, other: LiveRecord): boolean =>
    one.time === other.time ? one.turn < other.turn : one.time < other.time;
  const swap = (one: number, other: number): void => {
    [heap[one], heap[other]] = [heap[other]!, heap[one]!];
  };
  const sink = (): void => {
    for (let at = 0; ;) {
      const left = at * 2 + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const least = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left;
      if (!isBefore(heap[least]!, heap[at]!)) return;
      swap(at, least);
      at = least;
    }
  };
  return {
    get top() {
      return heap[0];
    },
    add: (ordered) => {
      const packets = packetsOf(ordered, thinned);
      const words = addressWords(ordered.flow);
      heap.push({ ordered, packets, words, next: 0, time: packets.timeOf(0), turn: turn++ });
      for (let at = heap.length - 1; at > 0;) {
        const above = (at - 1) >> 1;
        if (!isBefore(heap[at]!, heap[above]!)) return;
        swap(at, above);
        at = above;
      }
    },
    advance: () => {
      const top = heap[0]!;
      top.next++;
      if (top.next === top.packets.count) {
        const last = heap.pop()!;
        if (heap.length === 0) return;
        heap[0] = last;
      } else {
        top.time = top.packets.timeOf(top.next);
      }
      sink();
    },
  };
}
