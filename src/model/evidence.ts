import type { Packet } from './packet.js';
import type { Remembered } from './remembered.js';
import type { FrameVerdict } from './verdict.js';

/** A judged packet and what was known when it was judged: enough to judge it again, and to say why. */
export interface Evidence {
  readonly packet: Packet;
  readonly verdict: FrameVerdict;
  /** Packet time that it was judged at, in nanoseconds: never before that of an earlier packet (CP-7). */
  readonly clockNs: bigint;
  /** Position in the timeline's phases. */
  readonly phase: number;
  /**
   * What each interface of `verdict.at` remembered before it answered: of the packet's flow, of the flow that an ICMP error
   * quotes, of the datagram that a later fragment belongs to. Also what was over already, for RECALLED_SECONDS.
   */
  readonly memories: readonly (Remembered | undefined)[];
}

/** What is over is told of for an hour of packet time; ended TCP connections as long as they are remembered (CT-14). */
export const RECALLED_SECONDS = 3600;
