import type { IpPacket, Packet } from '../model/packet.js';
import { EARLY_FRAGMENT_FRAMES } from '../model/tracking.js';
import type { FrameVerdict } from '../model/verdict.js';
import type { Finding } from './reference-memory.js';
import { coversFragments } from './reference-state.js';

/** A judged frame. `clock` is the packet time that it was judged at, `datagram` what each answer is to its datagram. */
export interface SeenFrame {
  readonly packet: Packet;
  readonly clock: bigint;
  readonly verdict: FrameVerdict;
  readonly datagram: readonly Finding['datagram'][];
}

/** CT-18: later fragments that came before the first of their datagram wait for it, and then share its verdict. */
export interface EarlyFragments {
  /** Shows the next frame. */
  see(frame: SeenFrame): void;
  /** Verdicts that took the place of earlier ones since the last call. */
  revise(): FrameVerdict[];
}

export function createEarlyFragments(): EarlyFragments {
  let waiting: SeenFrame[] = [];
  let revised: FrameVerdict[] = [];
  return {
    see(frame) {
      waiting = waiting.filter((early) => !isTooLate(early, frame));
      const covered = waiting.filter((early) => covers(frame, early));
      waiting = waiting.filter((early) => !covered.includes(early));
      for (const { verdict } of covered) {
        const { frame: number, timeNs } = verdict;
        revised.push({ ...frame.verdict, frame: number, timeNs });
      }
      if (frame.datagram.includes('waits')) waiting.push(frame);
    },
    revise() {
      const all = revised;
      revised = [];
      return all;
    },
  };
}

function isTooLate(early: SeenFrame, now: SeenFrame): boolean {
  if (now.verdict.frame - early.verdict.frame > EARLY_FRAGMENT_FRAMES) return true;
  const { family } = ipOf(early).source;
  // The time that covers the fragments behind a first one covers those before it.
  return !coversFragments({ judgedAt: early.clock, family }, now.clock);
}

/** Whether a first fragment was asked about where the early one waits, and both were at the same interfaces. */
function covers(first: SeenFrame, early: SeenFrame): boolean {
  if (first.datagram[early.datagram.indexOf('waits')] !== 'covers') return false;
  const one = ipOf(first);
  const other = ipOf(early);
  return (
    one.source.family === other.source.family &&
    one.source.value === other.source.value &&
    one.destination.value === other.destination.value &&
    one.protocol === other.protocol &&
    one.fragment!.id === other.fragment!.id &&
    first.verdict.at.every(({ eni, direction }, i) => {
      const there = early.verdict.at[i];
      return there === undefined || (there.eni === eni && there.direction === direction);
    })
  );
}

/** Only IP packets are fragments. */
function ipOf({ packet: { content } }: SeenFrame): IpPacket {
  if (content.kind !== 'ip') throw new Error('no fragment');
  return content.ip;
}
