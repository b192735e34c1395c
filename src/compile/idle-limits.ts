import {
  CLOSE,
  CLOSE_WAIT,
  DENIED_ICMP,
  DENIED_OTHER,
  DENIED_TCP,
  DENIED_UDP,
  ESTABLISHED,
  FIN_WAIT,
  FRAGMENT4,
  FRAGMENT6,
  LAST_ACK,
  LIVE_ICMP,
  LIVE_OTHER,
  LIVE_UDP,
  LIVE_UDP_STREAM,
  NOTED,
  STATES,
  SYN_RECEIVED,
  SYN_SENT,
  SYN_SENT2,
  TIME_WAIT,
  UNTRACKED,
} from '../kernel/layout.js';
import {
  FIXED_IDLE_SECONDS,
  FRAGMENT_SECONDS,
  type IdleSeconds,
  UNTRACKED_NOTE_SECONDS,
} from '../model/tracking.js';
import { type ImageWriter, putU64, reserve } from './image-writer.js';

/** Writes the idle limit of each state, in nanoseconds (CT-12, CT-13, CT-15, CT-17, CT-18, CT-25); returns its offset. */
export function writeIdleLimits(writer: ImageWriter, set: IdleSeconds): number {
  const at = reserve(writer, STATES * 8);
  const fixed = FIXED_IDLE_SECONDS;
  const limits: readonly (readonly [state: number, seconds: number])[] = [
    [SYN_SENT, fixed.synSent],
    [SYN_SENT2, fixed.synSent],
    [SYN_RECEIVED, fixed.synReceived],
    [ESTABLISHED, set.tcpEstablished],
    [FIN_WAIT, fixed.finWait],
    [CLOSE_WAIT, fixed.closeWait],
    [LAST_ACK, fixed.lastAck],
    [TIME_WAIT, fixed.timeWait],
    [CLOSE, fixed.close],
    [LIVE_UDP, set.udp],
    [LIVE_UDP_STREAM, set.udpStream],
    [LIVE_ICMP, fixed.icmp],
    [LIVE_OTHER, fixed.other],
    [UNTRACKED, UNTRACKED_NOTE_SECONDS],
    [NOTED, UNTRACKED_NOTE_SECONDS],
    [FRAGMENT4, FRAGMENT_SECONDS[4]],
    [FRAGMENT6, FRAGMENT_SECONDS[6]],
    // A denied opening is remembered as long as the entry it would have made.
    [DENIED_TCP, fixed.synSent],
    [DENIED_UDP, set.udp],
    [DENIED_ICMP, fixed.icmp],
    [DENIED_OTHER, fixed.other],
  ];
  for (const [state, seconds] of limits) {
    putU64(writer, at + state * 8, BigInt(seconds) * 1_000_000_000n);
  }
  return at;
}
