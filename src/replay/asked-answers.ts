import {
  ANSWER_CODE,
  ANSWER_DIRECTION,
  ANSWER_INTERFACE,
  EGRESS,
  FLAG_IPV6,
  FLAG_LATER_FRAGMENT,
  FLAG_TRANSPORT,
  FRAGMENT_WAITS,
  ROW_DESTINATION_PORT,
  ROW_FLAGS,
  ROW_PROTOCOL,
  ROW_SIZE,
  ROW_SOURCE_PORT,
  ROW_TCP_FLAGS,
  VERDICT_FIRST,
  VERDICT_FLAGS,
  VERDICT_SECOND,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import type { Address } from '../model/address.js';
import { ACK, FIN, RST, SYN, TCP, UDP } from '../model/protocol.js';
import type { Direction } from '../model/security-group.js';
import { NO_PORT, hasPorts } from '../policy/carries.js';
import { ENDS_DESTINATION, ENDS_SOURCE, type PacketEnds } from './packet-ends.js';
import { isAsked } from './rule-findings.js';
import type { RunViews } from './run-views.js';

/** An answer for which rules were asked, and what they were asked. */
export interface AskedAnswer {
  readonly code: number;
  /** Number of the interface. */
  readonly eni: number;
  readonly direction: Direction;
  readonly family: 4 | 6;
  readonly protocol: number;
  /** Of the packet, and of the one that it answers: see `Carried`. */
  readonly port: number;
  readonly replyPort: number;
  readonly isBareSyn: boolean;
}

const OPENING = SYN | ACK | RST | FIN;

/** Offset of an answer in the verdicts of a run. */
export const answerAt = (index: number, answer: number): number =>
  index * VERDICT_SIZE + (answer === 0 ? VERDICT_FIRST : VERDICT_SECOND);

/** Reads an answer of a verdict; undefined when no rules were asked. */
export function readAsked(views: RunViews, index: number, answer: number): AskedAnswer | undefined {
  const { rows, verdicts } = views;
  const at = answerAt(index, answer);
  const code = verdicts.bytes[at + ANSWER_CODE]!;
  if (!isAsked(code)) return undefined;
  const row = index * ROW_SIZE;
  const flags = rows.bytes[row + ROW_FLAGS]!;
  const family = (flags & FLAG_IPV6) === 0 ? 4 : 6;
  const protocol = rows.bytes[row + ROW_PROTOCOL]!;
  const ported = hasPorts(family, protocol);
  const waits = FRAGMENT_WAITS << answer;
  const isAlone = (verdicts.bytes[index * VERDICT_SIZE + VERDICT_FLAGS]! & waits) !== 0;
  // CT-18: what a first fragment covers asks nothing.
  if ((flags & FLAG_LATER_FRAGMENT) !== 0 && ported && !isAlone) return undefined;
  const isRead = ported && (flags & FLAG_TRANSPORT) !== 0;
  const port = isRead ? rows.halves[(row + ROW_DESTINATION_PORT) / 2]! : NO_PORT;
  const isPaired = isRead && (protocol === TCP || protocol === UDP);
  return {
    code,
    eni: verdicts.words[(at + ANSWER_INTERFACE) / 4]!,
    direction: verdicts.bytes[at + ANSWER_DIRECTION] === EGRESS ? 'egress' : 'ingress',
    ...{ family, protocol, port },
    replyPort: isPaired ? rows.halves[(row + ROW_SOURCE_PORT) / 2]! : port,
    isBareSyn: isRead && protocol === TCP && (rows.bytes[row + ROW_TCP_FLAGS]! & OPENING) === SYN,
  };
}

/** The other end of a packet, as an interface sees it. */
export function remoteOf(
  { words }: PacketEnds,
  { direction, family }: Pick<AskedAnswer, 'direction' | 'family'>,
): Address {
  const at = direction === 'egress' ? ENDS_DESTINATION : ENDS_SOURCE;
  if (family === 4) return { family, value: BigInt(words[at + 2]!) };
  const [low, mid, high, top] = [2, 3, 0, 1].map((i) => BigInt(words[at + i]!));
  return { family, value: low! | (mid! << 32n) | (high! << 64n) | (top! << 96n) };
}
