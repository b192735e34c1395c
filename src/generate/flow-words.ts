import type { Conversation } from './conversation.js';
import { type Random, next } from './random.js';
import type { Script } from './script.js';

/** A flow is 16 words, one cache line: a live one, or a pattern that live ones are copied from. */
export const FLOW_WORDS = 16;

/** Script in the low bits, then marks; IP protocol in the second byte. */
export const KIND = 0;
/** Packets to come, and packets sent. */
export const LEFT = 1;
export const SENT = 2;
/** TCP: next sequence number, the opener's and the other's. ICMP: where the payload of the last request stands, and its size. */
export const SEQUENCE = 3;
/** The opener's port or ICMP identifier in the high half, the other's in the low. */
export const PORTS = 5;
/** Positions in a table of MAC addresses, in halves like the ports. */
export const MACS = 6;
/** Milliseconds of packet time from the start to its first packet. */
export const BEGAN = 7;
/** The opener's, then the other's: four words each. */
export const ADDRESSES = 8;

export const SCRIPT_MASK = 0x07;
/** All its packets must be dropped. */
export const DROPPED = 0x08;
export const IPV6 = 0x10;
export const PROTOCOL_SHIFT = 8;

/** Writes a flow of a conversation; how long it is and which port opens it is told by `beginFlow`. */
export function writeConversation(
  words: Int32Array,
  at: number,
  { initiator, responder, protocol, port, allowed }: Conversation,
  script: Script,
): void {
  const marks = (allowed ? 0 : DROPPED) | (initiator.family === 6 ? IPV6 : 0);
  words[at + KIND] = script | marks | (protocol << PROTOCOL_SHIFT);
  words[at + PORTS] = port;
  words[at + MACS] = (initiator.mac << 16) | responder.mac;
  for (let i = 0; i < 4; i++) {
    words[at + ADDRESSES + i] = initiator.words[i]!;
    words[at + ADDRESSES + 4 + i] = responder.words[i]!;
  }
}

/** Begins a flow that was written before, with so many packets, from a port. */
export function beginFlow(
  words: Int32Array,
  at: number,
  packets: number,
  openerPort: number,
  random: Random,
): void {
  words[at + LEFT] = packets;
  words[at + SENT] = 0;
  words[at + SEQUENCE] = next(random);
  words[at + SEQUENCE + 1] = next(random);
  words[at + PORTS] = (openerPort << 16) | (words[at + PORTS]! & 0xffff);
}
