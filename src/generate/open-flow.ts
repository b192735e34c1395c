import { wordsSum } from './frame-record.js';
import {
  ADDRESS,
  ADDRESS_SUM,
  DROPPED,
  FLOW_WORDS,
  IPV6,
  LEFT,
  type LiveFlows,
  MAC,
  MARKS,
  PORT,
  PROTOCOL,
  SCRIPT,
  SENT,
  SEQUENCE,
} from './live-flows.js';
import type { PlannedFlow } from './planned-flow.js';
import { type Random, next } from './random.js';

/** Adds a flow of which nothing was sent yet. There is room for it. */
export function openFlow(
  flows: LiveFlows,
  { conversation, script, packets, openerPort }: PlannedFlow,
  random: Random,
): void {
  const { words } = flows;
  const { initiator, responder, protocol, port, allowed } = conversation;
  const at = flows.count++ * FLOW_WORDS;
  words[at + SCRIPT] = script;
  words[at + PROTOCOL] = protocol;
  words[at + LEFT] = packets;
  words[at + SENT] = 0;
  words[at + SEQUENCE] = next(random);
  words[at + SEQUENCE + 1] = next(random);
  words[at + PORT] = openerPort;
  words[at + PORT + 1] = port;
  words[at + MAC] = initiator.mac;
  words[at + MAC + 1] = responder.mac;
  for (let i = 0; i < 4; i++) {
    words[at + ADDRESS + i] = initiator.words[i]!;
    words[at + ADDRESS + 4 + i] = responder.words[i]!;
  }
  words[at + ADDRESS_SUM] = wordsSum(words, at + ADDRESS, 8);
  words[at + MARKS] = (allowed ? 0 : DROPPED) | (initiator.family === 6 ? IPV6 : 0);
}
