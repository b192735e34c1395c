import {
  ALLOW_RELATED,
  ALLOW_TRACKED,
  ANSWER_CODE,
  ANSWER_DIRECTION,
  ANSWER_INTERFACE,
  ANSWER_RULE,
  CONNECTION_DIRECTION,
  CONNECTION_PORTS,
  CONNECTION_REPLY_RULE,
  CONNECTION_STATE,
  DROP_NOT_OPENED,
  DROP_NO_RULE,
  DROP_NO_STATE,
  EGRESS,
  FLAG_IPV6,
  FLAG_TRANSPORT,
  FRAGMENT4,
  FRAGMENT6,
  FREE,
  NONE,
  ROW_DESTINATION,
  ROW_DESTINATION_PORT,
  ROW_FLAGS,
  ROW_PROTOCOL,
  ROW_SIZE,
  ROW_SOURCE,
  ROW_TCP_FLAGS,
  TRACE_SECOND,
  TRACE_SIZE,
  VERDICT_ANSWERS,
  VERDICT_CODE,
  VERDICT_FIRST,
  VERDICT_SECOND,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import { ACK, FIN, ICMP, ICMPV6, ICMP_QUERIES, RST, SYN, TCP, UDP } from '../model/protocol.js';
import type { RowViews } from './kept-rows.js';

/** What tells cases apart, as numbers. */
export interface CaseKey {
  code: number;
  /** Position of the interface that decided; -1 where none was asked. */
  eni: number;
  /** EGRESS or INGRESS: of the packet that opened the flow, as far as that is remembered. */
  direction: number;
  protocol: number;
  ipv6: boolean;
  /** Destination port of the opener, ICMP type * 256 + code; -1 where the packet has none. */
  port: number;
  /** What allowed packets are told apart by; -1 without one. */
  rule: number;
  /** TCP that opens nothing and follows nothing that is remembered. */
  midstream: boolean;
  /** Where the remote end's address stands among the bytes of the rows. */
  remoteAt: number;
}

export function emptyCaseKey(): CaseKey {
  return {
    ...{ code: 0, eni: -1, direction: EGRESS, protocol: 0, ipv6: false },
    ...{ port: -1, rule: -1, midstream: false, remoteAt: 0 },
  };
}

/** Reads the key of a judged row into `key`, which is used again and again: floods are looked at packet by packet. */
export function readCaseKey(key: CaseKey, from: RowViews, index: number): void {
  const rows = from.rows.bytes;
  const verdicts = from.verdicts.bytes;
  const traces = from.traces.bytes;
  const row = index * ROW_SIZE;
  const verdict = index * VERDICT_SIZE;
  const code = verdicts[verdict + VERDICT_CODE]!;
  const answers = verdicts[verdict + VERDICT_ANSWERS]!;
  // What follows a denied opening has the opening's cause.
  key.code = code === DROP_NOT_OPENED ? DROP_NO_RULE : code;
  key.protocol = rows[row + ROW_PROTOCOL]!;
  key.ipv6 = (rows[row + ROW_FLAGS]! & FLAG_IPV6) !== 0;
  if (answers === 0) {
    key.eni = -1;
    key.direction = EGRESS;
    key.port = -1;
    key.rule = -1;
    key.midstream = false;
    return;
  }
  // The second answer is the last word, unless it only says that it does not filter.
  const second = answers === 2 && verdicts[verdict + VERDICT_SECOND + ANSWER_CODE] === code;
  const answer = verdict + (second ? VERDICT_SECOND : VERDICT_FIRST);
  const record = index * TRACE_SIZE + (second ? TRACE_SECOND : 0);
  const direction = verdicts[answer + ANSWER_DIRECTION]!;
  const isKnown = traces[record + CONNECTION_STATE]! !== FREE;
  const isLater = isFragment(traces[record + CONNECTION_STATE]!);
  const opened = isKnown ? traces[record + CONNECTION_DIRECTION]! : direction;
  const follows = isKnown && !isLater && isOfFlow(code, opened !== direction);
  const rule = from.verdicts.words[(answer + ANSWER_RULE) >> 2]!;
  key.eni = from.verdicts.words[(answer + ANSWER_INTERFACE) >> 2]!;
  key.direction = follows ? opened : direction;
  key.rule = rule === NONE ? -1 : rule;
  key.midstream = key.protocol === TCP && !follows && !isBareSyn(rows[row + ROW_TCP_FLAGS]!);
  key.remoteAt = row + (direction === EGRESS ? ROW_DESTINATION : ROW_SOURCE);
  key.port =
    follows && opened !== direction ? portOfOpener(key, from, row, record) : portOf(from, row);
  if (isLater) shareWithFirst(key, code, from, record);
}

function isFragment(state: number): boolean {
  return state === FRAGMENT4 || state === FRAGMENT6;
}

/** CT-18: a later fragment has the cause of its first one, whose port is remembered. */
function shareWithFirst(key: CaseKey, code: number, from: RowViews, record: number): void {
  const port = from.traces.words[(record + CONNECTION_REPLY_RULE) >> 2]!;
  key.midstream = false;
  if (port > 0xffff) return;
  // Of what was not opened, TCP's alone may go the opener's way.
  const isReply = code === DROP_NOT_OPENED && key.protocol !== TCP;
  if (isReply) key.direction ^= 1;
  key.port = isReply && isIcmp(key) ? requestOf(key, port) : port;
}

function isIcmp({ ipv6, protocol }: CaseKey): boolean {
  return protocol === (ipv6 ? ICMPV6 : ICMP);
}

/** ICMP type * 256 + code of the query that a reply answers. */
function requestOf({ ipv6 }: CaseKey, port: number): number {
  const family = ipv6 ? 6 : 4;
  const query = ICMP_QUERIES.find((one) => one.family === family && one.reply === port >> 8);
  return query === undefined ? port : query.request << 8;
}

/** Whether a packet with this code goes by the flow that is remembered; `reply`: it goes the other way. */
function isOfFlow(code: number, reply: boolean): boolean {
  return (
    code === DROP_NOT_OPENED ||
    code === DROP_NO_STATE ||
    code === ALLOW_TRACKED ||
    code === ALLOW_RELATED ||
    (code === DROP_NO_RULE && reply)
  );
}

function portOf({ rows }: RowViews, row: number): number {
  if ((rows.bytes[row + ROW_FLAGS]! & FLAG_TRANSPORT) === 0) return -1;
  return rows.halves[(row + ROW_DESTINATION_PORT) >> 1]!;
}

/** Of the packet that opened the record's flow, the other way. */
function portOfOpener(key: CaseKey, from: RowViews, row: number, record: number): number {
  const port = portOf(from, row);
  if (port < 0) return port;
  if (key.protocol === TCP || key.protocol === UDP) {
    const ports = from.traces.words[(record + CONNECTION_PORTS) >> 2]!;
    const outwards = from.traces.bytes[record + CONNECTION_DIRECTION] === EGRESS;
    return outwards ? ports & 0xffff : ports >>> 16;
  }
  return isIcmp(key) ? requestOf(key, port) : port;
}

function isBareSyn(flags: number): boolean {
  return (flags & (SYN | ACK | RST | FIN)) === SYN;
}
