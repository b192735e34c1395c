import { ACK, FIN, RST, SYN, TCP } from '../model/protocol.js';

/** What the packets of a flow say, and in which order. */
export const SCRIPTS = {
  /** TCP: handshake, data both ways, FIN both ways. */
  conversation: 0,
  /** UDP and ICMP: request and answer, by turns. */
  exchange: 1,
  /** Openers that nobody answers. */
  unanswered: 2,
  /** TCP of a scanner that found an open port: SYN, SYN-ACK, RST. */
  probe: 3,
  /** TCP that a flood leaves half-open: SYN, SYN-ACK. */
  halfOpen: 4,
} as const;
export type Script = (typeof SCRIPTS)[keyof typeof SCRIPTS];

/** Packets that scripts have when they end by themselves. */
export const PROBE_PACKETS = 3;
export const HALF_OPEN_PACKETS = 2;
/** SYNs that a host sends before it gives up: tcp_syn_retries is 6 in Linux. */
export const MOST_SYNS = 7;

export const PSH = 0x08;

// A turn is one number: TCP flags in the low byte, then who sends, and whether there is data.
export const FLAGS_MASK = 0xff;
/** Set when the flow's opener does not send. */
export const REPLY = 0x100;
export const DATA = 0x200;

/** Shares of 256: data that the opener sends, and packets in between that carry data. */
const FROM_OPENER = 115;
const WITH_DATA = 179;

/**
 * The turn after `sent` packets, with `left` to come, this one included. Of `chance`, the low byte decides who sends, the
 * next whether there is data: 0 says so.
 */
export function turnOf(
  script: Script,
  protocol: number,
  sent: number,
  left: number,
  chance: number,
): number {
  switch (script) {
    case SCRIPTS.conversation:
      return conversationTurn(sent, left, chance);
    case SCRIPTS.exchange:
      return (sent & 1) === 0 ? DATA : DATA | REPLY;
    case SCRIPTS.unanswered:
      return protocol === TCP ? SYN : DATA;
    case SCRIPTS.probe:
      return sent === 0 ? SYN : sent === 1 ? SYN | ACK | REPLY : RST;
    case SCRIPTS.halfOpen:
      return sent === 0 ? SYN : SYN | ACK | REPLY;
  }
}

function conversationTurn(sent: number, left: number, chance: number): number {
  if (sent === 0) return SYN;
  if (sent === 1) return SYN | ACK | REPLY;
  if (sent === 2) return ACK;
  if (left <= 4)
    return left === 4 ? FIN | ACK : left === 3 ? ACK | REPLY : left === 2 ? FIN | ACK | REPLY : ACK;
  const side = (chance & 0xff) < FROM_OPENER ? 0 : REPLY;
  return chance >>> 8 < WITH_DATA ? side | DATA | PSH | ACK : side | ACK;
}
