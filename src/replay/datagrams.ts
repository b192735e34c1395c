import {
  FLAG_IPV6,
  ROW_CLOCK,
  ROW_DESTINATION,
  ROW_FLAGS,
  ROW_FRAGMENT_ID,
  ROW_LENGTH,
  ROW_PROTOCOL,
  ROW_SOURCE,
  ROW_TIME,
} from '../kernel/layout.js';
import { EARLY_FRAGMENT_FRAMES, FRAGMENT_SECONDS } from '../model/tracking.js';
import type { CountedFrame } from './late-tally.js';

/** A fragment, and where it stands. */
export interface Fragment extends CountedFrame {
  /** Position among all judged frames, from 0. */
  readonly position: number;
  readonly clockNs: bigint;
  /** The same for all fragments of its datagram (CT-18). */
  readonly datagram: string;
}

/** Reads the row of a fragment at `at`; `number` is its frame's. */
export function readFragment(
  rows: DataView,
  at: number,
  position: number,
  number: number,
): Fragment {
  const source = wide(rows, at + ROW_SOURCE);
  const destination = wide(rows, at + ROW_DESTINATION);
  const protocol = rows.getUint8(at + ROW_PROTOCOL);
  const ipv6 = (rows.getUint8(at + ROW_FLAGS) & FLAG_IPV6) !== 0;
  const id = rows.getUint32(at + ROW_FRAGMENT_ID, true);
  return {
    ...{ position, number, ipv6, source, destination, protocol },
    datagram: `${ipv6 ? 6 : 4} ${source.toString(36)} ${destination.toString(36)} ${protocol} ${id}`,
    timeNs: rows.getBigInt64(at + ROW_TIME, true),
    clockNs: rows.getBigInt64(at + ROW_CLOCK, true),
    length: rows.getUint32(at + ROW_LENGTH, true),
  };
}

function wide(rows: DataView, at: number): bigint {
  return (rows.getBigUint64(at, true) << 64n) | rows.getBigUint64(at + 8, true);
}

/** Later fragments that wait for the first of their datagram, in file order. */
export interface WaitingFragments {
  readonly size: number;
  readonly oldest: Fragment | undefined;
  of(datagram: string): Fragment[];
  add(fragment: Fragment): void;
  remove(fragment: Fragment): void;
}

export function createWaitingFragments(): WaitingFragments {
  const all = new Set<Fragment>();
  // A set of its own would walk past all it has lost to find its first member.
  let inOrder: Fragment[] = [];
  let first = 0;
  const byDatagram = new Map<string, Set<Fragment>>();
  return {
    get size() {
      return all.size;
    },
    get oldest() {
      while (first < inOrder.length && !all.has(inOrder[first]!)) first++;
      if (first > EARLY_FRAGMENT_FRAMES) {
        inOrder = inOrder.slice(first);
        first = 0;
      }
      return inOrder[first];
    },
    of: (datagram) => [...(byDatagram.get(datagram) ?? [])],
    add(fragment) {
      const { datagram } = fragment;
      all.add(fragment);
      inOrder.push(fragment);
      const others = byDatagram.get(datagram);
      if (others === undefined) byDatagram.set(datagram, new Set([fragment]));
      else others.add(fragment);
    },
    remove(fragment) {
      const { datagram } = fragment;
      all.delete(fragment);
      const others = byDatagram.get(datagram)!;
      others.delete(fragment);
      if (others.size === 0) byDatagram.delete(datagram);
    },
  };
}

/** Whether a fragment has waited too long for a first one at a later position and time. */
export function isTooLate(
  { position, clockNs, ipv6 }: Fragment,
  now: { readonly position: number; readonly clockNs: bigint },
): boolean {
  if (now.position - position > EARLY_FRAGMENT_FRAMES) return true;
  return now.clockNs - clockNs >= BigInt(FRAGMENT_SECONDS[ipv6 ? 6 : 4]) * 1_000_000_000n;
}
